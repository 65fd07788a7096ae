/// How much of the traffic each tier gets: the first as long as it is healthy, then what it cannot
/// carry spills over to the next.
///
/// A tier counts as whole while its available weight, times the overprovisioning factor, is no less
/// than its weight. If all tiers together are not whole, shares are raised in proportion, and a
/// tier with too little left panics: it uses also the endpoints that are believed to be unhealthy,
/// since few endpoints with everything on them would fail as well. Owned by a picker; small, and
/// made anew when availability changes.
package struct TierShares: Sendable {
    /// What a tier consists of, in weights.
    package struct Capacity: Sendable, BitwiseCopyable {
        /// All endpoints.
        package var total: Double
        /// Those that could be used in a panic.
        package var present: Double
        package var available: Double

        package init(total: Double, present: Double, available: Double) {
            self.total = total
            self.present = present
            self.available = available
        }
    }

    package struct Share: Sendable, BitwiseCopyable, Equatable {
        /// Of all traffic, 0…1.
        package var fraction: Double
        package var isPanicking: Bool
    }

    package let overprovisioning: Double
    /// 0…1 of a tier's weight; 0 never panics.
    package let panicThreshold: Double
    package private(set) var shares: ContiguousArray<Share> = []

    package init(overprovisioning: Double = 1.4, panicThreshold: Double = 0.5) {
        self.overprovisioning = max(overprovisioning, 1)
        self.panicThreshold = min(max(panicThreshold, 0), 1)
    }

    package mutating func rebuild(_ capacities: ContiguousArray<Capacity>) {
        self.shares.removeAll(keepingCapacity: true)
        var health = 0.0
        for capacity in capacities { health += self.health(of: capacity) }
        guard health < 1 else {
            self.spill(capacities, wholeAt: 1, mayPanic: false)
            return
        }
        self.spill(capacities, wholeAt: health, mayPanic: true)
        let isUseless = !zip(self.shares, capacities).contains { share, capacity in
            !share.isPanicking && capacity.available > 0
        }
        if isUseless { self.shareOutByWeight(capacities) }
    }

    private func health(of capacity: Capacity) -> Double {
        guard capacity.total > 0 else { return 0 }
        return min(1, self.overprovisioning * capacity.available / capacity.total)
    }

    private mutating func spill(
        _ capacities: ContiguousArray<Capacity>, wholeAt health: Double, mayPanic: Bool
    ) {
        var left = 1.0
        for capacity in capacities {
            let wanted = health > 0 ? self.health(of: capacity) / health : 0
            let fraction = min(left, wanted)
            left -= fraction
            let isPanicking =
                mayPanic && capacity.available < self.panicThreshold * capacity.total
            self.shares.append(Share(fraction: fraction, isPanicking: isPanicking))
        }
    }

    /// Every tier panics: what is believed of them is worth nothing, so each gets its weight's
    /// share.
    private mutating func shareOutByWeight(_ capacities: ContiguousArray<Capacity>) {
        var present = 0.0
        for capacity in capacities { present += capacity.present }
        for tier in self.shares.indices {
            self.shares[tier].fraction = present > 0 ? capacities[tier].present / present : 0
        }
    }
}
