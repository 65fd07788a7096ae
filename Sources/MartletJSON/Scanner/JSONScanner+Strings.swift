/// Strings and keys (RFC 8259 §7): escapes and UTF-8 are checked here, once, so that nobody who
/// reads them later has to.
extension JSONScanner {
    private enum Step {
        case passed(Int)
        case needsMore
        case failed(JSONError.Reason, at: Int)
    }

    /// - `start`: behind the opening quote.
    @inline(__always)
    mutating func scanString(
        _ bytes: Span<UInt8>, from start: Int, isKey: Bool, isComplete: Bool
    ) -> JSONToken {
        let bytesMax = isKey ? self.limits.keyBytesMax : self.limits.stringBytesMax
        var index = self.stringProgress ?? start
        while true {
            index = Self.endOfPlainBytes(bytes, from: index)
            guard index < bytes.count else { break }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                return self.stringEnded(start..<index, isKey: isKey, bytesMax: bytesMax)
            }
            let step: Step
            if byte == UInt8(ascii: "\\") {
                self.stringHasEscapes = true
                step = Self.passEscape(bytes, at: index)
            } else if byte < 0x20 {
                step = .failed(.controlInString, at: index)
            } else {
                step = Self.passSequences(bytes, at: index)
            }
            switch step {
            case .passed(let next): index = next
            case .failed(let reason, let place): return self.fail(reason, at: place)
            case .needsMore:
                return self.stringStopped(
                    at: index, from: start, isKey: isKey, bytesMax: bytesMax, isComplete)
            }
        }
        return self.stringStopped(
            at: index, from: start, isKey: isKey, bytesMax: bytesMax, isComplete)
    }

    @inline(__always)
    private mutating func stringEnded(
        _ range: Range<Int>, isKey: Bool, bytesMax: Int
    ) -> JSONToken {
        guard range.count <= bytesMax else {
            return self.fail(isKey ? .keyTooLong : .stringTooLong, at: range.lowerBound)
        }
        let hasEscapes = self.stringHasEscapes
        self.stringProgress = nil
        self.stringHasEscapes = false
        return self.token(
            isKey ? .key : .string, at: range.lowerBound, count: range.count,
            isIntricate: hasEscapes)
    }

    /// The bytes end within a string: remembers what is known of it, so that a string that comes in
    /// many pieces is looked at once.
    @inline(never)
    private mutating func stringStopped(
        at index: Int, from start: Int, isKey: Bool, bytesMax: Int, _ isComplete: Bool
    ) -> JSONToken {
        if isComplete { return self.fail(.unexpectedEnd, at: index) }
        guard index &- start <= bytesMax else {
            return self.fail(isKey ? .keyTooLong : .stringTooLong, at: start)
        }
        self.stringProgress = index
        return self.token(.needsMore, at: start)
    }

    /// Passes over visible ASCII but `"` and `\`, eight bytes at a time where there are eight.
    ///
    /// Each test sets the high bit of a byte that it finds, the lowest one for certain; above that
    /// there may be one too many.
    @inline(__always)
    private static func endOfPlainBytes(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits: UInt64 = 0x8080_8080_8080_8080
        let raw = unsafe bytes.bytes
        var index = start
        while raw.byteCount &- index >= 8 {
            // Any eight bytes are a number, and the load is checked against the bounds.
            let word = unsafe UInt64(
                littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5c)
            let found =
                ((word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones) | word) & highBits
            if found != 0 { return index &+ found.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte &- 0x20 >= 0x60 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                return index
            }
            index &+= 1
        }
        return index
    }

    /// Passes over everything up to the next ASCII byte.
    private static func passSequences(_ bytes: Span<UInt8>, at start: Int) -> Step {
        var index = start
        while index < bytes.count, bytes[index] >= 0x80 {
            switch UTF8Sequence.decode(bytes, at: index) {
            case .scalar(_, let byteCount): index &+= byteCount
            case .invalid: return .failed(.invalidUTF8, at: index)
            case .truncated: return index > start ? .passed(index) : .needsMore
            }
        }
        return .passed(index)
    }

    private static func passEscape(_ bytes: Span<UInt8>, at start: Int) -> Step {
        guard start &+ 1 < bytes.count else { return .needsMore }
        switch bytes[start &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return .passed(start &+ 2)
        case UInt8(ascii: "u"): break
        default: return .failed(.invalidEscape, at: start)
        }
        switch JSONEscape.unit(bytes, at: start) {
        case .truncated: return .needsMore
        case .invalid: return .failed(.invalidEscape, at: start)
        case .unit(let unit):
            if unit & 0xfc00 == 0xdc00 { return .failed(.loneSurrogate, at: start) }
            guard unit & 0xfc00 == 0xd800 else { return .passed(start &+ 6) }
        }
        // RFC 8259 §8.2: what a lone surrogate becomes differs from reader to reader.
        switch JSONEscape.unit(bytes, at: start &+ 6) {
        case .truncated: return .needsMore
        case .unit(let unit) where unit & 0xfc00 == 0xdc00: return .passed(start &+ 12)
        case .unit, .invalid: return .failed(.loneSurrogate, at: start)
        }
    }
}
