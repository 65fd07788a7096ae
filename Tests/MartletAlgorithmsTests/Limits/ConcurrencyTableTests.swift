import MartletAlgorithms
import Testing

/// Counters that outlive the number that they are held against.
@Suite struct ConcurrencyTableTests {
    private static func entered(_ limit: ConcurrencyLimit, _ key: UInt64) -> ConcurrencyLimit.Lease?
    {
        guard case .entered(let lease, _) = limit.enter(key) else { return nil }
        return lease
    }

    /// Requests that are under way count under another number too.
    @Test func anotherNumberForTheSameRequests() throws {
        let before = try #require(ConcurrencyLimit(limit: 2, keysMax: 10))
        let first = try #require(Self.entered(before, 7))
        #expect(Self.entered(before, 7) != nil)
        let more = try #require(before.changed(to: 3))
        #expect(more.limit == 3 && more.count(7) == 2)
        #expect(Self.entered(more, 7) != nil)
        #expect(more.enter(7) == .full)
        let less = try #require(more.changed(to: 1))
        #expect(less.enter(7) == .full)
        more.leave(first)
        #expect(less.count(7) == 2)
        #expect(less.changed(to: 0) == nil)
    }
}
