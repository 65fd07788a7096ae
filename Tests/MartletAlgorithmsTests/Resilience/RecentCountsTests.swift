import MartletAlgorithms
import Testing

@Suite struct RecentCountsTests {
    /// Against a list of events: what counts is what lies in the last slices.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithAList(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let sliceCount = Int(random.next(below: 6)) + 1
        var recent = RecentCounts(
            windowNanoseconds: UInt64(sliceCount) * 10, sliceCount: sliceCount)
        var events: [(slice: UInt64, kind: Int)] = []
        var now: UInt64 = random.next(below: 1000)
        for _ in 0..<500 {
            now += random.next(below: random.next(below: 10) == 0 ? 200 : 8)
            recent.advance(to: now)
            let kind = Int(random.next(below: 4))
            recent.add(kind: kind)
            events.append((now / 10, kind))
            let counted = events.filter { $0.slice + UInt64(sliceCount) > now / 10 }
            let isRight = (0..<RecentCounts.kindCount).allSatisfy { kind in
                recent.count(of: kind) == UInt64(counted.count { $0.kind == kind })
            }
            if !isRight { Issue.record("seed \(seed) at \(now)") }
        }
    }

    @Test func timeGoingBackwardsDoesNothing() {
        var recent = RecentCounts(windowNanoseconds: 100, sliceCount: 10)
        recent.advance(to: 500)
        recent.add(kind: 2)
        recent.advance(to: 3)
        #expect(recent.count(of: 2) == 1)
        recent.advance(to: .max)
        #expect(recent.count(of: 2) == 0)
    }

    @Test func emptyingForgetsAll() {
        var recent = RecentCounts(windowNanoseconds: 0, sliceCount: 0)
        recent.add(kind: 0)
        recent.removeAll()
        #expect(recent.count(of: 0) == 0)
        recent.advance(to: 1)
        #expect(recent.count(of: 0) == 0)
    }
}
