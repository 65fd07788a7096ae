import MartletHTTP

/// Writes bytes of unknown making as the inside of a JSON string (RFC 8259 §7).
///
/// The result is valid UTF-8 and holds no control characters, C1 included, so that a log line
/// stays one line and does nothing to a terminal. Invalid UTF-8 becomes `\ufffd`, one for each
/// maximal part of a sequence (Unicode 16, §3.9.6).
enum JSONText {
    static func write(_ text: Span<UInt8>, to cursor: inout ByteCursor) {
        var start = 0
        var index = 0
        while index < text.count {
            index = self.endOfPlainWords(text, from: index)
            guard index < text.count else { break }
            let byte = text[index]
            if byte &- 0x20 < 0x5f, byte != 0x22, byte != 0x5c {
                index &+= 1
                continue
            }
            if byte >= 0x80 {
                let length = self.sequenceLength(text, at: index)
                let isC1 = length == 2 && byte == 0xc2 && text[index &+ 1] < 0xa0
                if length > 0, !isC1 {
                    index &+= length
                    continue
                }
            }
            cursor.write(text.extracting(start..<index))
            index &+= self.writeEscape(text, at: index, to: &cursor)
            start = index
        }
        cursor.write(text.extracting(start..<text.count))
    }

    /// Passes over groups of eight bytes that hold nothing but visible ASCII without `"` and `\`.
    ///
    /// Most of what is logged is that. Each test sets the high bit of a byte it finds, and may set
    /// one too many above a byte found; then the group is looked at byte by byte.
    private static func endOfPlainWords(_ text: Span<UInt8>, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits: UInt64 = 0x8080_8080_8080_8080
        let bytes = unsafe text.bytes
        var index = start
        while text.count &- index >= 8 {
            // Any eight bytes are a number, and the load is checked against the bounds.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5c)
            let delete = word ^ (ones &* 0x7f)
            let found =
                (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones)
                | (delete &- ones) | word
            guard found & highBits == 0 else { return index }
            index &+= 8
        }
        return index
    }

    /// Escapes what stands at `index` and returns how many bytes that were.
    private static func writeEscape(
        _ text: Span<UInt8>, at index: Int, to cursor: inout ByteCursor
    ) -> Int {
        let byte = text[index]
        switch byte {
        case 0x22: cursor.write("\\\"")
        case 0x5c: cursor.write("\\\\")
        case 0x08: cursor.write("\\b")
        case 0x09: cursor.write("\\t")
        case 0x0a: cursor.write("\\n")
        case 0x0c: cursor.write("\\f")
        case 0x0d: cursor.write("\\r")
        case 0..<0x80: self.writeCodeUnit(byte, to: &cursor)
        default:
            if self.sequenceLength(text, at: index) == 2 {
                // C1: the second byte of C2 80–C2 9F is the code point.
                self.writeCodeUnit(text[index &+ 1], to: &cursor)
                return 2
            }
            cursor.write("\\ufffd")
            return self.invalidLength(text, at: index)
        }
        return 1
    }

    private static func writeCodeUnit(_ value: UInt8, to cursor: inout ByteCursor) {
        cursor.write("\\u00")
        cursor.writeByte(self.hexDigit(value &>> 4))
        cursor.writeByte(self.hexDigit(value & 15))
    }

    static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
    }

    /// The length of the well-formed sequence of several bytes at `index`; 0 if it is none.
    static func sequenceLength(_ text: Span<UInt8>, at index: Int) -> Int {
        let (length, second) = self.expectation(of: text[index])
        guard length > 0, text.count &- index >= length, second.contains(text[index &+ 1]) else {
            return 0
        }
        var offset = 2
        while offset < length {
            guard text[index &+ offset] & 0xc0 == 0x80 else { return 0 }
            offset &+= 1
        }
        return length
    }

    /// The length of the ill-formed part at `index` that one replacement stands for.
    private static func invalidLength(_ text: Span<UInt8>, at index: Int) -> Int {
        let (length, second) = self.expectation(of: text[index])
        guard length > 0, index &+ 1 < text.count, second.contains(text[index &+ 1]) else {
            return 1
        }
        var offset = 2
        while offset < length, index &+ offset < text.count,
            text[index &+ offset] & 0xc0 == 0x80
        {
            offset &+= 1
        }
        return offset
    }

    /// Length of a sequence and range of its second byte, by its first (Unicode 16, table 3-7).
    private static func expectation(of first: UInt8) -> (length: Int, second: ClosedRange<UInt8>) {
        switch first {
        case 0xc2...0xdf: (2, 0x80...0xbf)
        case 0xe0: (3, 0xa0...0xbf)
        case 0xed: (3, 0x80...0x9f)
        case 0xe1...0xef: (3, 0x80...0xbf)
        case 0xf0: (4, 0x90...0xbf)
        case 0xf1...0xf3: (4, 0x80...0xbf)
        case 0xf4: (4, 0x80...0x8f)
        default: (0, 0x80...0xbf)
        }
    }
}
