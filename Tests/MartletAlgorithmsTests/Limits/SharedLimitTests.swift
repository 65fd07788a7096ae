import Dispatch
import MartletAlgorithms
import Testing

@Suite struct SharedLimitTests {
    static let second: UInt64 = 1_000_000_000
    static let start = LimitTime(monotonic: 1000, wall: 86_400 * 1_000_000_000)

    private static func time(_ nanoseconds: UInt64) -> LimitTime {
        LimitTime(
            monotonic: self.start.monotonic + nanoseconds,
            wall: self.start.wall + Int64(nanoseconds))
    }

    private static func limit(_ windows: [LimitWindow?], keysMax: Int? = 1000) throws -> SharedLimit
    {
        let windows = try windows.map { try #require($0) }
        return try #require(
            SharedLimit(
                LimitSettings(name: "l", windows: windows, keysMax: keysMax), at: self.start))
    }

    private static func bucket(_ tokens: UInt64, _ burst: UInt64) -> LimitWindow? {
        TokenBucket(tokens: tokens, per: self.second, burst: burst).map { .tokenBucket($0) }
    }

    private static func daily(_ limit: UInt64) -> LimitWindow? {
        PeriodQuota(limit: limit, per: .day).map { .quota($0) }
    }

    @Test func refusesNoWindowsTooManyAndNoKeys() throws {
        let window = try #require(Self.daily(1))
        for settings in [
            LimitSettings(name: "l", windows: [], keysMax: 1),
            LimitSettings(
                name: "l", windows: [window, window, window, window, window], keysMax: 1),
            LimitSettings(name: "l", windows: [window], keysMax: 0),
        ] {
            #expect(SharedLimit(settings, at: Self.start) == nil)
        }
    }

    @Test func aRequestThatOneWindowTurnsAwayIsChargedInNone() throws {
        let limit = try Self.limit([Self.bucket(1, 3), Self.daily(10)])
        for _ in 0..<3 { #expect(limit.take(7, cost: 1, at: Self.time(0)).isAllowed) }
        for _ in 0..<50 {
            let decision = limit.take(7, cost: 1, at: Self.time(0))
            #expect(!decision.isAllowed && !decision[0].isAllowed)
            #expect(decision[1].isAllowed && decision.retryAfterSeconds == 2)
        }
        let standing = limit.standing(7, cost: 1, at: Self.time(10 * Self.second))
        #expect(standing.count == 2 && standing[1].remaining == 7)
    }

    @Test func theLongestWaitIsTold() throws {
        let limit = try Self.limit([Self.bucket(1, 5), Self.daily(5)])
        for _ in 0..<5 { #expect(limit.take(7, cost: 1, at: Self.time(0)).isAllowed) }
        let decision = limit.take(7, cost: 1, at: Self.time(0))
        #expect(decision.retryAfterSeconds == 86_400)
        #expect(decision[0].resetSeconds <= 2)
    }

    @Test func memoryIsThatOfAllWindows() throws {
        let one = try Self.limit([Self.daily(5)])
        let four = try Self.limit([Self.daily(5), Self.bucket(1, 1), Self.daily(6), Self.daily(7)])
        #expect(four.byteCount == 4 * one.byteCount)
        #expect(one.byteCount <= 16 * 1000 + 128)
    }

    /// Random costs in four windows at once: each one's bound holds.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func allWindowsHoldTogether(seed: UInt64) throws {
        let limit = try Self.limit([
            Self.bucket(10, 20),
            SlidingWindow(limit: 200, per: 60 * Self.second).map { .slidingWindow($0) },
            PeriodQuota(limit: 300, per: .hour).map { .quota($0) }, Self.daily(2000),
        ])
        var random = SeededRandom(seed: seed)
        var run = RuleRun(try #require(PeriodQuota(limit: 1, per: .day)))
        var time: UInt64 = 0
        for _ in 0..<20_000 {
            time += random.next(below: 2 * Self.second)
            let cost = random.next(below: 5) + 1
            if limit.take(seed, cost: cost, at: Self.time(time)).isAllowed {
                run.admitted.append((time, cost))
            }
        }
        #expect(run.greatestSum(within: Self.second) <= 31)
        #expect(run.greatestSum(within: 60 * Self.second) <= 400)
        for (seconds, bound) in [(60, 200), (3600, 300), (86_400, 2000)] as [(UInt64, UInt64)] {
            let periods = Dictionary(grouping: run.admitted) { $0.time / (seconds * Self.second) }
            #expect(periods.values.allSatisfy { $0.reduce(0) { $0 + $1.cost } <= bound })
        }
    }

    /// Real threads and a clock that moves with every request: never above the limit, and not one
    /// percent below it.
    @Test(arguments: [1, 2] as [Int])
    func threadsTogetherGetTheLimit(windowCount: Int) throws {
        let sliding = SlidingWindow(limit: 4000, per: 20 * Self.second / 1000)
        let windows = [Self.bucket(100_000, 1000), sliding.map { .slidingWindow($0) }]
        let limit = try Self.limit(Array(windows.prefix(windowCount)), keysMax: nil)
        let (clock, counts) = (TakenCounts(1), TakenCounts(1))
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<50_000 {
                let microseconds = clock.add(0)
                if limit.take(0, cost: 1, at: Self.time(microseconds * 1000)).isAllowed {
                    counts.add(0)
                }
            }
        }
        // 200 ms at 100 a millisecond, and the burst.
        #expect(counts[0] <= 20_000 + 1000)
        #expect(counts[0] >= (20_000 + 1000) * 99 / 100)
    }

    /// Threads that run out of one window at the same moment, again and again.
    @Test func fewAreChargedInOneWindowAndTurnedAwayByAnother() throws {
        let limit = try Self.limit([Self.daily(100_000), Self.bucket(1_000_000, 10)], keysMax: nil)
        let counts = TakenCounts(1)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for step in 0..<20_000 as Range<UInt64> {
                if limit.take(0, cost: 1, at: Self.time(step * 1000)).isAllowed { counts.add(0) }
            }
        }
        let left = limit.standing(0, cost: 1, at: Self.time(0))[0].remaining
        let charged = 100_000 - Int(left) - 1
        #expect(counts[0] <= 20_000 + 10)
        #expect(charged - counts[0] <= counts[0] / 100, "\(charged) charged, \(counts[0]) allowed")
    }
}
