import Testing

@Suite struct Base64Tests {
    @Test func textIsLookedAt() {
        // `<script>alert(1)</script>`
        #expect(Inspected.value("PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==").contains("xss-tag"))
    }

    @Test(arguments: [
        "SGVsbG9Xb3JsZFRoaXNJc0FCYXNlNjRFbmNvZGVkU3RyaW5n", "AAECAwQFBgcICQ==", "abcd====", "=",
        "dGhpcyBpcyBhIG5vcm1hbCB0ZXh0",
    ])
    func ordinaryTokensPass(_ token: String) {
        #expect(Inspected.value(token) == [])
    }
}
