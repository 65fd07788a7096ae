import MartletSecurity
import Testing

@Suite struct TokenHeaderTests {
    /// A header that was seen before is still that of this token, and one that was not is read.
    @Test func theLastHeaderIsRemembered() throws {
        var headers = TokenHeaderMemo()
        for (algorithm, key) in [("HS256", "a"), ("HS256", "a"), ("HS384", "a"), ("HS256", "b")] {
            let header = #"{"alg":"\#(algorithm)","kid":"\#(key)"}"#
            let text = SignedToken.hs256(#"{"a":1}"#, header: header)
            let token = try CompactToken(text.span, headers: &headers)
            #expect(token.algorithm == JWSAlgorithm(algorithm))
            #expect(token.keyIdentifier == Array(key.utf8))
        }
        let refused = SignedToken.hs256("{}", header: #"{"alg":"none"}"#)
        for _ in 0..<2 {
            #expect(throws: TokenRefusal.algorithmUnknown) {
                _ = try CompactToken(refused.span, headers: &headers)
            }
        }
    }

    @Test func typesAreComparedWithoutCaseAndPrefix() {
        for text in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt"] {
            #expect(TokenHeader.typeName(Array(text.utf8)) == Array("at+jwt".utf8))
        }
    }
}
