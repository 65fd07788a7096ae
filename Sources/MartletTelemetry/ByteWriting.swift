/// Rendering into byte buffers without making text.
extension Array where Element == UInt8 {
    mutating func append(_ text: StaticString) {
        let buffer = unsafe UnsafeBufferPointer(
            start: text.utf8Start, count: text.utf8CodeUnitCount)
        unsafe self.append(contentsOf: buffer)
    }

    mutating func append(_ span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe self.append(contentsOf: $0) }
    }

    /// Appends a number in decimal.
    mutating func appendDecimal(_ number: UInt64) {
        if number < 10 {
            self.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number))
            return
        }
        // Least digit first from the right end; 20 digits hold any 64-bit number.
        var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        var position = 20
        var rest = number
        while rest > 0, position > 0 {
            position &-= 1
            digits[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        self.append(digits.span.extracting(position..<20))
    }

    /// Appends the lowest `width` digits of a number, with leading zeros; at most 20.
    mutating func appendDigits(_ number: UInt64, width: Int) {
        var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        let first = 20 &- Swift.min(Swift.max(width, 0), 20)
        var position = 20
        var rest = number
        while rest > 0, position > first {
            position &-= 1
            digits[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        self.append(digits.span.extracting(first..<20))
    }

    /// Appends nanoseconds as seconds, without trailing zeros: `0.25`, `3`.
    mutating func appendSeconds(nanoseconds: UInt64) {
        self.appendDecimal(nanoseconds / 1_000_000_000)
        var fraction = nanoseconds % 1_000_000_000
        guard fraction > 0 else { return }
        var width = 9
        while fraction % 10 == 0 {
            fraction /= 10
            width &-= 1
        }
        self.append(UInt8(ascii: "."))
        self.appendDigits(fraction, width: width)
    }

    /// Appends nanoseconds as milliseconds with three decimals: `12.345`.
    mutating func appendMilliseconds(nanoseconds: UInt64) {
        self.appendDecimal(nanoseconds / 1_000_000)
        self.append(UInt8(ascii: "."))
        self.appendDigits(nanoseconds % 1_000_000 / 1000, width: 3)
    }
}
