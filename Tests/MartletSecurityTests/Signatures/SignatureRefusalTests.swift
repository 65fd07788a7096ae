import MartletSecurity
import Testing

@Suite struct SignatureRefusalTests {
    @Test func namesAreDistinctLabels() {
        let names = SignatureRefusal.allCases.map(\.name.description)
        #expect(Set(names).count == names.count)
        for name in names { #expect(name.allSatisfy { $0.isLowercase || $0 == "_" }) }
    }
}
