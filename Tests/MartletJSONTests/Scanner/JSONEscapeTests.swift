import MartletJSON
import Testing

@Suite struct JSONEscapeTests {
    static let decoded: [(String, String)] = [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (#""\u0041\u00e4\u20AC\ud83d\ude00""#, "Aä€😀"),
        (#""a\u0000b""#, "a\0b"),
        (#""\u005c\u0022\u005cn""#, "\\\"\\n"),
        (#""\uffff\ue000""#, "\u{ffff}\u{e000}"),
        (#""ä\n😀""#, "ä\n😀"),
        (#""\\u0041""#, "\\u0041"),
    ]

    @Test(arguments: decoded)
    func decodes(text: String, expected: String) throws {
        let bytes = Array(text.utf8)
        let document = try JSONDocument(bytes.span)
        #expect(String(MartletJSONTests.bytes(document.string(0))) == expected)
    }

    static let encoded: [(String, String)] = [
        ("", #""""#), ("a/b", #""a/b""#), ("\"\\", #""\"\\""#),
        ("\u{8}\t\n\u{c}\r", #""\b\t\n\f\r""#), ("\0\u{1f}\u{7f}ä😀", "\"\\u0000\\u001f\u{7f}ä😀\""),
    ]

    @Test(arguments: encoded)
    func encodes(text: String, expected: String) {
        var bytes: ContiguousArray<UInt8> = []
        let source = Array(text.utf8)
        JSONEscape.appendString(source.span, to: &bytes)
        #expect(String(bytes) == expected)
    }
}
