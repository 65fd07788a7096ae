import MartletSecurity
import Testing

@Suite struct BasicCredentialsTests {
    private func read(_ text: String) -> (String, String)? {
        BasicCredentials(Base64Text.encode(Array(text.utf8).span, .standard).span).map {
            (
                String(decoding: $0.userName, as: UTF8.self),
                String(decoding: $0.password, as: UTF8.self)
            )
        }
    }

    @Test(arguments: [
        ("Aladdin:open sesame", "Aladdin", "open sesame"), ("a:", "a", ""), (":b", "", "b"),
        ("a:b:c", "a", "b:c"), ("test:123£", "test", "123£"),
    ])
    func pairs(text: String, name: String, password: String) {
        let found = self.read(text)
        #expect(found?.0 == name)
        #expect(found?.1 == password)
    }

    @Test(arguments: ["", "abc", "a\n:b", "a:b\u{0}", "a:\u{7f}"])
    func refused(text: String) { #expect(self.read(text) == nil) }

    @Test func otherSpellingsAreRefused() {
        for text in ["YTpi=", "YTpj\n", "YTp", "Y Tpi", "YTp_"] {
            #expect(BasicCredentials(Array(text.utf8)) == nil)
        }
        #expect(self.read("a:" + String(repeating: "b", count: 1023)) == nil)
    }
}
