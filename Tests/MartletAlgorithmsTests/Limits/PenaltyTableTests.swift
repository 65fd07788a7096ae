import Dispatch
import MartletAlgorithms
import Synchronization
import Testing

@Suite struct PenaltyTableTests {
    private static let second: UInt64 = 1_000_000_000

    private static func time(_ seconds: UInt64) -> LimitTime {
        LimitTime(monotonic: 5 * self.second + seconds * self.second, wall: 0)
    }

    /// 100 points, forgotten in 100 seconds; kept out for 60.
    private static func table(threshold: UInt64 = 100, keysMax: Int = 1000) throws -> PenaltyTable {
        let settings = PenaltyTable.Settings(
            threshold: threshold, decayNanoseconds: 100 * self.second,
            blockNanoseconds: 60 * self.second, keysMax: keysMax)
        return try #require(PenaltyTable(settings, at: self.time(0)))
    }

    @Test func whoeverReachesTheThresholdIsKeptOutForAWhile() throws {
        let table = try Self.table()
        for _ in 0..<9 { #expect(!table.add(10, to: 7, at: Self.time(0))) }
        #expect(table.secondsBlocked(7, at: Self.time(0)) == 0)
        #expect(table.add(10, to: 7, at: Self.time(0)))
        #expect(table.secondsBlocked(7, at: Self.time(0)) == 60)
        #expect(table.secondsBlocked(8, at: Self.time(0)) == 0)
        #expect(1...2 ~= table.secondsBlocked(7, at: Self.time(59)))
        #expect(table.secondsBlocked(7, at: Self.time(62)) == 0)
    }

    @Test func oneSignCanBeEnough() throws {
        let table = try Self.table()
        #expect(table.add(100, to: 1, at: Self.time(0)))
        #expect(table.add(5000, to: 2, at: Self.time(0)))
    }

    @Test func whoIsKeptOutIsToldOfOnce() throws {
        let table = try Self.table()
        #expect(table.add(200, to: 1, at: Self.time(0)))
        #expect(!table.add(200, to: 1, at: Self.time(1)))
        // What was under way when it began makes it no longer.
        #expect(table.secondsBlocked(1, at: Self.time(61)) <= 1)
        #expect(table.add(200, to: 1, at: Self.time(120)))
    }

    @Test func pointsAreForgotten() throws {
        let table = try Self.table()
        // One each second is what is forgotten.
        for second in 0..<1000 {
            #expect(!table.add(1, to: 1, at: Self.time(UInt64(second))), "\(second)")
        }
        #expect(!table.add(98, to: 2, at: Self.time(0)))
        #expect(!table.add(98, to: 2, at: Self.time(100)))
        #expect(table.add(98, to: 2, at: Self.time(101)))
    }

    @Test func theSameDeedIsNewOnceInAWhile() throws {
        let table = try Self.table()
        #expect(table.isNew(5, at: Self.time(0)))
        #expect(!table.isNew(5, at: Self.time(50)))
        #expect(table.isNew(6, at: Self.time(50)))
        #expect(table.isNew(5, at: Self.time(102)))
    }

    @Test func aCrowdOfThoseKeptOutTouchesNobodyElse() throws {
        let table = try Self.table(keysMax: 8)
        var key: UInt64 = 0x9e37_79b9_7f4a_7c15
        for _ in 0..<2000 {
            key = key &* 6_364_136_223_846_793_005 &+ 1
            _ = table.add(200, to: key, at: Self.time(0))
        }
        for _ in 0..<2000 {
            key = key &* 6_364_136_223_846_793_005 &+ 1
            #expect(table.secondsBlocked(key, at: Self.time(0)) == 0)
        }
    }

    @Test func ofManyThreadsOneTellsIt() throws {
        let table = try Self.table(threshold: 1000)
        let told = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<1000 where table.add(1, to: 3, at: Self.time(0)) {
                told.add(1, ordering: .relaxed)
            }
        }
        #expect(told.load(ordering: .relaxed) == 1)
        #expect(table.secondsBlocked(3, at: Self.time(0)) == 60)
    }

    @Test func settingsThatNoBucketCanHave() {
        for (threshold, decay, block, keys): (UInt64, UInt64, UInt64, Int) in [
            (1, 1, 1, 1), (2, 0, 1, 1), (2, 1, 0, 1), (2, 1, 1, 0), (2, 1, 1, .max),
        ] {
            let settings = PenaltyTable.Settings(
                threshold: threshold, decayNanoseconds: decay, blockNanoseconds: block,
                keysMax: keys)
            #expect(PenaltyTable(settings, at: Self.time(0)) == nil)
        }
    }
}
