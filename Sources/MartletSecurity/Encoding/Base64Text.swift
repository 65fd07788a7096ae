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
        var bytes = [UInt8](repeating: 0, count: count / 4 * 3 + max(0, count % 4 - 1))
        let table = form == .url ? self.urlValues : self.standardValues
        let values = table.span
        var output = bytes.mutableSpan
        // All bits that any byte out of place would set.
        var seen: UInt32 = 0
        var (from, to) = (0, 0)
        while from &+ 4 <= count {
            let first = UInt32(values[Int(text[from])])
            let second = UInt32(values[Int(text[from &+ 1])])
            let third = UInt32(values[Int(text[from &+ 2])])
            let fourth = UInt32(values[Int(text[from &+ 3])])
            seen |= first | second | third | fourth
            let bits = first &<< 18 | second &<< 12 | third &<< 6 | fourth
            output[to] = UInt8(truncatingIfNeeded: bits &>> 16)
            output[to &+ 1] = UInt8(truncatingIfNeeded: bits &>> 8)
            output[to &+ 2] = UInt8(truncatingIfNeeded: bits)
            from &+= 4
            to &+= 3
        }
        var (bits, bitCount) = (UInt32(0), UInt32(0))
        while from < count {
            let value = UInt32(values[Int(text[from])])
            seen |= value
            bits = bits &<< 6 | value
            bitCount &+= 6
            from &+= 1
            guard bitCount >= 8 else { continue }
            bitCount &-= 8
            output[to] = UInt8(truncatingIfNeeded: bits &>> bitCount)
            to &+= 1
        }
        bits &= (1 &<< bitCount) &- 1
        return seen <= 63 && bits == 0 ? bytes : nil
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

    /// What each byte stands for; 255 for those that stand for nothing.
    ///
    /// A table, since the branches that would take its place are as random as the text.
    private static let urlValues = Self.values(.url)
    private static let standardValues = Self.values(.standard)

    private static func values(_ form: Form) -> InlineArray<256, UInt8> {
        InlineArray { self.value(of: UInt8($0), form) ?? 255 }
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
