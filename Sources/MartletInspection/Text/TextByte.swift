/// What kinds of bytes a value is made of: the first and cheapest question about it.
struct ByteTraits: OptionSet, Sendable {
    let rawValue: UInt32

    static let quote = ByteTraits(rawValue: 1 << 0)  // ' " `
    static let less = ByteTraits(rawValue: 1 << 1)
    static let greater = ByteTraits(rawValue: 1 << 2)
    static let percent = ByteTraits(rawValue: 1 << 3)
    static let dollar = ByteTraits(rawValue: 1 << 4)
    static let parenthesis = ByteTraits(rawValue: 1 << 5)
    static let semicolon = ByteTraits(rawValue: 1 << 6)
    static let pipe = ByteTraits(rawValue: 1 << 7)
    static let ampersand = ByteTraits(rawValue: 1 << 8)
    static let backslash = ByteTraits(rawValue: 1 << 9)
    static let dot = ByteTraits(rawValue: 1 << 10)
    static let slash = ByteTraits(rawValue: 1 << 11)
    static let space = ByteTraits(rawValue: 1 << 12)
    /// Controls, HTAB and line breaks among them.
    static let control = ByteTraits(rawValue: 1 << 13)
    static let high = ByteTraits(rawValue: 1 << 14)
    static let equals = ByteTraits(rawValue: 1 << 15)
    static let plus = ByteTraits(rawValue: 1 << 16)
    static let brace = ByteTraits(rawValue: 1 << 17)
    static let bracket = ByteTraits(rawValue: 1 << 18)
    static let colon = ByteTraits(rawValue: 1 << 19)
    static let tilde = ByteTraits(rawValue: 1 << 20)
    static let comma = ByteTraits(rawValue: 1 << 21)
    static let at = ByteTraits(rawValue: 1 << 22)
    /// Finds `* ? ! # ^`.
    static let mark = ByteTraits(rawValue: 1 << 23)
    static let upper = ByteTraits(rawValue: 1 << 24)
    static let nul = ByteTraits(rawValue: 1 << 25)
    /// Digits, `-`, `_` and small letters leave no trait.
    static let none: ByteTraits = []

    static let table: [UInt32] = (UInt8.min...UInt8.max).map { Self.of($0).rawValue }

    private static func of(_ byte: UInt8) -> ByteTraits {
        switch byte {
        case 0: [.nul, .control]
        case 1..<0x20, 0x7f: .control
        case 0x80...: .high
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .upper
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"): .quote
        case UInt8(ascii: "<"): .less
        case UInt8(ascii: ">"): .greater
        case UInt8(ascii: "%"): .percent
        case UInt8(ascii: "$"): .dollar
        case UInt8(ascii: "("), UInt8(ascii: ")"): .parenthesis
        case UInt8(ascii: ";"): .semicolon
        case UInt8(ascii: "|"): .pipe
        case UInt8(ascii: "&"): .ampersand
        case UInt8(ascii: "\\"): .backslash
        case UInt8(ascii: "."): .dot
        case UInt8(ascii: "/"): .slash
        case UInt8(ascii: " "): .space
        case UInt8(ascii: "="): .equals
        case UInt8(ascii: "+"): .plus
        case UInt8(ascii: "{"), UInt8(ascii: "}"): .brace
        case UInt8(ascii: "["), UInt8(ascii: "]"): .bracket
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "~"): .tilde
        case UInt8(ascii: ","): .comma
        case UInt8(ascii: "@"): .at
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "!"), UInt8(ascii: "#"),
            UInt8(ascii: "^"):
            .mark
        default: .none
        }
    }
}

/// Classes of single bytes, ASCII only; bytes above are letters of some alphabet.
enum TextByte {
    private static let word: UInt8 = 1
    private static let blank: UInt8 = 2
    private static let digit: UInt8 = 4
    private static let letter: UInt8 = 8

    private static let table: [UInt8] = (UInt8.min...UInt8.max).map { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            Self.word | Self.letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Self.word | Self.digit
        case UInt8(ascii: "_"): Self.word
        case 0x80...: Self.word
        case 0, 9...13, 0x20: Self.blank
        default: 0
        }
    }

    /// Letters, digits, `_` and everything above ASCII.
    static func isWord(_ byte: UInt8) -> Bool { Self.table[Int(byte)] & Self.word != 0 }
    /// Space, HTAB, line breaks and NUL, which some readers skip as such.
    static func isBlank(_ byte: UInt8) -> Bool { Self.table[Int(byte)] & Self.blank != 0 }
    static func isDigit(_ byte: UInt8) -> Bool { Self.table[Int(byte)] & Self.digit != 0 }
    static func isLetter(_ byte: UInt8) -> Bool { Self.table[Int(byte)] & Self.letter != 0 }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        0x41...0x5a ~= byte ? byte | 0x20 : byte
    }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }
}
