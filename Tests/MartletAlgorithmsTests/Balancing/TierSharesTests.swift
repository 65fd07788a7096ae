import MartletAlgorithms
import Testing

@Suite struct TierSharesTests {
    private func shares(
        _ capacities: [(total: Double, available: Double)], panicThreshold: Double = 0.5
    ) -> [TierShares.Share] {
        var shares = TierShares(overprovisioning: 1.4, panicThreshold: panicThreshold)
        shares.rebuild(
            ContiguousArray(
                capacities.map {
                    TierShares.Capacity(
                        total: $0.total, present: $0.total, available: $0.available)
                }))
        return Array(shares.shares)
    }

    /// With the factor 1.4, the first tier carries everything until 72 of 100 are available.
    @Test(
        arguments: [
            ([(100, 100), (100, 100)], [100, 0]),
            ([(100, 72), (100, 100)], [100, 0]),
            ([(100, 71), (100, 100)], [99.4, 0.6]),
            ([(100, 50), (100, 100)], [70, 30]),
            ([(100, 25), (100, 100)], [35, 65]),
            ([(100, 0), (100, 100)], [0, 100]),
            ([(100, 25), (100, 25)], [50, 50]),
            ([(100, 55), (100, 15)], [78.571_429, 21.428_571]),
            ([(100, 40), (100, 20)], [50, 50]),
            ([(100, 50), (100, 10), (100, 100)], [70, 14, 16]),
            ([(0, 0), (100, 100)], [0, 100]),
            ([(5, 5)], [100]),
        ] as [([(Double, Double)], [Double])])
    func spillsOverWhatTheFirstCannotCarry(
        capacities: [(Double, Double)], percents: [Double]
    ) {
        let shares = self.shares(capacities.map { (total: $0.0, available: $0.1) })
        for (share, percent) in zip(shares, percents) {
            #expect(abs(share.fraction * 100 - percent) < 0.001)
        }
    }

    @Test func panicsOnlyIfAllTogetherAreNotWhole() {
        let helped = self.shares([(100, 20), (100, 100)])
        #expect(helped.map(\.isPanicking) == [false, false])
        let alone = self.shares([(100, 20), (100, 45)])
        #expect(alone.map(\.isPanicking) == [true, true])
        let half = self.shares([(100, 20), (100, 50)])
        #expect(half.map(\.isPanicking) == [true, false])
        #expect(self.shares([(100, 20)], panicThreshold: 0).map(\.isPanicking) == [false])
    }

    @Test func inTotalPanicEachTierGetsItsWeight() {
        let shares = self.shares([(100, 0), (300, 0)])
        #expect(shares.map(\.fraction) == [0.25, 0.75])
        #expect(self.shares([(0, 0), (0, 0)]).map(\.fraction) == [0, 0])
    }

    /// Any capacities: shares are a whole, and no tier gets any while an earlier one has room.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func sharesAreAWholeAndInOrder(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            let capacities = (0..<Int(random.next(below: 5) + 1)).map { _ in
                let total = Double(random.next(below: 20))
                let available = Double(random.next(below: UInt64(total) + 1))
                return (total: total, available: available)
            }
            let shares = self.shares(capacities)
            let whole = shares.reduce(0) { $0 + $1.fraction }
            let isAny = capacities.contains { $0.total > 0 }
            #expect(abs(whole - (isAny ? 1 : 0)) < 1e-9, "seed \(seed): \(capacities)")
            let isWhole =
                capacities.reduce(0) {
                    $0 + ($1.total > 0 ? min(1, 1.4 * $1.available / $1.total) : 0)
                } >= 1
            guard isWhole else { continue }
            #expect(shares.allSatisfy { !$0.isPanicking }, "seed \(seed)")
            for place in shares.indices where shares[place].fraction > 0 {
                let before = shares[..<place].enumerated()
                let isSkipped = before.contains { tier, share in
                    let capacity = capacities[tier]
                    let health =
                        capacity.total > 0
                        ? min(1, 1.4 * capacity.available / capacity.total) : 0
                    return share.fraction < health - 1e-9
                }
                #expect(!isSkipped, "seed \(seed): \(capacities)")
            }
        }
    }
}
