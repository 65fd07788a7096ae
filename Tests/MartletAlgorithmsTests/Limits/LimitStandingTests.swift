import MartletAlgorithms
import Testing

@Suite struct LimitStandingTests {
    @Test(
        arguments: [
            (0, 0), (1, 1), (999_999_999, 1), (1_000_000_000, 1), (1_000_000_001, 2),
            (.max, 18_446_744_074),
        ] as [(UInt64, UInt64)])
    func secondsAreNeverEarly(reset: UInt64, seconds: UInt64) {
        let standing = LimitStanding(isAllowed: true, remaining: 0, reset: reset)
        #expect(standing.resetSeconds == seconds)
    }
}
