import MartletInspection
import Testing

@Suite struct AttackClassTests {
    @Test func namesAreUnique() {
        let names = AttackClass.allCases.map { "\($0.name)" }
        #expect(Set(names).count == names.count)
    }

    @Test func eachHasARule() {
        for attack in AttackClass.allCases {
            #expect(RuleDefinition.catalogue.contains { $0.attack == attack }, "\(attack)")
        }
    }
}
