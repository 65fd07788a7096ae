import MartletHTTP

/// The characters that XML takes (XML 1.0 §2.2), as bytes of UTF-8 and as numbers.
enum XMLCharacters {
    /// Whether a text is UTF-8 and all of it characters of XML.
    static func isText(_ text: Span<UInt8>) -> Bool {
        var check = UTF8Check()
        for index in text.indices {
            let byte = text[index]
            guard check.next(byte) else { return false }
            if byte < 0x20, !self.isBlank(byte) { return false }
            // U+FFFE and U+FFFF.
            if byte >= 0xbe, index >= 2, text[index - 1] == 0xbf, text[index - 2] == 0xef {
                return false
            }
        }
        return check.end()
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
    }

    /// Whether a reference may stand for this code point.
    static func isCharacter(_ code: UInt32) -> Bool {
        switch code {
        case 0x09, 0x0a, 0x0d, 0x20...0xd7ff, 0xe000...0xfffd, 0x1_0000...0x10_ffff: true
        default: false
        }
    }
}
