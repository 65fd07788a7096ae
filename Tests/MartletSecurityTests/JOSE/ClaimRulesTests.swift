import MartletJSON
import MartletSecurity
import Testing

@Suite struct ClaimRulesTests {
    static let now: Int64 = 1_800_000_000

    private func check(
        _ claims: String, _ change: (inout ClaimRules) -> Void = { _ in }
    ) throws
        -> TokenRefusal?
    {
        var rules = ClaimRules()
        rules.requiresExpiry = false
        rules.leewaySeconds = 30
        change(&rules)
        return rules.check(try JSONDocument(Array(claims.utf8).span), now: Self.now)
    }

    @Test(arguments: [
        (#"{"exp":1800000001}"#, TokenRefusal?.none),
        (#"{"exp":1799999971}"#, nil),
        (#"{"exp":1799999970}"#, .expired),
        (#"{"exp":1799999970.9}"#, .expired),
        (#"{"exp":1.8e9}"#, nil),
        (#"{"exp":"1800000001"}"#, .claimsMalformed),
        (#"{"exp":null}"#, .claimsMalformed),
        (#"{"exp":1e400}"#, .claimsMalformed),
        (#"{"exp":-1}"#, .expired),
        (#"{"nbf":1800000030}"#, nil),
        (#"{"nbf":1800000031}"#, .notYetValid),
        (#"{"iat":1800000030}"#, nil),
        (#"{"iat":1800000031}"#, .issuedInTheFuture),
        (#"{"iat":[]}"#, .claimsMalformed),
        (#"{"exp":-9223372036854775808}"#, .claimsMalformed),
        (#"{"nbf":-9223372036854775808}"#, .claimsMalformed),
        (#"{"iat":-9223372036854775808}"#, .claimsMalformed),
        ("[]", .claimsMalformed),
    ])
    func times(claims: String, refusal: TokenRefusal?) throws {
        #expect(try self.check(claims) == refusal)
    }

    @Test func anExpiryIsAskedFor() throws {
        #expect(try self.check("{}") { $0.requiresExpiry = true } == .expiryMissing)
    }

    @Test func anAgeIsBounded() throws {
        let rules: (inout ClaimRules) -> Void = { $0.ageSecondsMax = 60 }
        #expect(try self.check(#"{"iat":1799999910}"#, rules) == nil)
        #expect(try self.check(#"{"iat":1799999909}"#, rules) == .tooOld)
        #expect(try self.check("{}", rules) == .claimMissing)
    }

    @Test(arguments: [
        (#"{"iss":"https://a"}"#, TokenRefusal?.none),
        (#"{"iss":"https://a/"}"#, .issuerWrong),
        (#"{"iss":["https://a"]}"#, .issuerWrong),
        (#"{"iss":"https:\/\/a"}"#, nil),
        ("{}", .issuerWrong),
    ])
    func issuers(claims: String, refusal: TokenRefusal?) throws {
        #expect(try self.check(claims) { $0.issuer = Array("https://a".utf8) } == refusal)
    }

    @Test(arguments: [
        (#"{"aud":"api"}"#, TokenRefusal?.none), (#"{"aud":["x","api"]}"#, nil),
        (#"{"aud":["x"]}"#, .audienceWrong), (#"{"aud":[]}"#, .audienceWrong),
        (#"{"aud":"API"}"#, .audienceWrong), (#"{"aud":{"api":1}}"#, .audienceWrong),
        ("{}", .audienceWrong),
    ])
    func audiences(claims: String, refusal: TokenRefusal?) throws {
        #expect(
            try self.check(claims) { $0.audiences = [Array("api".utf8), Array("b".utf8)] }
                == refusal)
    }

    @Test func typesAreCompared() {
        var rules = ClaimRules()
        #expect(rules.checkType(nil) == nil)
        rules.type = Array("at+jwt".utf8)
        #expect(rules.checkType(nil) == .typeWrong)
        #expect(rules.checkType(Array("jwt".utf8)) == .typeWrong)
        #expect(rules.checkType(Array("at+jwt".utf8)) == nil)
    }
}
