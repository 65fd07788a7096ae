/// Words and numbers (RFC 8259 §3, §6).
extension JSONScanner {
    mutating func scanWord(
        _ word: StaticString, _ kind: JSONToken.Kind, _ bytes: Span<UInt8>, at start: Int,
        isComplete: Bool
    ) -> JSONToken {
        let count = word.utf8CodeUnitCount
        let present = min(count, bytes.count &- start)
        let letters = unsafe UnsafeBufferPointer(start: word.utf8Start, count: count)
        for index in 0..<present where unsafe bytes[start &+ index] != letters[index] {
            return self.fail(.invalidLiteral, at: start)
        }
        if present < count { return self.incomplete(bytes, at: start, isComplete: isComplete) }
        return self.token(kind, at: start, count: count)
    }

    /// `[-] int [frac] [exp]`.
    ///
    /// What follows is for the next token to judge.
    mutating func scanNumber(
        _ bytes: Span<UInt8>, from start: Int, isComplete: Bool
    ) -> JSONToken {
        var index = start
        var isIntricate = false
        if bytes[index] == UInt8(ascii: "-") { index &+= 1 }
        let integer = index
        index = Self.endOfDigits(bytes, from: index)
        let digitCount = index &- integer
        if digitCount == 0, index < bytes.count { return self.fail(.invalidNumber, at: start) }
        if digitCount > 1, bytes[integer] == UInt8(ascii: "0") {
            return self.fail(.invalidNumber, at: start)
        }
        if digitCount > 0, index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            isIntricate = true
            let fraction = index &+ 1
            index = Self.endOfDigits(bytes, from: fraction)
            if index == fraction {
                guard index == bytes.count else { return self.fail(.invalidNumber, at: start) }
                return self.incomplete(bytes, at: start, isComplete: isComplete)
            }
        }
        if digitCount > 0, index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isIntricate = true
            index &+= 1
            if index < bytes.count,
                bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-")
            {
                index &+= 1
            }
            let exponent = index
            index = Self.endOfDigits(bytes, from: index)
            if index == exponent {
                guard index == bytes.count else { return self.fail(.invalidNumber, at: start) }
                return self.incomplete(bytes, at: start, isComplete: isComplete)
            }
            if Self.isTooLarge(bytes, exponent..<index) {
                return self.fail(.exponentTooLarge, at: start)
            }
        }
        guard index &- start <= self.limits.numberBytesMax else {
            return self.fail(.numberTooLong, at: start)
        }
        // At the end of what has arrived more digits may come.
        if index == bytes.count, !isComplete || digitCount == 0 {
            return self.incomplete(bytes, at: start, isComplete: isComplete)
        }
        return self.token(.number, at: start, count: index &- start, isIntricate: isIntricate)
    }

    @inline(__always)
    private static func endOfDigits(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 { index &+= 1 }
        return index
    }

    /// More than nine digits: nothing is calculated with such a number, and exponents stay small
    /// enough to be added without overflow.
    private static func isTooLarge(_ bytes: Span<UInt8>, _ digits: Range<Int>) -> Bool {
        var first = digits.lowerBound
        while first < digits.upperBound, bytes[first] == UInt8(ascii: "0") { first &+= 1 }
        return digits.upperBound &- first > 9
    }

    private mutating func incomplete(
        _ bytes: Span<UInt8>, at start: Int, isComplete: Bool
    ) -> JSONToken {
        guard bytes.count &- start <= self.limits.numberBytesMax || isComplete else {
            return self.fail(.numberTooLong, at: start)
        }
        if isComplete { return self.fail(.unexpectedEnd, at: bytes.count) }
        return self.token(.needsMore, at: start)
    }
}
