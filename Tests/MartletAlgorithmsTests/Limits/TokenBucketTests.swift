import MartletAlgorithms
import Testing

@Suite struct TokenBucketTests {
    static let second: UInt64 = 1_000_000_000

    @Test func aFullBucketGivesItsBurstAtOnceAndThenItsRate() throws {
        let rule = try #require(TokenBucket(tokens: 10, per: Self.second, burst: 5))
        var run = RuleRun(rule)
        #expect(
            (0..<6).map { _ in run.take(1, at: 0).isAllowed } == [
                true, true, true, true, true, false,
            ])
        // A tenth of a second a token; a nanosecond on each side, as grains are rounded up.
        #expect(!run.take(1, at: 99_000_000).isAllowed)
        #expect(run.take(1, at: 100_001_000).isAllowed)
        #expect(!run.take(1, at: 100_002_000).isAllowed)
    }

    @Test func standingsSayWhatIsLeftAndWhenItIsBack() throws {
        let rule = try #require(TokenBucket(tokens: 100, per: 60 * Self.second, burst: 100))
        var run = RuleRun(rule)
        let first = run.take(30, at: 0)
        #expect(first.isAllowed && first.remaining == 70 && first.resetSeconds == 19)
        let denied = run.take(71, at: 0)
        #expect(!denied.isAllowed && denied.remaining == 70 && denied.resetSeconds == 1)
        let later = run.take(1, at: 60 * Self.second)
        #expect(later.isAllowed && later.remaining == 99 && later.resetSeconds == 1)
    }

    @Test func whatCostsMoreThanTheBurstIsTurnedAwayAndToldWhenTheBucketIsFull() throws {
        let rule = try #require(TokenBucket(tokens: 1, per: Self.second, burst: 10))
        var run = RuleRun(rule)
        #expect(run.take(10, at: 0).isAllowed)
        for cost in [11, 1 << 40, .max] as [UInt64] {
            let standing = run.take(cost, at: 0)
            #expect(!standing.isAllowed && standing.resetSeconds == 11)
        }
    }

    @Test func timeGoingBackGivesNothing() throws {
        let rule = try #require(TokenBucket(tokens: 1, per: Self.second, burst: 2))
        var run = RuleRun(rule)
        #expect(run.take(2, at: 10 * Self.second).isAllowed)
        #expect(!run.take(1, at: 0).isAllowed)
        #expect(run.take(1, at: 11 * Self.second + 1).isAllowed)
    }

    @Test(
        arguments: [
            (0, 1, 1), (1, 0, 1), (1, 1, 0), (.max, 1, 1), (1, 1, 1), (1, 1 << 40, .max),
            (1 << 63, 1 << 50, 1), (1, 1 << 63, 1 << 53),
        ] as [(UInt64, UInt64, UInt64)])
    func refuses(tokens: UInt64, period: UInt64, burst: UInt64) {
        #expect(TokenBucket(tokens: tokens, per: period, burst: burst) == nil)
    }

    /// Rates from one a month to ten gigabytes a second run without losing or winning anything.
    @Test(
        arguments: [
            (1, 2_592_000), (1, 1), (333, 1), (57_000, 1), (1_000_000, 1), (7_000_000, 1),
            (125_000_000, 1), (10_000_000_000, 1), (7, 13),
        ] as [(UInt64, UInt64)])
    func keepsItsRateForTwentyYears(tokens: UInt64, seconds: UInt64) throws {
        let period = seconds * Self.second
        let rule = try #require(
            TokenBucket(tokens: tokens, per: period, burst: tokens, isCoarse: true))
        #expect(rule.stateBits <= 52)
        for start in [0, 1 << 40, LimitTime.horizon - 10 * period] as [UInt64] {
            var run = RuleRun(rule)
            #expect(run.take(tokens, at: start).isAllowed, "the burst")
            #expect(run.take(tokens, at: start + period + period / 1000 + 1).isAllowed)
            #expect(
                !run.take(tokens / 1000 * 2 + 1, at: start + period + period / 1000 + 2).isAllowed)
        }
    }

    @Test func atTheEndOfItsTimeItTurnsAwayAndDoesNotTrap() throws {
        let rule = try #require(TokenBucket(tokens: 1_000_000, per: Self.second, burst: 10))
        var run = RuleRun(rule)
        #expect(!run.take(1, at: .max).isAllowed)
        #expect(run.take(1, at: .max - 1).resetSeconds < 2)
    }

    /// What was received already is counted whether there is room or not.
    @Test func pacingMakesUpForWhatWasTooMuch() throws {
        let rule = try #require(TokenBucket(tokens: 1000, per: Self.second, burst: 500))
        func moment(_ time: UInt64) -> UInt64 {
            rule.moment(LimitTime(monotonic: time, wall: 0))
        }
        var (state, wait) = rule.paced(0, 500, moment(0))
        #expect(wait == 0)
        (state, wait) = rule.paced(state, 2000, moment(0))
        #expect(1_999_000_000...2_001_000_000 ~= wait)
        (state, wait) = rule.paced(state, 1, moment(wait))
        #expect(wait > 0 && wait < 2_000_000)
        (state, wait) = rule.paced(state, .max, moment(0))
        #expect(wait > 1_000_000_000)
    }

    /// However much was taken, it is paid off in a minute; only one cost may be more than that.
    @Test func whatIsOwedIsBounded() throws {
        let rule = try #require(TokenBucket(tokens: 1000, per: Self.second, burst: 500))
        func moment(_ time: UInt64) -> UInt64 {
            rule.moment(LimitTime(monotonic: time, wall: 0))
        }
        #expect(rule.debt(0, moment(0)) == 0)
        var (state, wait): (UInt64, UInt64) = (0, 0)
        for _ in 0..<100 { (state, wait) = rule.paced(state, 1000, moment(7)) }
        #expect(59_990_000_000...60_010_000_000 ~= wait)
        #expect(rule.debt(state, moment(7)) == wait)
        #expect(29_990_000_000...30_010_000_000 ~= rule.debt(state, moment(30 * Self.second)))
        #expect(rule.debt(state, moment(61 * Self.second)) == 0)
        // A worker whose clock is behind takes nothing back.
        #expect(rule.paced(state, 1, moment(0)).0 == state)
        (state, wait) = rule.paced(state, 90_000, moment(7))
        #expect(89_400_000_000...90_010_000_000 ~= wait)
    }
}
