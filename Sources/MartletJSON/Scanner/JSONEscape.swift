/// Escapes in strings (RFC 8259 §7), both ways.
package enum JSONEscape {
    enum Unit: Equatable {
        case unit(UInt32)
        case invalid
        /// It begins well, but the bytes end.
        case truncated
    }

    /// The number of the `\uXXXX` at `start`.
    static func unit(_ bytes: Span<UInt8>, at start: Int) -> Unit {
        var unit: UInt32 = 0
        for step in 0..<6 {
            guard start &+ step < bytes.count else { return .truncated }
            let byte = bytes[start &+ step]
            switch step {
            case 0: guard byte == UInt8(ascii: "\\") else { return .invalid }
            case 1: guard byte == UInt8(ascii: "u") else { return .invalid }
            default:
                guard let digit = Self.hexadecimal(byte) else { return .invalid }
                unit = unit &<< 4 | UInt32(digit)
            }
        }
        return .unit(unit)
    }

    @inline(__always)
    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }

    /// Appends what the inside of a string stands for.
    ///
    /// It has been through the scanner; what is none of JSON's escapes is taken as it is.
    static func appendDecoded(
        _ bytes: Span<UInt8>, _ range: Range<Int>, to decoded: inout ContiguousArray<UInt8>
    ) {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\"), index &+ 1 < range.upperBound else {
                decoded.append(byte)
                index &+= 1
                continue
            }
            let letter = bytes[index &+ 1]
            guard letter == UInt8(ascii: "u"), case .unit(let unit) = self.unit(bytes, at: index)
            else {
                decoded.append(self.meaning(of: letter))
                index &+= 2
                continue
            }
            index &+= 6
            var scalar = unit
            if unit & 0xfc00 == 0xd800, case .unit(let low) = self.unit(bytes, at: index) {
                scalar = 0x10000 &+ (unit & 0x3ff) &<< 10 &+ low & 0x3ff
                index &+= 6
            }
            UTF8Sequence.append(scalar, to: &decoded)
        }
    }

    private static func meaning(of letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "f"): 12
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "r"): 13
        case UInt8(ascii: "t"): 9
        default: letter
        }
    }

    /// Appends `text`, which is UTF-8, with quotes and with no more escapes than RFC 8259 §7 asks
    /// for, in the spelling of RFC 8785 §3.2.2.2.
    package static func appendString(
        _ text: Span<UInt8>, to bytes: inout ContiguousArray<UInt8>
    ) {
        bytes.append(UInt8(ascii: "\""))
        for index in text.indices {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20: self.appendControl(byte, to: &bytes)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func appendControl(_ byte: UInt8, to bytes: inout ContiguousArray<UInt8>) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 8: bytes.append(UInt8(ascii: "b"))
        case 9: bytes.append(UInt8(ascii: "t"))
        case 10: bytes.append(UInt8(ascii: "n"))
        case 12: bytes.append(UInt8(ascii: "f"))
        case 13: bytes.append(UInt8(ascii: "r"))
        default:
            bytes.append(contentsOf: [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")])
            for nibble in [byte &>> 4, byte & 15] {
                bytes.append(nibble < 10 ? nibble &+ 0x30 : nibble &+ 0x57)
            }
        }
    }
}
