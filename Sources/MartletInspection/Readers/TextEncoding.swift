/// In which of Unicode's encodings a body is, as readers of JSON and XML find out by themselves: by
/// its mark, or by where its first bytes are zero (XML 1.0, appendix F; RFC 4627 §3).
enum TextEncoding {
    case utf8
    case utf16(isBigEndian: Bool)
    case utf32(isBigEndian: Bool)

    /// - Returns: the encoding, and how many bytes its mark has.
    static func find(in body: Span<UInt8>) -> (encoding: TextEncoding, markCount: Int) {
        func starts(_ bytes: [UInt8]) -> Bool {
            guard body.count >= bytes.count else { return false }
            for index in bytes.indices where body[index] != bytes[index] { return false }
            return true
        }
        if starts([0xef, 0xbb, 0xbf]) { return (.utf8, 3) }
        if starts([0, 0, 0xfe, 0xff]) { return (.utf32(isBigEndian: true), 4) }
        if starts([0xff, 0xfe, 0, 0]) { return (.utf32(isBigEndian: false), 4) }
        if starts([0xfe, 0xff]) { return (.utf16(isBigEndian: true), 2) }
        if starts([0xff, 0xfe]) { return (.utf16(isBigEndian: false), 2) }
        guard body.count >= 4 else { return (.utf8, 0) }
        switch (body[0] == 0, body[1] == 0, body[2] == 0, body[3] == 0) {
        case (true, true, true, false): return (.utf32(isBigEndian: true), 0)
        case (false, true, true, true): return (.utf32(isBigEndian: false), 0)
        case (true, false, true, false): return (.utf16(isBigEndian: true), 0)
        case (false, true, false, true): return (.utf16(isBigEndian: false), 0)
        default: return (.utf8, 0)
        }
    }

    /// The text as UTF-8; what is no character becomes U+FFFD.
    ///
    /// At most three bytes for each of two.
    func text(of body: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(body.count)
        switch self {
        case .utf8:
            for index in body.indices { text.append(body[index]) }
            return text
        case .utf16(let isBigEndian):
            var codec = UTF16()
            var all: [UInt16] = []
            all.reserveCapacity(body.count / 2)
            for index in 0..<body.count / 2 {
                all.append(
                    Self.unit(body[2 * index], body[2 * index + 1], isBigEndian: isBigEndian))
            }
            var units = all.makeIterator()
            while true {
                switch codec.decode(&units) {
                case .scalarValue(let scalar): Self.append(scalar, to: &text)
                case .error: Self.append("\u{fffd}", to: &text)
                case .emptyInput: return text
                }
            }
        case .utf32(let isBigEndian):
            for index in 0..<body.count / 4 {
                let first = Self.unit(
                    body[4 * index], body[4 * index + 1], isBigEndian: isBigEndian)
                let second = Self.unit(
                    body[4 * index + 2], body[4 * index + 3], isBigEndian: isBigEndian)
                let (high, low) = isBigEndian ? (first, second) : (second, first)
                let scalar = Unicode.Scalar(UInt32(high) << 16 | UInt32(low))
                Self.append(scalar ?? "\u{fffd}", to: &text)
            }
            return text
        }
    }

    private static func unit(_ first: UInt8, _ second: UInt8, isBigEndian: Bool) -> UInt16 {
        isBigEndian
            ? UInt16(first) << 8 | UInt16(second) : UInt16(second) << 8 | UInt16(first)
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
