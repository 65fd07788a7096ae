import MartletSecurity
import Testing

@Suite struct TokenRefusalTests {
    @Test func namesAreDistinctLabels() {
        let names = TokenRefusal.allCases.map(\.name.description)
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.allSatisfy { $0.isLowercase || $0 == "_" }, "\(name)")
        }
    }
}
