import MartletAlgorithms
import Testing

@Suite struct LimitWindowTests {
    @Test(
        arguments: [
            (100, 60, 100, 60), (10, 1, 50, 5), (3, 1, 10, 4), (1_000_000, 1, 1, 1),
            (1, 3600, 24, 86_400),
        ] as [(UInt64, UInt64, UInt64, UInt64)])
    func aTokenBucketsWindowIsWhatFillsIt(
        tokens: UInt64, seconds: UInt64, burst: UInt64, window: UInt64
    ) throws {
        let rule = try #require(
            TokenBucket(tokens: tokens, per: seconds * 1_000_000_000, burst: burst))
        #expect(LimitWindow.tokenBucket(rule).quota == burst)
        #expect(LimitWindow.tokenBucket(rule).seconds == window)
    }

    @Test func slidingWindowsAndQuotas() throws {
        let sliding = LimitWindow.slidingWindow(
            try #require(SlidingWindow(limit: 7, per: 1_500_000_000)))
        #expect(sliding.quota == 7 && sliding.seconds == 2)
        let expected: [UInt64?] = [60, 3600, 86_400, 604_800, nil]
        for (period, seconds) in zip(CalendarPeriod.allCases, expected) {
            let window = LimitWindow.quota(try #require(PeriodQuota(limit: 9, per: period)))
            #expect(window.quota == 9 && window.seconds == seconds)
        }
    }
}
