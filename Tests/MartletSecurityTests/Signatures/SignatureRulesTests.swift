import MartletSecurity
import Testing

@Suite struct SignatureRulesTests {
    static let now: Int64 = 1_800_000_000

    private func check(_ parameters: String) throws -> SignatureRefusal? {
        let all = #"("@method" "@authority" "@path" "@query")"#
        let signature = try #require(
            try MessageSignatureTests.parse("a=\(all);keyid=\"k\"\(parameters)", "a=:AA==:").first)
        return SignatureRules().check(signature, now: Self.now)
    }

    @Test(
        arguments: [
            ("", SignatureRefusal.createdMissing), (";created=1800000000", nil),
            (";created=1800000030", nil), (";created=1800000031", .createdInTheFuture),
            (";created=1799999670", nil), (";created=1799999669", .tooOld),
            (";created=1800000000;expires=1799999971", nil),
            (";created=1800000000;expires=1799999970", .expired),
            (";created=-999999999999999", .tooOld),
        ] as [(String, SignatureRefusal?)])
    func times(parameters: String, refusal: SignatureRefusal?) throws {
        #expect(try self.check(parameters) == refusal)
    }

    @Test func whatHasToBeCoveredIs() throws {
        let signature = try #require(
            try MessageSignatureTests.parse(
                #"a=("@method" "@authority" "@path");keyid="k";created=1800000000"#, "a=:AA==:"
            ).first)
        #expect(SignatureRules().check(signature, now: Self.now) == .componentNotCovered)
    }
}
