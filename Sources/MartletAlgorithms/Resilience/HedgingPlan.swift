/// When a second request is sent because the first takes unusually long.
package struct HedgingPlan: Sendable, Equatable {
    /// How long the first one is waited for.
    package enum Delay: Sendable, Equatable {
        case fixed(nanoseconds: UInt64)
        /// This quantile, 0…1, of recent latencies, as soon as there are enough of them.
        case quantile(Double)
    }

    package var delay: Delay
    /// Never earlier, whatever was measured.
    package var delayNanosecondsMin: UInt64
    /// Hedges for one exchange.
    package var hedgeCountMax: Int
    /// Latencies below which a quantile says nothing.
    package var sampleCountMin: UInt64

    package init(
        delay: Delay = .quantile(0.95), delayNanosecondsMin: UInt64 = 5_000_000,
        hedgeCountMax: Int = 1, sampleCountMin: UInt64 = 100
    ) {
        self.delay = delay
        self.delayNanosecondsMin = delayNanosecondsMin
        self.hedgeCountMax = hedgeCountMax
        self.sampleCountMin = sampleCountMin
    }

    package enum OnHedgeDue: Sendable, Equatable {
        case send
        case refuse(RetryRefusal)
    }

    /// The delay has passed without an answer: decides whether the request is sent once more.
    ///
    /// A hedge is a retry: it must be safe in the same way, and comes out of the same budget.
    package func hedgeDue(
        isIdempotent: Bool, canReplay: Bool, hedgeCount: Int, budget: inout RetryBudget,
        now: UInt64
    ) -> OnHedgeDue {
        guard hedgeCount < self.hedgeCountMax else { return .refuse(.triesUsedUp) }
        guard canReplay else { return .refuse(.notReplayable) }
        guard isIdempotent else { return .refuse(.notIdempotent) }
        guard budget.takeRetry(now: now) else { return .refuse(.noBudget) }
        return .send
    }
}

/// The latencies of the last while of one upstream on one worker, and the hedging delay that
/// follows from them.
///
/// Older latencies count half as much with each period. The delay is worked out once a period, not
/// for each request.
package struct HedgingDelay: Sendable {
    package let plan: HedgingPlan
    package let periodNanoseconds: UInt64
    private var filling = LatencyHistogram()
    private var merged = LatencyHistogram()
    private var periodEnd: UInt64 = 0
    /// `nil`: do not hedge, as it is not known what is unusual.
    package private(set) var nanoseconds: UInt64?

    package init(plan: HedgingPlan, periodNanoseconds: UInt64 = 10_000_000_000) {
        self.plan = plan
        self.periodNanoseconds = max(periodNanoseconds, 1)
        if case .fixed(let fixed) = plan.delay {
            self.nanoseconds = max(fixed, plan.delayNanosecondsMin)
        }
    }

    package mutating func answered(nanoseconds: UInt64, now: UInt64) {
        guard case .quantile(let quantile) = self.plan.delay else { return }
        if self.periodEnd == 0 { self.periodEnd = now &+ self.periodNanoseconds }
        if now >= self.periodEnd { self.endPeriod(quantile, now: now) }
        self.filling.record(nanoseconds: nanoseconds)
    }

    private mutating func endPeriod(_ quantile: Double, now: UInt64) {
        self.merged.halve()
        self.merged.merge(self.filling)
        self.filling.removeAll()
        self.periodEnd = now &+ self.periodNanoseconds
        guard self.merged.count >= max(self.plan.sampleCountMin, 1) else {
            self.nanoseconds = nil
            return
        }
        self.nanoseconds = self.merged.quantile(quantile).map {
            max($0, self.plan.delayNanosecondsMin)
        }
    }
}
