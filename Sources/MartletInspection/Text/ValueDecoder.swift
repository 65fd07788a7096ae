/// What decoding came upon.
struct DecodingTraits: OptionSet, Sendable {
    let rawValue: UInt8

    static let changed = DecodingTraits(rawValue: 1 << 0)
    /// Overlong UTF-8, which hides ASCII from simple readers.
    static let overlong = DecodingTraits(rawValue: 1 << 1)
    /// A letter or digit written as `\u0061` or `%u0061`: nobody needs that.
    static let hiddenLetter = DecodingTraits(rawValue: 1 << 2)
    /// More than one layer of percent encoding.
    static let layered = DecodingTraits(rawValue: 1 << 3)
}

/// Undoes the encodings that something behind the proxy might undo, one layer a call.
///
/// Output is never longer than input: each escape is longer than what it stands for. Both passes
/// are linear.
enum ValueDecoder {
    /// Percent encoding as the container has it, and `+` for a space if `plus`.
    static func decodeContainer(_ text: Span<UInt8>, plus: Bool, into out: inout [UInt8]) {
        out.removeAll(keepingCapacity: true)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "%"), let high = TextByte.hexValue(text.at(index + 1)),
                let low = TextByte.hexValue(text.at(index + 2)), index + 2 < text.count
            {
                out.append(high &<< 4 | low)
                index += 3
            } else {
                out.append(plus && byte == UInt8(ascii: "+") ? 0x20 : byte)
                index += 1
            }
        }
    }

    /// One more layer of everything: percent, `%u`, `\u`, `\x`, entities, overlong UTF-8,
    /// full-width letters, UTF-7.
    static func decodeLayer(_ text: Span<UInt8>, into out: inout [UInt8]) -> DecodingTraits {
        out.removeAll(keepingCapacity: true)
        var traits: DecodingTraits = []
        var index = 0
        let isForm = Self.isForm(text)
        while index < text.count {
            let byte = text[index]
            var escape: Escape?
            switch byte {
            case UInt8(ascii: "%"): escape = Self.percent(text, index)
            case UInt8(ascii: "\\"): escape = Self.backslash(text, index)
            case UInt8(ascii: "&"): escape = CharacterReference.read(text, index)
            case UInt8(ascii: "+"): escape = Self.utf7(text, index)
            case 0xc0, 0xc1, 0xc5, 0xe0, 0xe2, 0xef, 0xf0: escape = Self.wide(text, index)
            default: break
            }
            if let escape, escape.count > 0 {
                Self.append(escape.scalar, &out, before: escape.count)
                traits.formUnion(escape.traits)
                traits.insert(.changed)
                index += escape.count
            } else {
                out.append(isForm && byte == UInt8(ascii: "+") ? 0x20 : byte)
                index += 1
            }
        }
        return traits
    }

    /// Whether `+` means a blank: there are escapes, and no blank of another kind.
    private static func isForm(_ text: Span<UInt8>) -> Bool {
        var hasEscape = false
        for index in text.indices {
            if TextByte.isBlank(text[index]) { return false }
            if text[index] == UInt8(ascii: "%"), TextByte.hexValue(text.at(index + 1)) != nil {
                hasEscape = true
            }
        }
        return hasEscape
    }

    struct Escape {
        var scalar: UInt32
        var count: Int
        var traits: DecodingTraits = []
    }

    private static func append(_ scalar: UInt32, _ out: inout [UInt8], before count: Int) {
        if scalar < 0x100 {
            out.append(UInt8(truncatingIfNeeded: scalar))
        } else if 0xff01...0xff5e ~= scalar {
            // Full-width forms, which some databases fold to ASCII.
            out.append(UInt8(truncatingIfNeeded: scalar &- 0xfee0))
        } else if 0x2018...0x201b ~= scalar || 0x2032 == scalar {
            out.append(UInt8(ascii: "'"))
        } else if scalar == 0x2215 || scalar == 0x2044 {
            out.append(UInt8(ascii: "/"))
        } else if scalar == 0xefc8 || scalar == 0xf025 {
            // For private use; code pages of Windows fit slashes to them.
            out.append(UInt8(ascii: "/"))
        } else if scalar == 0x2216 {
            out.append(UInt8(ascii: "\\"))
        } else {
            // Some letter of no interest; as wide as a letter in UTF-8.
            out.append(0xc3)
            if count > 1 { out.append(0xbf) }
        }
    }

    private static func hex(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> UInt32? {
        guard start + count <= text.count else { return nil }
        var value: UInt32 = 0
        for index in start..<start + count {
            guard let digit = TextByte.hexValue(text[index]) else { return nil }
            value = value &<< 4 | UInt32(digit)
        }
        return value
    }

    private static func hidden(_ scalar: UInt32) -> DecodingTraits {
        scalar < 0x80 && TextByte.isWord(UInt8(scalar)) ? .hiddenLetter : []
    }

    private static func percent(_ text: Span<UInt8>, _ index: Int) -> Escape? {
        if text.at(index + 1) | 0x20 == UInt8(ascii: "u"),
            let scalar = Self.hex(text, index + 2, 4)
        {
            return Escape(scalar: scalar, count: 6, traits: Self.hidden(scalar))
        }
        guard let scalar = Self.hex(text, index + 1, 2) else { return nil }
        return Escape(scalar: scalar, count: 3, traits: .layered)
    }

    private static func backslash(_ text: Span<UInt8>, _ index: Int) -> Escape? {
        switch text.at(index + 1) {
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            if text.at(index + 2) == UInt8(ascii: "{") {
                var end = index + 3
                var scalar: UInt32 = 0
                while end < index + 9, let digit = TextByte.hexValue(text.at(end)) {
                    scalar = scalar &<< 4 | UInt32(digit)
                    end += 1
                }
                guard end > index + 3, text.at(end) == UInt8(ascii: "}") else { return nil }
                return Escape(
                    scalar: scalar, count: end + 1 - index, traits: Self.hidden(scalar))
            }
            guard let scalar = Self.hex(text, index + 2, 4) else { return nil }
            if scalar == 0, Self.isInPattern(text, index, index + 6) { return nil }
            return Escape(scalar: scalar, count: 6, traits: Self.hidden(scalar))
        case UInt8(ascii: "x"):
            guard let scalar = Self.hex(text, index + 2, 2) else { return nil }
            if scalar == 0, Self.isInPattern(text, index, index + 4) { return nil }
            return Escape(scalar: scalar, count: 4)
        default: return nil
        }
    }

    /// `[^\x00]`, `\u0000-\u001f`: a pattern's class of characters names NUL and holds none.
    private static func isInPattern(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let before = text.at(start - 1)
        return before == UInt8(ascii: "[") || before == UInt8(ascii: "^")
            || text.at(end) == UInt8(ascii: "-")
    }

    /// `+ADw-`: one UTF-16 unit in base64 (RFC 2152), as far as it stands for ASCII.
    private static func utf7(_ text: Span<UInt8>, _ index: Int) -> Escape? {
        guard text.at(index + 1) == UInt8(ascii: "A"), text.at(index + 4) == UInt8(ascii: "-"),
            let second = Base64.value(text.at(index + 2)),
            let third = Base64.value(text.at(index + 3)), second < 8
        else { return nil }
        let unit = UInt32(second) &<< 6 | UInt32(third)
        return Escape(scalar: unit &>> 2 & 0x7f, count: 5)
    }

    /// Overlong forms and full-width letters.
    private static func wide(_ text: Span<UInt8>, _ index: Int) -> Escape? {
        let first = text[index]
        let second = UInt32(text.at(index + 1))
        let third = UInt32(text.at(index + 2))
        switch first {
        case 0xc5:
            // The long s, which browsers and databases fold to a plain one.
            guard second == 0xbf else { return nil }
            return Escape(scalar: 0x73, count: 2)
        case 0xc0, 0xc1:
            if second == 0x2e || second == 0x2f || second == 0x5c {
                // No continuation, but there are readers that keep its low bits.
                return Escape(scalar: second, count: 2, traits: .overlong)
            }
            guard second & 0xc0 == 0x80 else { return nil }
            let scalar = UInt32(first & 1) &<< 6 | second & 0x3f
            return Escape(scalar: scalar, count: 2, traits: .overlong)
        case 0xe0:
            guard second == 0x80 || second == 0x81, third & 0xc0 == 0x80 else { return nil }
            return Escape(
                scalar: (second & 1) &<< 6 | third & 0x3f, count: 3, traits: .overlong)
        case 0xe2:
            // Slashes of mathematics, which Windows maps to the ones of paths.
            let scalar = 0x2000 | (second & 0x3f) &<< 6 | third & 0x3f
            // Line ends of JavaScript, which other text has not.
            if scalar == 0x2028 || scalar == 0x2029 { return Escape(scalar: 10, count: 3) }
            guard second & 0xc0 == 0x80, third & 0xc0 == 0x80,
                scalar == 0x2215 || scalar == 0x2216 || scalar == 0x2044
            else { return nil }
            return Escape(scalar: scalar, count: 3)
        case 0xef:
            let scalar = 0xf000 | (second & 0x3f) &<< 6 | third & 0x3f
            guard second & 0xc0 == 0x80, third & 0xc0 == 0x80, 0xff01...0xff5e ~= scalar
            else { return nil }
            return Escape(scalar: scalar, count: 3)
        default:
            let fourth = UInt32(text.at(index + 3))
            guard second == 0x80, third == 0x80 || third == 0x81, fourth & 0xc0 == 0x80
            else { return nil }
            return Escape(
                scalar: (third & 1) &<< 6 | fourth & 0x3f, count: 4, traits: .overlong)
        }
    }
}
