import MartletSecurity
import Testing

@Suite struct Base64TextTests {
    private func decode(_ text: String, _ form: Base64Text.Form) -> [UInt8]? {
        Base64Text.decode(Array(text.utf8).span, form)
    }

    @Test func everyLengthComesBack() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 200) }
            for form in [Base64Text.Form.standard, .url] {
                let text = Base64Text.encode(bytes.span, form)
                #expect(Base64Text.decode(text, form) == bytes)
            }
        }
    }

    @Test func vectorsOfRFC4648() {
        for (plain, text) in [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ] {
            #expect(self.decode(text, .standard) == Array(plain.utf8))
            #expect(Base64Text.encode(Array(plain.utf8), .standard) == Array(text.utf8))
            let bare = text.replacing("=", with: "")
            #expect(self.decode(bare, .url) == Array(plain.utf8))
        }
    }

    /// None of these is another spelling of something.
    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Z===", "Zh==", "Zm9", "Zm9=", "Zm9v ", " Zm9v", "Zm9v\n", "Zm-v",
        "Zm_v", "=", "====", "Zg==Zg==", "Zm\u{0}v", "Z=g=",
    ])
    func refusedInStandardForm(text: String) {
        #expect(self.decode(text, .standard) == nil)
    }

    @Test(arguments: ["Zg==", "Zm9v=", "Z", "Zm9vY", "Zh", "AB", "Zm+v", "Zm/v", "Zm9v.", "Zm 9v"])
    func refusedInURLForm(text: String) {
        #expect(self.decode(text, .url) == nil)
    }
}
