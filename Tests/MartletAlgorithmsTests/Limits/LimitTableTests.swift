import Dispatch
import MartletAlgorithms
import Testing

/// Counters of many keys: what they let through, when the table is large enough and when it is not.
@Suite struct LimitTableTests {
    static let second: UInt64 = 1_000_000_000

    private static func time(_ nanoseconds: UInt64) -> LimitTime {
        LimitTime(monotonic: 5 + nanoseconds, wall: Int64(nanoseconds))
    }

    private static func table<Rule: LimitRule>(
        _ rule: Rule?, keysMax: Int?
    ) throws -> LimitTable<Rule> {
        let rule = try #require(rule)
        return try #require(LimitTable(rule: rule, keysMax: keysMax, at: Self.time(0)))
    }

    private static func take<Rule: LimitRule>(
        _ table: LimitTable<Rule>, _ key: UInt64, _ cost: UInt64 = 1, at nanoseconds: UInt64
    ) -> LimitStanding {
        table.take(key, cost: cost, table.moment(self.time(nanoseconds)))
    }

    /// A hash for each of some keys.
    private static func keys(_ count: Int, seed: UInt64 = 1) -> [UInt64] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in random.next() }
    }

    @Test func keysAreCountedApart() throws {
        let table = try Self.table(
            TokenBucket(tokens: 1, per: Self.second, burst: 3), keysMax: 1000)
        for key in Self.keys(100) {
            let standings = (0..<4).map { _ in Self.take(table, key, at: 7).isAllowed }
            #expect(standings == [true, true, true, false])
        }
    }

    @Test func withoutKeysAllShareOneBucketInOneLine() throws {
        let table = try Self.table(PeriodQuota(limit: 50, per: .day), keysMax: nil)
        #expect(table.byteCount == 64)
        let allowed = Self.keys(100).filter { Self.take(table, $0, at: 7).isAllowed }
        #expect(allowed.count == 50)
    }

    @Test func askingSpendsNothing() throws {
        let table = try Self.table(PeriodQuota(limit: 2, per: .day), keysMax: 10)
        let moment = table.moment(Self.time(7))
        for _ in 0..<5 { #expect(table.standing(9, cost: 2, moment).isAllowed) }
        #expect(Self.take(table, 9, 2, at: 7).isAllowed)
        #expect(!table.standing(9, cost: 1, moment).isAllowed)
    }

    /// Far more keys than there is room for: whoever has spent nothing owes nothing, and who has
    /// spent the most is remembered the longest.
    @Test func nobodyOwesWhatWasForgotten() throws {
        let bucket = try #require(TokenBucket(tokens: 3, per: 600 * Self.second, burst: 3))
        let table = try #require(
            LimitTable(rule: bucket, keysMax: 100, at: Self.time(0), forgetsEvicted: true))
        for _ in 0..<3 { _ = Self.take(table, 77, at: 7) }
        for key in Self.keys(5000) { _ = Self.take(table, key, at: 8) }
        let moment = table.moment(Self.time(9))
        #expect(!table.standing(77, cost: 1, moment).isAllowed)
        for key in Self.keys(500, seed: 2) {
            #expect(table.standing(key, cost: 3, moment).isAllowed)
            #expect(Self.take(table, key, 3, at: 9).isAllowed)
        }
    }

    /// Who gives way while it is counted is told of; who had spent nothing any more is not.
    @Test func busyKeysThatGiveWayAreCounted() throws {
        let bucket = try Self.table(
            TokenBucket(tokens: 1, per: Self.second, burst: 3), keysMax: 4)
        let sliding = try Self.table(SlidingWindow(limit: 3, per: Self.second), keysMax: 4)
        let keys = Self.keys(64)
        for key in keys {
            _ = Self.take(bucket, key, at: 7)
            _ = Self.take(sliding, key, at: 7)
        }
        let (first, second) = (bucket.evictionCount, sliding.evictionCount)
        #expect(first > 0 && second > 0)
        for key in keys.suffix(1) { _ = Self.take(bucket, key, at: 7) }
        #expect(bucket.evictionCount == first)
        // All are idle by now.
        for (index, key) in keys.enumerated() {
            let time = (100 + 10 * UInt64(index)) * Self.second
            _ = Self.take(bucket, key, at: time)
            _ = Self.take(sliding, key, at: time)
        }
        #expect(bucket.evictionCount == first && sliding.evictionCount == second)
    }

    /// Far more keys than there is room for: still nobody gets more than the rule gives one alone.
    ///
    /// It fails at once if a key that was evicted may begin anew.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func nobodyGetsMoreInACrowdedTable(seed: UInt64) throws {
        let bucket = TokenBucket(tokens: 5, per: Self.second, burst: 10)
        let sliding = SlidingWindow(limit: 10, per: Self.second)
        let minutes = PeriodQuota(limit: 10, per: .minute)
        try Self.crowd(bucket, seed: seed) { run in
            for length in [Self.second / 2, Self.second, 4 * Self.second] {
                #expect(run.greatestSum(within: length) <= 10 + 5 * length / Self.second + 1)
            }
        }
        try Self.crowd(sliding, seed: seed) { run in
            let windows = Dictionary(grouping: run.admitted) { $0.time / Self.second }
            for (window, admitted) in windows {
                let sum = admitted.reduce(0) { $0 + $1.cost }
                #expect(sum <= 10, "seed \(seed)")
                // The first quarter of a window still has three quarters of the last one.
                let early = admitted.filter { $0.time % Self.second < Self.second / 4 }
                let last = windows[window &- 1]?.reduce(0) { $0 + $1.cost } ?? 0
                let bound = 10 - min(10, last * 3 / 4)
                #expect(early.reduce(0) { $0 + $1.cost } <= bound, "seed \(seed)")
            }
        }
        try Self.crowd(minutes, seed: seed) { run in
            let periods = Dictionary(grouping: run.admitted) { $0.time / (60 * Self.second) }
            #expect(periods.values.allSatisfy { $0.reduce(0) { $0 + $1.cost } <= 10 })
        }
    }

    /// A few busy keys and many others in two or three lines, over virtual minutes.
    private static func crowd<Rule: LimitRule>(
        _ rule: Rule?, seed: UInt64, check: (RuleRun<Rule>) -> Void
    ) throws {
        let table = try self.table(rule, keysMax: 8)
        #expect(table.byteCount == 192)
        let keys = self.keys(200, seed: seed)
        var random = SeededRandom(seed: seed)
        var runs: [RuleRun<Rule>] = []
        for _ in keys { runs.append(RuleRun(table.rule)) }
        var time: UInt64 = 0
        for _ in 0..<15_000 {
            time += random.next(below: self.second / 100)
            // Half of the requests come from ten keys.
            let bound: UInt64 = random.next() & 1 == 0 ? 10 : UInt64(keys.count)
            let index = Int(random.next(below: bound))
            let cost = random.next(below: 3) + 1
            if self.take(table, keys[index], cost, at: time).isAllowed {
                runs[index].admitted.append((time, cost))
            }
        }
        #expect(runs[..<10].allSatisfy { !$0.admitted.isEmpty }, "the busy ones get something")
        for run in runs { check(run) }
    }

    /// A million keys in 16 bytes each, and as many again for what stays free.
    @Test func aMillionKeysInTheirBound() throws {
        let keysMax = 1_000_000
        let table = try Self.table(PeriodQuota(limit: 1, per: .day), keysMax: keysMax)
        #expect(table.byteCount <= 16 * keysMax + 128)
        let keys = Self.keys(keysMax)
        var missing = 0
        for key in keys where !Self.take(table, key, at: 7).isAllowed { missing += 1 }
        // Those for whom all eight words of their line were taken.
        #expect(missing < keysMax / 50, "\(missing) of \(keysMax)")
        // None has anything left.
        #expect(!keys.contains { Self.take(table, $0, at: 7).isAllowed })
    }

    /// Ten times as many keys as there is room for, each seen once: who comes often keeps his.
    @Test func aFloodOfKeysTakesLittleFromTheOthers() throws {
        let table = try Self.table(
            TokenBucket(tokens: 100, per: Self.second, burst: 100), keysMax: 1000)
        let steady = Self.keys(50)
        var flood = SeededRandom(seed: 2)
        var (asked, allowed) = (0, 0)
        for step in 0..<10_000 as Range<UInt64> {
            let time = step * Self.second / 1000
            _ = Self.take(table, flood.next(), at: time)
            asked += 1
            if Self.take(table, steady[Int(step % 50)], at: time).isAllowed { allowed += 1 }
        }
        #expect(allowed == asked, "20 a second each, of 100")
    }

    /// What a key had spent in the last window is held against it although those who took its place
    /// spent in this one only.
    @Test func theLastWindowOutlivesItsKeysPlace() throws {
        let table = try Self.table(SlidingWindow(limit: 10, per: Self.second), keysMax: 1)
        let keys = Self.keys(8)
        #expect(Self.take(table, keys[0], 5, at: Self.second - 1).isAllowed)
        let later = Self.second + Self.second / 100
        for key in keys[1...] { #expect(Self.take(table, key, at: later).isAllowed) }
        #expect(
            !Self.take(table, keys[0], 5, at: later).isAllowed,
            "five of the last second, one taken over")
        #expect(Self.take(table, keys[0], 4, at: later).isAllowed)
        #expect(Self.take(table, keys[2], 9, at: later).isAllowed, "who stays loses nothing")
    }

    @Test func idleKeysGiveWayWithoutATrace() throws {
        let table = try Self.table(SlidingWindow(limit: 5, per: Self.second), keysMax: 1)
        for (index, key) in Self.keys(100).enumerated() {
            let time = UInt64(index) * 3 * Self.second
            #expect((0..<6).filter { _ in Self.take(table, key, at: time).isAllowed }.count == 5)
        }
    }

    /// Real threads, few lines, many keys, a clock that stands still.
    @Test(arguments: [nil, 4, 64] as [Int?])
    func threadsTogetherLetNoMoreThrough(keysMax: Int?) throws {
        let table = try Self.table(PeriodQuota(limit: 500, per: .day), keysMax: keysMax)
        let keys = Self.keys(keysMax.map { $0 * 2 } ?? 1)
        let counts = TakenCounts(keys.count)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            var random = SeededRandom(seed: UInt64(thread))
            for _ in 0..<keys.count * 400 {
                let index = Int(random.next(below: UInt64(keys.count)))
                if Self.take(table, keys[index], at: 7).isAllowed { counts.add(index) }
            }
        }
        for index in keys.indices { #expect(counts[index] <= 500) }
        let sum = keys.indices.reduce(0) { $0 + counts[$1] }
        if keysMax == nil { #expect(sum == 500) }
        // Of two keys for one place, each gets at least what is left.
        #expect(sum >= 500 * (keysMax ?? 1))
    }

    @Test func pacingNeverRefuses() throws {
        let table = try Self.table(
            TokenBucket(tokens: 1000, per: Self.second, burst: 1000), keysMax: 10)
        let moment = table.moment(Self.time(0))
        #expect(table.pace(1, cost: 1000, moment) == 0)
        #expect(table.pace(1, cost: 500, moment) > Self.second * 49 / 100)
        #expect(table.pace(2, cost: 500, moment) == 0)
    }
}

/// How many requests of each key were let through, counted by several threads.
final class TakenCounts: Sendable {
    private let words: AtomicWords

    init(_ count: Int) {
        guard let words = AtomicWords(lineCount: count / 8 + 1) else {
            preconditionFailure("no memory")
        }
        self.words = words
    }

    /// The sum afterwards.
    @discardableResult
    func add(_ index: Int, _ number: UInt64 = 1) -> UInt64 {
        while true {
            let value = self.words.load(line: index / 8, word: index % 8)
            let next = value &+ number
            if self.words.exchange(line: index / 8, word: index % 8, value, for: next) {
                return next
            }
        }
    }

    subscript(index: Int) -> Int { Int(self.words.load(line: index / 8, word: index % 8)) }
}
