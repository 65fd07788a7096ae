/// Base64 in its one canonical spelling (RFC 4648 §3.5, §4, §5), for credentials: two texts never
/// stand for the same bytes, so that a changed text is always another credential.
package enum Base64Text {
    package enum Form: Sendable, BitwiseCopyable {
        /// `+`, `/` and padding.
        case standard
        /// `-`, `_` and no padding (RFC 7515 §2).
        case url
    }

    /// - Returns: `nil` for any byte out of place, wrong padding and bits that stand for nothing.
    package static func decode(_ text: Span<UInt8>, _ form: Form) -> [UInt8]? {
        var count = text.count
        if form == .standard {
            guard count % 4 == 0 else { return nil }
            for _ in 0..<2 where count > 0 && text[count - 1] == UInt8(ascii: "=") { count -= 1 }
        }
        guard count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var bitCount = 0
        for index in 0..<count {
            guard let value = self.value(of: text[index], form) else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            bits &= (1 << UInt32(bitCount)) - 1
        }
        return bits == 0 ? bytes : nil
    }

    package static func encode(_ bytes: Span<UInt8>, _ form: Form) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let rest = min(3, bytes.count - index)
            var bits: UInt32 = 0
            for step in 0..<3 {
                bits = bits << 8 | (step < rest ? UInt32(bytes[index + step]) : 0)
            }
            for step in 0..<4 {
                if step <= rest {
                    text.append(self.symbol(UInt8(bits >> UInt32(18 - 6 * step) & 63), form))
                } else if form == .standard {
                    text.append(UInt8(ascii: "="))
                }
            }
            index += 3
        }
        return text
    }

    private static func value(of byte: UInt8, _ form: Form) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte + 4
        case UInt8(ascii: "+") where form == .standard: 62
        case UInt8(ascii: "/") where form == .standard: 63
        case UInt8(ascii: "-") where form == .url: 62
        case UInt8(ascii: "_") where form == .url: 63
        default: nil
        }
    }

    private static func symbol(_ value: UInt8, _ form: Form) -> UInt8 {
        switch value {
        case 0..<26: value + 65
        case 26..<52: value + 71
        case 52..<62: value - 4
        case 62: form == .standard ? UInt8(ascii: "+") : UInt8(ascii: "-")
        default: form == .standard ? UInt8(ascii: "/") : UInt8(ascii: "_")
        }
    }
}
