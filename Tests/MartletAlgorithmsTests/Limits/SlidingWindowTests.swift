import MartletAlgorithms
import Testing

@Suite struct SlidingWindowTests {
    static let minute: UInt64 = 60_000_000_000

    private func run(_ limit: UInt64) throws -> RuleRun<SlidingWindow> {
        RuleRun(try #require(SlidingWindow(limit: limit, per: Self.minute)))
    }

    @Test func theLastWindowCountsByTheShareThatIsStillCovered() throws {
        var run = try self.run(100)
        #expect(run.take(100, at: Self.minute - 1).isAllowed)
        #expect(!run.take(1, at: Self.minute).isAllowed)
        // A quarter of the way, three quarters of the last window count.
        #expect(!run.take(26, at: Self.minute * 5 / 4).isAllowed)
        let standing = run.take(25, at: Self.minute * 5 / 4)
        #expect(standing.isAllowed && standing.remaining == 0 && standing.resetSeconds == 105)
        #expect(run.take(74, at: Self.minute * 2 - 1).remaining == 0, "one is a share, rounded up")
        #expect(!run.take(1, at: Self.minute * 2 - 1).isAllowed)
    }

    /// What is told of the limit is when all of it is there again.
    @Test func theResetIsWhenNothingCountsAnyMore() throws {
        var run = try self.run(3)
        let standing = run.take(3, at: Self.minute / 2)
        #expect(standing.remaining == 0 && standing.resetSeconds == 90)
        #expect(!run.take(3, at: Self.minute / 2 + 89 * Self.minute / 60).isAllowed)
        #expect(run.take(3, at: Self.minute / 2 + 90 * Self.minute / 60).isAllowed)
    }

    /// The worst there is: a full window at its end, and the next one filled as it comes free.
    @Test func aSpanOfOneWindowHoldsTwiceTheLimitAtWorst() throws {
        var run = try self.run(1000)
        for _ in 0..<1000 { _ = run.take(1, at: Self.minute - 1) }
        for step in 0..<2000 as Range<UInt64> {
            _ = run.take(1, at: Self.minute + step * Self.minute / 2000)
        }
        let greatest = run.greatestSum(within: Self.minute)
        #expect(greatest > 1900 && greatest <= 2000)
    }

    /// Steady traffic above the limit is cut to the limit.
    @Test func steadyTrafficGetsTheLimit() throws {
        var run = try self.run(600)
        for step in 0..<12_000 as Range<UInt64> { _ = run.take(1, at: step * Self.minute / 1200) }
        let count = run.admitted.filter { $0.time >= Self.minute * 2 }.count
        #expect(4700...4900 ~= count, "8 windows with 600 each")
    }

    @Test func aPauseOfTwoWindowsForgets() throws {
        var run = try self.run(10)
        #expect(run.take(10, at: 0).isAllowed)
        #expect(run.take(10, at: 2 * Self.minute).isAllowed)
        #expect(!run.take(1, at: 2 * Self.minute).isAllowed)
        #expect(run.take(10, at: 1_000_000 * Self.minute).isAllowed)
    }

    /// A worker whose clock is behind charges the window that another one has begun.
    @Test func aClockThatIsBehindOpensNoOldWindow() throws {
        var run = try self.run(10)
        #expect(run.take(10, at: 3 * Self.minute).isAllowed)
        #expect(!run.take(1, at: 3 * Self.minute - 1).isAllowed)
        #expect(!run.take(1, at: 2 * Self.minute).isAllowed)
        #expect(!run.take(1, at: 3 * Self.minute).isAllowed)
    }

    @Test func mergingIsAsStrictAsBoth() throws {
        let rule = try #require(SlidingWindow(limit: 100, per: Self.minute))
        func moment(_ time: UInt64) -> SlidingWindow.Moment {
            rule.moment(LimitTime(monotonic: time, wall: 0))
        }
        let early = try #require(rule.charged(0, 70, moment(0)))
        let late = try #require(rule.charged(0, 20, moment(Self.minute)))
        for merged in [
            rule.merged(early, late, moment(Self.minute)),
            rule.merged(late, early, moment(Self.minute)),
            // Seen by a clock that is behind.
            rule.merged(early, late, moment(Self.minute - 1)),
        ] {
            #expect(rule.allowed(merged, moment(Self.minute)).remaining <= 30)
            #expect(rule.rank(merged, moment(Self.minute)) >= rule.rank(late, moment(Self.minute)))
        }
        #expect(rule.isIdle(0, moment(0)) && !rule.isIdle(late, moment(Self.minute)))
        #expect(rule.isIdle(early, moment(2 * Self.minute)))
    }

    @Test(
        arguments: [
            (0, 60, 52, false), (1, 0, 52, false), (1 << 20, 60, 52, false),
            (1 << 20 - 1, 60, 52, true),
            (1 << 26, 60, 64, false), (1 << 26 - 1, 60, 64, true), (.max, 60, 64, false),
        ] as [(UInt64, UInt64, Int, Bool)])
    func bounds(limit: UInt64, seconds: UInt64, bits: Int, isTaken: Bool) {
        let rule = SlidingWindow(limit: limit, per: seconds * 1_000_000_000, stateBitsMax: bits)
        #expect((rule != nil) == isTaken)
        if let rule { #expect(rule.stateBits <= bits) }
    }

    @Test func theGreatestNumbersDoNotTrap() throws {
        var run = RuleRun(try #require(SlidingWindow(limit: 1 << 20 - 1, per: .max)))
        #expect(run.take(1 << 20 - 1, at: .max).isAllowed)
        #expect(!run.take(.max, at: .max - 1).isAllowed)
        #expect(!run.take(.max, at: 0).isAllowed)
    }
}
