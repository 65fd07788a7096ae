/// Base64 (RFC 4648 §4 and §5), as far as a value may hide text in it.
enum Base64 {
    static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5a: byte &- 0x41
        case 0x61...0x7a: byte &- 0x61 &+ 26
        case 0x30...0x39: byte &- 0x30 &+ 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }

    /// The text that a whole value stands for, or `false` if it stands for none.
    ///
    /// Nothing but printable ASCII and line breaks counts as text: a random token of twelve bytes
    /// is that once in ten thousand, a longer one hardly ever.
    static func decodeText(_ text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        out.removeAll(keepingCapacity: true)
        var end = text.count
        while end > 0, text[end - 1] == UInt8(ascii: "="), text.count - end < 2 { end -= 1 }
        guard text.count >= 12, end % 4 != 1 else { return false }
        var bits: UInt32 = 0
        var count = 0
        for index in 0..<end {
            guard let value = Self.value(text[index]) else { return false }
            bits = bits &<< 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            let byte = UInt8(truncatingIfNeeded: bits &>> UInt32(count))
            guard 0x20..<0x7f ~= byte || 9...13 ~= byte else { return false }
            out.append(byte)
        }
        return true
    }
}
