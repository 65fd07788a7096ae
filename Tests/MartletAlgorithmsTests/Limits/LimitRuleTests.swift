import MartletAlgorithms
import Testing

/// A rule under virtual time, with every request that it let through.
struct RuleRun<Rule: LimitRule> {
    let rule: Rule
    var state: UInt64 = 0
    var admitted: [(time: UInt64, cost: UInt64)] = []

    init(_ rule: Rule) { self.rule = rule }

    /// One day after 1970 when the monotonic clock shows 0.
    static func time(_ nanoseconds: UInt64) -> LimitTime {
        LimitTime(
            monotonic: nanoseconds, wall: 86_400_000_000_000 &+ Int64(clamping: nanoseconds))
    }

    mutating func take(_ cost: UInt64, at nanoseconds: UInt64) -> LimitStanding {
        let moment = self.rule.moment(Self.time(nanoseconds))
        guard let state = self.rule.charged(self.state, cost, moment) else {
            return self.rule.denied(self.state, cost, moment)
        }
        #expect(self.rule.rank(state, moment) >= self.rule.rank(self.state, moment))
        self.state = state
        self.admitted.append((nanoseconds, cost))
        return self.rule.allowed(state, moment)
    }

    /// The most that was let through in any span of `length` nanoseconds, its end not included.
    func greatestSum(within length: UInt64) -> UInt64 {
        var (greatest, sum, first) = (UInt64(0), UInt64(0), 0)
        for admission in self.admitted {
            sum += admission.cost
            while self.admitted[first].time + length <= admission.time {
                sum -= self.admitted[first].cost
                first += 1
            }
            greatest = max(greatest, sum)
        }
        return greatest
    }
}

/// What holds for each rule, whatever comes: none lets more through than it says.
@Suite struct LimitRuleTests {
    static let second: UInt64 = 1_000_000_000

    /// Requests of random cost at random times: bursts, pauses, and a clock that stands still.
    static func run<Rule: LimitRule>(
        _ rule: Rule, scale: UInt64, grain: UInt64 = 1, costMax: UInt64, seed: UInt64
    ) -> RuleRun<Rule> {
        var random = SeededRandom(seed: seed)
        var run = RuleRun(rule)
        var time: UInt64 = 0
        for _ in 0..<3000 {
            switch random.next(below: 8) {
            case 0...3: break
            case 4...6: time += random.next(below: scale / 50)
            default: time += random.next(below: scale * 2)
            }
            let cost = random.next(below: costMax) + 1
            let remaining = run.rule.allowed(run.state, run.rule.moment(RuleRun<Rule>.time(time)))
                .remaining
            let standing = run.take(cost, at: time)
            #expect(standing.isAllowed == (cost <= remaining), "seed \(seed)")
            guard !standing.isAllowed else { continue }
            // Who waits as long as told is let through, and who waits much less is not.
            var other = run
            #expect(other.take(cost, at: time + standing.reset).isAllowed, "seed \(seed)")
            var early = run
            let tooEarly = time + standing.reset - min(standing.reset, scale / 1000 + 2 * grain)
            if tooEarly > time { #expect(!early.take(cost, at: tooEarly).isAllowed) }
        }
        #expect(!run.admitted.isEmpty)
        return run
    }

    @Test(
        arguments: [(100, 60, 100), (1, 1, 1), (7, 3, 20), (1000, 1, 5), (5, 3600, 1)]
            as [(UInt64, UInt64, UInt64)], 1...3 as ClosedRange<UInt64>)
    func tokenBuckets(rate: (UInt64, UInt64, UInt64), seed: UInt64) throws {
        let (tokens, seconds, burst) = rate
        let period = seconds * Self.second
        let rule = try #require(TokenBucket(tokens: tokens, per: period, burst: burst))
        let run = Self.run(
            rule, scale: period / tokens * burst,
            grain: UInt64(Double(period / tokens) / rule.grainsPerToken) + 1,
            costMax: max(1, burst / 3), seed: seed)
        for length in [period / 10, period / 2, period, period * 3] {
            let refill = Double(tokens) * Double(length) / Double(period)
            let bound = Double(burst) + refill + 1 / rule.grainsPerToken
            #expect(Double(run.greatestSum(within: length)) <= bound, "seed \(seed)")
        }
    }

    @Test(
        arguments: [(100, 60), (1, 1), (20, 10), (5, 3600)] as [(UInt64, UInt64)],
        1...3 as ClosedRange<UInt64>)
    func slidingWindows(rate: (UInt64, UInt64), seed: UInt64) throws {
        let (limit, period) = (rate.0, rate.1 * Self.second)
        let rule = try #require(SlidingWindow(limit: limit, per: period))
        let run = Self.run(rule, scale: period, costMax: max(1, limit / 5), seed: seed)
        #expect(run.greatestSum(within: period) <= 2 * limit, "seed \(seed)")
        let windows = Dictionary(grouping: run.admitted) { $0.time / period }
        #expect(windows.values.allSatisfy { $0.reduce(0) { $0 + $1.cost } <= limit })
        // The estimate at each admission, worked out anew in another way.
        for (index, admission) in run.admitted.enumerated() {
            let window = admission.time / period
            let share = 1 - Double(admission.time % period) / Double(period)
            let estimate = run.admitted[...index].reduce(0.0) {
                let back = window - $1.time / period
                return $0 + (back == 0 ? Double($1.cost) : back == 1 ? Double($1.cost) * share : 0)
            }
            #expect(estimate <= Double(limit) + 1e-6, "seed \(seed)")
        }
    }

    @Test(
        arguments: [(.minute, 20), (.hour, 1), (.day, 100)] as [(CalendarPeriod, UInt64)],
        1...3 as ClosedRange<UInt64>)
    func quotas(quota: (CalendarPeriod, UInt64), seed: UInt64) throws {
        let rule = try #require(PeriodQuota(limit: quota.1, per: quota.0))
        let period = try #require(quota.0.seconds) * Self.second
        let run = Self.run(rule, scale: period, costMax: max(1, quota.1 / 5), seed: seed)
        let periods = Dictionary(grouping: run.admitted) { $0.time / period }
        #expect(periods.values.allSatisfy { $0.reduce(0) { $0 + $1.cost } <= quota.1 })
    }
}
