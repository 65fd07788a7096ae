/// Text in a form (`application/x-www-form-urlencoded`): letters, digits and `-._~` as they are,
/// the rest percent-encoded, which every reader takes.
package enum FormText {
    package static func encode(_ bytes: Span<UInt8>) -> String {
        var text = ""
        for index in bytes.indices {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = Hexadecimal.encode([byte].span).map {
                    0x61...0x66 ~= $0 ? $0 - 32 : $0
                }
                text += "%" + String(decoding: digits, as: UTF8.self)
            }
        }
        return text
    }
}
