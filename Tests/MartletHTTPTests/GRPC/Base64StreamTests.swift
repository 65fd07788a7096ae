import MartletHTTP
import Testing

@Suite struct Base64StreamTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"), ("\u{0}\u{3f}\u{7f}>?", "AD9/Pj8="),
    ])
    func bothWays(bytes: String, text: String) {
        #expect(Base64Stream.encode(Array(bytes.utf8).span) == Array(text.utf8))
        var stream = Base64Stream()
        var decoded: [UInt8] = []
        let isGood = stream.decode(Array(text.utf8).span, into: &decoded)
        #expect(isGood)
        #expect(stream.isWhole)
        #expect(decoded == Array(bytes.utf8))
    }

    @Test func piecesMayBeCutAnywhereAndPaddedEach() {
        let text = Array("Zg==Zm8=Zm9vYg==".utf8)
        for cut in 0...text.count {
            var stream = Base64Stream()
            var decoded: [UInt8] = []
            let first = stream.decode(Array(text[..<cut]).span, into: &decoded)
            let second = stream.decode(Array(text[cut...]).span, into: &decoded)
            #expect(first && second)
            #expect(decoded == Array("ffofoob".utf8))
        }
    }

    @Test(arguments: ["Z===", "=", "Zg=a", "Z g=", "Zg-_", "Zg==\n"])
    func otherCharactersAreRefused(text: String) {
        var stream = Base64Stream()
        var decoded: [UInt8] = []
        let isGood = stream.decode(Array(text.utf8).span, into: &decoded)
        #expect(!isGood)
    }
}
