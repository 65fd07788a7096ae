/// The exact value of a number as it is written (RFC 8259 §6), whatever its length: digits and a
/// power of ten.
///
/// Made from text that went through the scanner; borrows that text.
package struct JSONNumber: ~Escapable {
    private let text: Span<UInt8>
    package let isNegative: Bool
    /// Where the first digit that counts stands, and how many do: none of zero, and no zeros at
    /// either end.
    private let firstDigit: Int
    let digitCount: Int
    /// Where the decimal point stands, or behind the text.
    private let point: Int
    /// The power of ten of the last digit that counts.
    let exponent: Int

    @_lifetime(copy text)
    package init(_ text: Span<UInt8>) {
        self.text = text
        var index = 0
        self.isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        if self.isNegative { index = 1 }
        var point = text.count
        var first = -1
        var last = -1
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                point = index
            } else if byte &- UInt8(ascii: "0") < 10 {
                if byte != UInt8(ascii: "0") {
                    if first < 0 { first = index }
                    last = index
                }
            } else {
                break
            }
            index &+= 1
        }
        let endOfInteger = min(point, index)
        self.point = point
        self.firstDigit = max(first, 0)
        guard first >= 0 else {
            self.digitCount = 0
            self.exponent = 0
            return
        }
        let crossesPoint = first < point && point < last
        self.digitCount = last &- first &+ (crossesPoint ? 0 : 1)
        let power = endOfInteger &- last
        self.exponent = Self.writtenExponent(text, from: index) &+ (power > 0 ? power &- 1 : power)
    }

    /// What follows `e`; the scanner lets no more than nine digits through.
    private static func writtenExponent(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start &+ 1
        guard index < text.count else { return 0 }
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index &+= 1 }
        var exponent = 0
        while index < text.count, exponent < 1 << 32 {
            exponent = exponent &* 10 &+ Int(text[index] &- UInt8(ascii: "0"))
            index &+= 1
        }
        return isNegative ? 0 &- exponent : exponent
    }

    /// The digit at `index`, counted from the first that counts; 0 behind the last.
    @inline(__always)
    func digit(_ index: Int) -> UInt8 {
        guard index < self.digitCount else { return 0 }
        let place = self.firstDigit &+ index
        let isBehindPoint = self.firstDigit < self.point && place >= self.point
        return self.text[isBehindPoint ? place &+ 1 : place] &- UInt8(ascii: "0")
    }

    package var isZero: Bool { self.digitCount == 0 }

    /// Whether it is a whole number: 1.0 and 1e2 are.
    package var isInteger: Bool { self.exponent >= 0 }

    /// The digits as one number, if there are at most 18.
    var coefficient: UInt64? {
        guard self.digitCount <= 18 else { return nil }
        var value: UInt64 = 0
        for index in 0..<self.digitCount { value = value &* 10 &+ UInt64(self.digit(index)) }
        return value
    }

    /// The value, if it is whole and an `Int64` can hold it.
    package var int64: Int64? { self.isInteger ? self.roundedDown : nil }

    /// The greatest whole number that is not above the value, if an `Int64` can hold it.
    package var roundedDown: Int64? {
        let wholeDigits = self.digitCount &+ self.exponent
        guard wholeDigits <= 19 else { return nil }
        var value: Int64 = 0
        for index in 0..<max(0, wholeDigits) {
            // Downwards, as there is one negative number more.
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.subtractingReportingOverflow(Int64(self.digit(index)))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        if self.isNegative {
            guard !self.isInteger else { return value }
            return value == .min ? nil : value &- 1
        }
        return value == .min ? nil : 0 &- value
    }

    var hash: UInt64 {
        var state = UInt64(truncatingIfNeeded: self.exponent)
        for index in 0..<self.digitCount {
            state = JSONHash.mixed(state ^ UInt64(self.digit(index)))
        }
        return self.isNegative && !self.isZero ? ~state : state
    }
}
