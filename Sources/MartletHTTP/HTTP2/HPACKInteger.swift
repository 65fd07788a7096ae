/// The integers of HPACK (RFC 7541 §5.1), bounded so that none overflows.
enum HPACKInteger {
    /// More than any length or index that can be right: a table or a block is far smaller.
    static let valueMax = 1 << 28

    /// Reads the integer whose prefix is the low bits of the byte at `position`, which moves
    /// behind it; `nil` if it is not whole, too large, or written longer than any needs to be.
    @inline(__always)
    static func read(
        _ block: Span<UInt8>, at position: inout Int, prefixBits: Int
    ) -> Int? {
        guard position < block.count else { return nil }
        let prefixMax = (1 << prefixBits) - 1
        let value = Int(block[position]) & prefixMax
        position += 1
        return value < prefixMax ? value : self.readRest(block, at: &position, from: value)
    }

    @inline(never)
    private static func readRest(
        _ block: Span<UInt8>, at position: inout Int, from prefix: Int
    ) -> Int? {
        var value = prefix
        // Five groups of seven bits, so that redundant zeros have an end too.
        for shift in stride(from: 0, to: 35, by: 7) {
            guard position < block.count else { return nil }
            let byte = block[position]
            position += 1
            value += Int(byte & 0x7f) << shift
            guard value <= self.valueMax else { return nil }
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    /// Writes an integer behind the bits of `pattern`.
    @inline(__always)
    static func write(
        _ value: Int, pattern: UInt8, prefixBits: Int, to cursor: inout ByteCursor
    ) {
        let prefixMax = (1 << prefixBits) - 1
        guard value >= prefixMax else {
            cursor.writeByte(pattern | UInt8(truncatingIfNeeded: value))
            return
        }
        cursor.writeByte(pattern | UInt8(truncatingIfNeeded: prefixMax))
        var rest = value - prefixMax
        while rest >= 0x80 {
            cursor.writeByte(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        cursor.writeByte(UInt8(truncatingIfNeeded: rest))
    }
}
