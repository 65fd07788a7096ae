import MartletSecurity
import Testing

@Suite struct AuthorizationFieldTests {
    private func read(_ text: String) -> (AuthorizationField.Scheme, String)? {
        let bytes = Array(text.utf8)
        guard let field = AuthorizationField(bytes.span) else { return nil }
        return (field.scheme, String(decoding: bytes[field.credentials], as: UTF8.self))
    }

    @Test(arguments: [
        ("Bearer abc", AuthorizationField.Scheme.bearer, "abc"), ("bEARER abc", .bearer, "abc"),
        ("Bearer   abc", .bearer, "abc"), ("Basic YTpi", .basic, "YTpi"),
        ("ApiKey k", .apiKey, "k"), ("DPoP x", .dpop, "x"),
        ("Digest a=b, c=\"d e\"", .other, "a=b, c=\"d e\""), ("Bearers abc", .other, "abc"),
    ])
    func schemes(text: String, scheme: AuthorizationField.Scheme, credentials: String) {
        let found = self.read(text)
        #expect(found?.0 == scheme)
        #expect(found?.1 == credentials)
    }

    @Test(arguments: [
        "", " ", "Bearer", "Bearer ", " Bearer abc", "Bearer a b", "Bearer a\tb", "Bearer\tabc",
        "Bearer a\u{0}", "Bearer \u{7f}", "Bear,er abc", "Bearer ä", "\"Bearer\" abc", "Basic a, b",
    ])
    func refused(text: String) {
        #expect(self.read(text) == nil)
    }
}
