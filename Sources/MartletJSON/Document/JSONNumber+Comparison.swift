/// Order and division, exact: what is compared as binary fractions elsewhere could pass a limit
/// here that the upstream sees broken.
extension JSONNumber {
    package static func == (left: borrowing JSONNumber, right: borrowing JSONNumber) -> Bool {
        left.order(against: right) == 0
    }

    /// Below, above or 0, as this is less than, more than or as much as `other`.
    package func order(against other: borrowing JSONNumber) -> Int {
        if self.isZero || other.isZero { return self.sign &- other.sign }
        guard self.isNegative == other.isNegative else { return self.sign }
        return self.sign &* self.magnitudeOrder(against: other)
    }

    private var sign: Int { self.isZero ? 0 : self.isNegative ? -1 : 1 }

    private func magnitudeOrder(against other: borrowing JSONNumber) -> Int {
        let power = self.digitCount &+ self.exponent
        let otherPower = other.digitCount &+ other.exponent
        guard power == otherPower else { return power < otherPower ? -1 : 1 }
        for index in 0..<max(self.digitCount, other.digitCount) {
            let (digit, otherDigit) = (self.digit(index), other.digit(index))
            if digit != otherDigit { return digit < otherDigit ? -1 : 1 }
        }
        return 0
    }

    /// Whether this is a whole multiple of `coefficient` × 10^`exponent`, whose coefficient is
    /// neither 0 nor ends in a zero.
    ///
    /// Takes one step a digit and some thirty for the exponent, never a number as long as it.
    package func isMultiple(ofCoefficient coefficient: UInt64, exponent: Int) -> Bool {
        guard !self.isZero else { return true }
        let shift = self.exponent &- exponent
        // The last digit is not 0, so no power of ten can be taken out.
        guard shift >= 0, coefficient > 0 else { return false }
        var remainder: UInt64 = 0
        for index in 0..<self.digitCount {
            let (high, low) = remainder.multipliedFullWidth(by: 10)
            let (sum, carry) = low.addingReportingOverflow(UInt64(self.digit(index)))
            remainder = coefficient.dividingFullWidth((high &+ (carry ? 1 : 0), sum)).remainder
        }
        let power = Self.powerOfTen(shift, modulo: coefficient)
        let product = remainder.multipliedFullWidth(by: power)
        return coefficient.dividingFullWidth(product).remainder == 0
    }

    private static func powerOfTen(_ exponent: Int, modulo: UInt64) -> UInt64 {
        var result = 1 % modulo
        var square = 10 % modulo
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 {
                result = modulo.dividingFullWidth(result.multipliedFullWidth(by: square)).remainder
            }
            square = modulo.dividingFullWidth(square.multipliedFullWidth(by: square)).remainder
            rest &>>= 1
        }
        return result
    }

    /// Appends the one spelling of this value: that of RFC 8785 §3.2.2.3, but with all digits,
    /// where that one rounds to a binary fraction.
    func appendCanonical(to bytes: inout ContiguousArray<UInt8>) {
        guard !self.isZero else { return bytes.append(UInt8(ascii: "0")) }
        if self.isNegative { bytes.append(UInt8(ascii: "-")) }
        let wholeDigits = self.digitCount &+ self.exponent
        if 1...21 ~= wholeDigits {
            self.appendDigits(0..<wholeDigits, to: &bytes)
            guard wholeDigits < self.digitCount else { return }
            bytes.append(UInt8(ascii: "."))
            self.appendDigits(wholeDigits..<self.digitCount, to: &bytes)
        } else if -5...0 ~= wholeDigits {
            bytes.append(contentsOf: "0.".utf8)
            for _ in 0..<(0 &- wholeDigits) { bytes.append(UInt8(ascii: "0")) }
            self.appendDigits(0..<self.digitCount, to: &bytes)
        } else {
            self.appendDigits(0..<1, to: &bytes)
            if self.digitCount > 1 {
                bytes.append(UInt8(ascii: "."))
                self.appendDigits(1..<self.digitCount, to: &bytes)
            }
            bytes.append(contentsOf: wholeDigits > 0 ? "e+".utf8 : "e-".utf8)
            bytes.append(contentsOf: "\((wholeDigits &- 1).magnitude)".utf8)
        }
    }

    private func appendDigits(_ range: Range<Int>, to bytes: inout ContiguousArray<UInt8>) {
        for index in range { bytes.append(self.digit(index) &+ UInt8(ascii: "0")) }
    }
}
