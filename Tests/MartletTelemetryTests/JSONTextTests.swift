import Foundation
import MartletTelemetry
import Testing

/// Through the encoder, whose only use it is: what stands between the quotes of `path`.
@Suite struct JSONTextTests {
    private func escaped(_ bytes: [UInt8]) -> String {
        var line = AccessLogEncoderTests.Line()
        line.path = bytes
        let text = line.text()
        guard let start = text.range(of: "\"path\":\""),
            let end = text.range(of: "\",\"user_agent\"")
        else { return "not found in \(text)" }
        return String(text[start.upperBound..<end.lowerBound])
    }

    @Test(
        arguments: [
            ("a/b c", "a/b c"), ("\"", "\\\""), ("\\", "\\\\"),
            ("\u{8}\t\n\u{c}\r", "\\b\\t\\n\\f\\r"),
            ("\u{0}\u{1f}", "\\u0000\\u001f"), ("\u{7f}", "\\u007f"), ("é", "é"), ("€", "€"),
            ("😀", "😀"), ("\u{80}\u{9f}\u{a0}", "\\u0080\\u009f\u{a0}"), ("x\"", "x\\\""),
        ] as [(String, String)])
    func validText(text: String, expected: String) {
        #expect(self.escaped(Array(text.utf8)) == expected)
    }

    /// One replacement for each maximal part, as Unicode §3.9 recommends.
    @Test(
        arguments: [
            ([0x80], 1), ([0xff, 0xfe], 2), ([0xc0, 0xaf], 2), ([0xe0, 0x80, 0x80], 3),
            ([0xed, 0xa0, 0x80], 3), ([0xf4, 0x90, 0x80, 0x80], 4), ([0xe2, 0x82], 1),
            ([0xf0, 0x9f, 0x98], 1), ([0xf0, 0x9f], 1), ([0xc3], 1), ([0xf5, 0x80], 2),
        ] as [([UInt8], Int)])
    func invalidUTF8(bytes: [UInt8], replacements: Int) {
        let replaced = String(repeating: "\\ufffd", count: replacements)
        #expect(self.escaped(bytes) == replaced)
        #expect(self.escaped([0x61] + bytes + [0x62]) == "a\(replaced)b")
        #expect(String(decoding: bytes, as: UTF8.self).count == replacements)
    }

    /// Bytes are looked at in groups; what needs escaping must be found at every place in one.
    @Test(
        arguments: [
            ([0x00], "\\u0000"), ([0x1f], "\\u001f"), ([0x22], "\\\""), ([0x5c], "\\\\"),
            ([0x7f], "\\u007f"), ([0xff], "\\ufffd"), ([0xc3, 0xa9], "é"), ([0x20], " "),
            ([0x21], "!"), ([0x23], "#"), ([0x5b], "["), ([0x5d], "]"), ([0x7e], "~"),
        ] as [([UInt8], String)])
    func isFoundAtEveryPlace(bytes: [UInt8], expected: String) {
        for count in 0..<20 {
            for position in 0...count {
                let before = [UInt8](repeating: 0x61, count: position)
                let after = [UInt8](repeating: 0x7a, count: count - position)
                #expect(
                    self.escaped(before + bytes + after)
                        == String(decoding: before, as: UTF8.self) + expected
                        + String(decoding: after, as: UTF8.self))
            }
        }
    }
}
