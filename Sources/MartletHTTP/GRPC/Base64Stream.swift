/// Base64 as gRPC-Web's text form uses it: pieces that are padded each for itself, one after the
/// other.
///
/// Keeps the characters of a group that is not whole yet: three at most.
package struct Base64Stream: Sendable, BitwiseCopyable {
    private var group: UInt32 = 0
    private var count = 0
    private var paddingCount = 0

    package init() {}

    /// Nothing of a group is missing.
    package var isWhole: Bool { self.count == 0 }

    /// Decodes one more piece.
    ///
    /// - Returns: `false` if a character does not belong there.
    package mutating func decode(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> Bool {
        for index in text.indices {
            let character = text[index]
            if character == UInt8(ascii: "=") {
                guard self.count >= 2 else { return false }
                self.paddingCount += 1
                self.group <<= 6
            } else {
                guard self.paddingCount == 0, let value = Self.value(character) else {
                    return false
                }
                self.group = self.group << 6 | UInt32(value)
            }
            self.count += 1
            guard self.count == 4 else { continue }
            bytes.append(UInt8(truncatingIfNeeded: self.group >> 16))
            if self.paddingCount < 2 { bytes.append(UInt8(truncatingIfNeeded: self.group >> 8)) }
            if self.paddingCount < 1 { bytes.append(UInt8(truncatingIfNeeded: self.group)) }
            self = Base64Stream()
        }
        return true
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// Encodes one piece, padded.
    package static func encode(_ bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var start = 0
        while start < bytes.count {
            let count = min(3, bytes.count - start)
            var group = 0
            for offset in 0..<3 {
                group = group << 8 | (offset < count ? Int(bytes[start + offset]) : 0)
            }
            for offset in 0..<4 {
                text.append(
                    offset <= count ? self.character(group >> (18 - 6 * offset) & 63) : 0x3d)
            }
            start += 3
        }
        return text
    }

    private static func character(_ value: Int) -> UInt8 {
        switch value {
        case 0..<26: UInt8(value + 65)
        case 26..<52: UInt8(value + 71)
        case 52..<62: UInt8(value - 4)
        case 62: 0x2b
        default: 0x2f
        }
    }
}
