/// A ratio of two whole numbers by which others are multiplied without a division.
///
/// Exact to one part in 2⁶²; where the ratio has no exact form it is the next smaller one, or the
/// next greater one if asked for.
package struct FixedRatio: Sendable, BitwiseCopyable, Equatable {
    private let multiplier: UInt64
    private let shift: UInt64

    /// - `denominator`: not zero; neither is `numerator`.
    package init(_ numerator: UInt64, _ denominator: UInt64, roundedUp: Bool) {
        let width = denominator.bitWidth - denominator.leadingZeroBitCount
        let shift = 63 + width - (numerator.bitWidth - numerator.leadingZeroBitCount)
        let (quotient, rest) = (UInt128(numerator) << UInt128(shift))
            .quotientAndRemainder(dividingBy: UInt128(max(denominator, 1)))
        let isRoundedUp = roundedUp && rest > 0
        self.multiplier = UInt64(clamping: quotient + (isRoundedUp ? 1 : 0))
        self.shift = UInt64(clamping: shift)
    }

    /// `value` times the ratio, rounded down, at most the greatest number there is.
    @inline(__always)
    package func applied(to value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: self.multiplier)
        let whole = UInt128(product.high) &<< 64 | UInt128(product.low)
        return UInt64(clamping: whole &>> UInt128(self.shift))
    }
}
