import MartletAlgorithms
import Testing

@Suite struct TrafficSplitTests {
    private func owners(_ shares: [UInt16]) -> [Int?] {
        let split = TrafficSplit(shares: shares)
        return (0..<Cohort.pointCount).map { split.variant(at: $0) }
    }

    @Test(
        arguments: [
            [], [0], [1], [500], [10_000], [5000, 5000], [100, 200, 300], [3000, 3000, 3000],
            [0, 10_000], [1, 0, 1, 0, 1], [2500, 2500, 2500, 2500],
        ] as [[UInt16]])
    func eachGetsItsShareToThePoint(shares: [UInt16]) {
        let owners = self.owners(shares)
        for (variant, share) in shares.enumerated() {
            #expect(owners.count { $0 == variant } == Int(share))
        }
        #expect(owners.count { $0 == nil } == 10_000 - shares.reduce(0) { $0 + Int($1) })
    }

    @Test func whatIsTooMuchIsLeftOut() {
        let owners = self.owners([6000, 6000, 100])
        #expect([0, 1, 2].map { variant in owners.count { $0 == variant } } == [6000, 4000, 0])
        #expect(TrafficSplit(shares: [10_000]).variant(at: 10_000) == nil)
    }

    /// Of two variants, each takes from the rest only and gives to nobody.
    @Test func twoVariantsNeverMeet() {
        var before = self.owners([0, 0])
        for shares in [
            [100, 0], [100, 50], [2500, 50], [2500, 3000], [5000, 3000], [5000, 5000],
        ] as [[UInt16]] {
            let after = self.owners(shares)
            #expect(zip(before, after).allSatisfy { old, new in old == nil || old == new })
            before = after
        }
    }

    /// Any number of variants, any of them raised: whoever moves goes to it, or is someone that it
    /// displaced or took the place of; nobody leaves it, and nobody goes back to the rest.
    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func aRaisedShareMovesUsersOneWay(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = Int(random.next(below: 5)) + 1
        var shares = (0..<count).map { _ in UInt16(random.next(below: 10_000 / UInt64(count))) }
        for _ in 0..<5 {
            let before = self.owners(shares)
            let raised = Int(random.next(below: UInt64(count)))
            let left = 10_000 - shares.reduce(0) { $0 + Int($1) }
            shares[raised] += UInt16(random.next(below: UInt64(left / 2 + 1)))
            let after = self.owners(shares)
            for (old, new) in zip(before, after) where old != new {
                // Later variants that were in its way took others from the rest.
                let isGain = new == raised && (old == nil || (old ?? 0) > raised)
                let isReplacement = (new ?? 0) > raised && (old == nil || (old ?? 0) > raised)
                if new == nil || !(isGain || isReplacement) {
                    Issue.record(
                        "seed \(seed): \(String(describing: old)) to \(String(describing: new))")
                }
            }
        }
    }

    /// Small shares lie apart, so that raising one does not touch the others at all.
    @Test func smallSharesDoNotMeet() {
        let before = self.owners([500, 500, 500, 500])
        for raised in 0..<4 {
            var shares: [UInt16] = [500, 500, 500, 500]
            shares[raised] = 2000
            let after = self.owners(shares)
            #expect(
                zip(before, after).allSatisfy { old, new in
                    old == new || (old == nil && new == raised)
                })
        }
    }

    @Test func moreVariantsThanThereMayBeAreLeftOut() {
        let owners = self.owners([UInt16](repeating: 10, count: 100))
        #expect(owners.count { $0 != nil } == TrafficSplit.variantCountMax * 10)
    }
}
