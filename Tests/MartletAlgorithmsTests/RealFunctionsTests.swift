import MartletAlgorithms
import Testing

@Suite struct RealFunctionsTests {
    @Test func knowsTheUsualValues() {
        #expect(abs(RealFunctions.exponential(1) - 2.718_281_828_459_045) < 1e-14)
        #expect(abs(RealFunctions.logarithm(2) - 0.693_147_180_559_945) < 1e-14)
        #expect(abs(RealFunctions.power(2, 0.5) - 1.414_213_562_373_095) < 1e-14)
    }

    @Test(
        arguments: [
            (0, 0), (1, 3), (3, 1), (-2, -700), (-.infinity, 1), (1, -.infinity),
        ] as [(Double, Double)])
    func addsWhatLogarithmsStandFor(first: Double, second: Double) {
        let sum = RealFunctions.exponential(first) + RealFunctions.exponential(second)
        let logarithm = RealFunctions.logarithmOfSum(first, second)
        #expect(abs(logarithm - RealFunctions.logarithm(sum)) < 1e-12)
    }

    @Test func addsBeyondTheRangeOfNumbers() {
        #expect(abs(RealFunctions.logarithmOfSum(1000, 1000) - 1000.693_147_180_559_9) < 1e-9)
        #expect(RealFunctions.logarithmOfSum(-.infinity, -.infinity) == -.infinity)
    }

    @Test(
        arguments: [
            (.nan, 0), (-1, 0), (-.infinity, 0), (0, 0), (0.9, 0), (1.9, 1),
            (18_446_744_073_709_551_616, .max), (.infinity, .max), (1e300, .max),
        ] as [(Double, UInt64)])
    func clampsToIntegers(value: Double, expected: UInt64) {
        #expect(value.clampedToUInt64 == expected)
    }
}
