import MartletSecurity
import Testing

@Suite struct ChallengeTests {
    @Test func asTheRFCsWriteThem() {
        #expect(Challenge.bearer(realm: "example") == #"Bearer realm="example""#)
        #expect(
            Challenge.bearer(realm: "example", error: .invalidToken)
                == #"Bearer realm="example", error="invalid_token""#)
        #expect(
            Challenge.bearer(
                realm: "a", error: .insufficientScope, scope: "x y",
                resourceMetadata: "https://a/.well-known/oauth-protected-resource")
                == #"Bearer realm="a", error="insufficient_scope", scope="x y", "#
                + #"resource_metadata="https://a/.well-known/oauth-protected-resource""#)
        #expect(
            Challenge.basic(realm: "WallyWorld") == #"Basic realm="WallyWorld", charset="UTF-8""#)
    }

    @Test func nothingEndsTheQuotes() {
        #expect(Challenge.quoted("a\"b\\c\r\nd") == #""a\"b\\cd""#)
    }
}
