import MartletSecurity
import Testing

@Suite struct TokenIssuerTests {
    static let now: Int64 = 1_800_000_000
    static let keys = KeySet([.secret(SignedToken.secret)], version: 1)
    static let claims = #"{"iss":"me","exp":1800000100}"#

    private static func issuer(_ algorithms: [JWSAlgorithm] = [.hs256]) -> TokenIssuer {
        var rules = ClaimRules()
        rules.issuer = Array("me".utf8)
        return TokenIssuer(name: "corp", rules: rules, algorithms: algorithms)
    }

    private func check(
        _ text: [UInt8], _ issuer: TokenIssuer = Self.issuer(), keys: KeySet? = Self.keys
    ) throws -> TokenRefusal? {
        let token = try CompactToken(text.span)
        return issuer.check(
            token, claims: try TokenIssuer.claims(of: token), keys: keys, now: Self.now)
    }

    @Test func aGoodTokenIsTaken() throws {
        #expect(try self.check(SignedToken.hs256(Self.claims)) == nil)
    }

    @Test func theAlgorithmMustBeOneOfTheIssuers() throws {
        let refusal = try self.check(SignedToken.hs256(Self.claims), Self.issuer([.rs256, .hs512]))
        #expect(refusal == .algorithmNotAllowed)
    }

    @Test func withoutKeysNothingIsTaken() throws {
        #expect(try self.check(SignedToken.hs256(Self.claims), keys: nil) == .keysMissing)
    }

    @Test func theSignatureIsCheckedBeforeTheClaims() throws {
        let forged = SignedToken.hs256(
            #"{"iss":"me","exp":1}"#, secret: [UInt8](repeating: 9, count: 32))
        #expect(try self.check(forged) == .signatureInvalid)
    }

    @Test func aKeyThatIsNotThereMayBeNew() throws {
        let token = SignedToken.hs256(
            Self.claims, header: #"{"alg":"HS256","kid":"new"}"#,
            secret: [UInt8](repeating: 9, count: 32))
        #expect(try self.check(token) == .keyUnknown)
    }

    @Test func aKeyWithoutANameIsTriedForEveryName() throws {
        let token = SignedToken.hs256(Self.claims, header: #"{"alg":"HS256","kid":"any"}"#)
        #expect(try self.check(token) == nil)
    }

    @Test(arguments: ["", "[]", #"{"a":1,"a":2}"#, #"{"a":"#, "\u{feff}{}"])
    func payloadsThatAreNoClaims(text: String) throws {
        let token = try CompactToken(SignedToken.hs256(text).span)
        #expect(throws: TokenRefusal.claimsMalformed) { try TokenIssuer.claims(of: token) }
    }
}
