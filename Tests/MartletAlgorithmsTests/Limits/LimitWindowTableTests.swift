import MartletAlgorithms
import Testing

@Suite struct LimitWindowTableTests {
    private static let time = LimitTime(monotonic: 9, wall: 9)

    @Test func eachKindCounts() throws {
        let windows: [LimitWindow] = [
            .tokenBucket(try #require(TokenBucket(tokens: 1, per: 1 << 40, burst: 2))),
            .slidingWindow(try #require(SlidingWindow(limit: 2, per: 1 << 40))),
            .quota(try #require(PeriodQuota(limit: 2, per: .month))),
        ]
        for window in windows {
            let table = try #require(LimitWindowTable(window, keysMax: 10, at: Self.time))
            #expect(table.byteCount == 3 * 64)
            #expect(table.standing(1, cost: 2, Self.time).isAllowed)
            #expect(table.take(1, cost: 2, Self.time).isAllowed)
            #expect(!table.standing(1, cost: 1, Self.time).isAllowed)
            #expect(!table.take(1, cost: 1, Self.time).isAllowed)
        }
    }

    @Test func anAbsentOneLetsAllThrough() throws {
        let table = try #require(LimitWindowTable(nil, keysMax: 10, at: Self.time))
        #expect(table.byteCount == 0)
        #expect(table.take(1, cost: .max, Self.time).isAllowed)
        #expect(table.standing(1, cost: .max, Self.time).isAllowed)
    }
}
