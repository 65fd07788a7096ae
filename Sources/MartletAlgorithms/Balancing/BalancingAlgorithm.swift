/// How an endpoint is chosen within a tier.
package enum BalancingAlgorithm: Sendable, Equatable {
    /// In turn, by weight.
    case roundRobin
    /// By chance, by weight.
    case random
    /// The one with fewer requests in flight for its weight, of two drawn by weight.
    case leastRequest
    /// The one with the fewest requests in flight for its weight, of all: O(endpoints).
    case leastRequestOfAll
    /// The one with the lower expected wait, of two drawn by weight: latency by requests in flight.
    case peakLatency(PeakLatency)
    /// The one that the request's hash belongs to.
    ///
    /// With a bound, none gets more than that many times its fair share of the requests in flight;
    /// what is beyond goes to the next.
    case consistentHash(loadBound: LoadBound?)
}

/// How latencies are averaged for `BalancingAlgorithm.peakLatency`.
package struct PeakLatency: Sendable, Equatable, BitwiseCopyable {
    /// After this time an old value counts for about a third.
    package var decayNanoseconds: UInt64
    /// What a failed request counts as: else endpoints that fail fast would look good.
    package var failureNanoseconds: UInt64

    package init(
        decayNanoseconds: UInt64 = 10_000_000_000, failureNanoseconds: UInt64 = 1_000_000_000
    ) {
        self.decayNanoseconds = max(decayNanoseconds, 1)
        self.failureNanoseconds = failureNanoseconds
    }
}

/// The most that one endpoint may have of a tier's requests in flight, as a multiple of its fair
/// share (Mirrokni, Thorup and Zadimoghaddam, 2018).
///
/// Since every endpoint may have more than its share, there is always one with room.
package struct LoadBound: Sendable, Equatable, BitwiseCopyable {
    /// Percent of the fair share, above 100.
    package let percent: UInt32

    package init(percent: UInt32) { self.percent = min(max(percent, 101), 10_000) }

    /// Requests in flight, the new one included, that an endpoint of this weight may have.
    ///
    /// - `inFlight`: of the whole tier, without the new request.
    package func inFlightMax(inFlight: Int, weight: UInt32, weightSum: UInt64) -> UInt64 {
        guard weightSum > 0 else { return 0 }
        // 2⁶³ is not reached: 10⁴ · 2³² of the first by a fraction of at most one.
        let loads = Double(self.percent) / 100 * (Double(inFlight) + 1)
        return (loads * Double(weight) / Double(weightSum)).rounded(.up).clampedToUInt64
    }
}
