import MartletAlgorithms
import Testing

@Suite struct FixedRatioTests {
    @Test(
        arguments: [
            (1, 1), (1, 3), (3, 1), (1000, 1_000_000_000), (1, .max), (.max, 1), (.max, .max),
            (1 << 63, 3), (7, 1 << 63), (100 << 13, 60_000_000_000), (1, 2_592_000_000_000_000),
        ] as [(UInt64, UInt64)])
    func isWithinOnePartIn2To62(numerator: UInt64, denominator: UInt64) {
        let down = FixedRatio(numerator, denominator, roundedUp: false)
        let up = FixedRatio(numerator, denominator, roundedUp: true)
        for value in [0, 1, 2, 3, 999, 1_000_000_007, 1 << 40, 1 << 59, .max] as [UInt64] {
            // Larger products do not fit into what the test calculates with.
            guard value.leadingZeroBitCount + numerator.leadingZeroBitCount >= 1 else { continue }
            let exact = UInt128(value) * UInt128(numerator) / UInt128(denominator)
            let slack = exact >> 62 + 1
            let (low, high) = (UInt128(down.applied(to: value)), UInt128(up.applied(to: value)))
            guard exact < UInt128(UInt64.max) - slack else {
                #expect(high >= UInt128(UInt64.max) - slack)
                continue
            }
            #expect(low <= exact && exact - low <= slack)
            #expect(high >= low && high <= exact + slack)
        }
    }

    @Test func whatDoesNotFitIsTheGreatestNumber() {
        #expect(FixedRatio(.max, 1, roundedUp: false).applied(to: .max) == .max)
        #expect(FixedRatio(1 << 40, 1, roundedUp: true).applied(to: 1 << 40) == .max)
    }
}
