/// The well-formed sequences of UTF-8 (RFC 3629 §4; Unicode 16, table 3-7).
package enum UTF8Sequence {
    package enum Outcome: BitwiseCopyable, Equatable {
        /// A scalar of so many bytes.
        case scalar(UInt32, byteCount: Int)
        case invalid
        /// Well-formed so far, but the bytes end.
        case truncated
    }

    /// The sequence that begins at `index`, which is within the bytes.
    @inline(__always)
    package static func decode(_ bytes: Span<UInt8>, at index: Int) -> Outcome {
        let first = bytes[index]
        if first < 0x80 { return .scalar(UInt32(first), byteCount: 1) }
        return self.decodeLong(bytes, at: index, first: first)
    }

    private static func decodeLong(
        _ bytes: Span<UInt8>, at index: Int, first: UInt8
    ) -> Outcome {
        let byteCount: Int
        // What the second byte may be keeps overlong forms, surrogates and numbers above U+10FFFF
        // out; the others are any continuation byte.
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case 0xc2...0xdf: byteCount = 2
        case 0xe0...0xef:
            byteCount = 3
            if first == 0xe0 { second = 0xa0...0xbf }
            if first == 0xed { second = 0x80...0x9f }
        case 0xf0...0xf4:
            byteCount = 4
            if first == 0xf0 { second = 0x90...0xbf }
            if first == 0xf4 { second = 0x80...0x8f }
        default: return .invalid
        }
        var scalar = UInt32(first) & (0x7f &>> UInt32(byteCount))
        for step in 1..<byteCount {
            guard index &+ step < bytes.count else { return .truncated }
            let byte = bytes[index &+ step]
            guard (step == 1 ? second : 0x80...0xbf).contains(byte) else { return .invalid }
            scalar = scalar &<< 6 | UInt32(byte & 0x3f)
        }
        return .scalar(scalar, byteCount: byteCount)
    }

    /// Writes a scalar, which is none of the surrogates, as UTF-8.
    package static func append(_ scalar: UInt32, to bytes: inout ContiguousArray<UInt8>) {
        func continuation(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(scalar &>> shift & 0x3f) }
        switch scalar {
        case 0..<0x80: bytes.append(UInt8(scalar))
        case 0x80..<0x800:
            bytes.append(0xc0 | UInt8(scalar &>> 6))
            bytes.append(continuation(0))
        case 0x800..<0x10000:
            bytes.append(0xe0 | UInt8(scalar &>> 12))
            bytes.append(continuation(6))
            bytes.append(continuation(0))
        default:
            bytes.append(0xf0 | UInt8(scalar &>> 18 & 7))
            bytes.append(continuation(12))
            bytes.append(continuation(6))
            bytes.append(continuation(0))
        }
    }
}
