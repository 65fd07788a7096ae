/// Judges a canary by its baseline, window after window: errors by their number, latency by how
/// many requests were slower than the baseline's quantiles.
///
/// One for each rollout, owned by whoever adds the workers' windows up. It may be asked after every
/// window; over the whole rollout a canary as good as its baseline is aborted with a probability of
/// at most the plan's. What it holds does not grow.
package struct CanaryGate: Sendable {
    /// Evidence from which on a canary does not go further until it has become weaker.
    private static let doubtfulStrength = 5.0
    private static let quantileCountMax = 4
    /// Of the rates that people read, how much is left of older windows with each new one.
    private static let remembered = 0.8
    /// Requests of the baseline from which on its quantiles are known well enough.
    private static let referenceCountMin: UInt64 = 200
    /// Beyond this, older latencies of the baseline count half.
    private static let referenceCountMax: UInt64 = 100_000

    private struct Recent: BitwiseCopyable {
        var requests = 0.0
        var errors = 0.0

        var rate: Double { self.requests > 0 ? self.errors / self.requests : 0 }

        mutating func add(_ window: CanaryWindow) {
            self.requests = self.requests * CanaryGate.remembered + Double(window.requestCount)
            self.errors = self.errors * CanaryGate.remembered + Double(window.errorCount)
        }
    }

    package let plan: CanaryGatePlan
    private var errors: ComparisonEvidence
    private var latencies: ContiguousArray<ComparisonEvidence>
    /// Latencies of the baseline before the present window.
    private var reference = LatencyHistogram()
    private var canary = Recent()
    private var baseline = Recent()
    private var requestCount: UInt64 = 0
    private var stepRequestCount: UInt64 = 0
    /// Of this step, those whose latencies had a baseline to be compared with.
    private var stepComparedCount: UInt64 = 0

    package init(plan: CanaryGatePlan) {
        self.plan = plan
        self.errors = ComparisonEvidence(toleratedRatio: plan.errorRatioMax)
        self.latencies = ContiguousArray(
            repeating: ComparisonEvidence(),
            count: min(plan.latencyQuantiles.count, Self.quantileCountMax))
    }

    /// The canary gets another share of the traffic: it has to show itself anew.
    package mutating func stepBegan() {
        self.stepRequestCount = 0
        self.stepComparedCount = 0
    }

    /// A window is over: what all workers saw of both.
    package mutating func windowEnded(
        canary: CanaryWindow, baseline: CanaryWindow
    ) -> CanaryVerdict {
        self.requestCount &+= canary.requestCount
        self.stepRequestCount &+= canary.requestCount
        self.canary.add(canary)
        self.baseline.add(baseline)
        self.errors.windowEnded(
            subject: .init(events: canary.errorCount, requests: canary.requestCount),
            reference: .init(events: baseline.errorCount, requests: baseline.requestCount))
        self.compareLatencies(canary.latency, baseline.latency)
        let strength = self.strength
        if let abort = self.reasonToAbort(strength, canary.latency) { return .abort(abort) }
        let judgedCount = self.latencies.isEmpty ? self.stepRequestCount : self.stepComparedCount
        guard judgedCount >= self.plan.requestCountMin else {
            return .continue(
                .sampleTooSmall(requestCount: judgedCount, needed: self.plan.requestCountMin))
        }
        guard strength < Self.doubtfulStrength else {
            return .continue(.doubtful(strength: strength))
        }
        return .promote
    }

    // MARK: Evidence

    /// A mean of test martingales is one.
    private var strength: Double {
        guard !self.latencies.isEmpty else { return self.errors.strength }
        return (self.errors.strength + self.latencyStrength) / 2
    }

    private var latencyStrength: Double {
        var sum = 0.0
        for evidence in self.latencies { sum += evidence.strength }
        return sum / Double(max(self.latencies.count, 1))
    }

    /// Counts as slow what takes longer than a quantile of the baseline's earlier windows.
    ///
    /// For the canary, longer by the tolerance; so one that is slower by just that is as often
    /// slow.
    private mutating func compareLatencies(
        _ canary: LatencyHistogram, _ baseline: LatencyHistogram
    ) {
        guard !self.latencies.isEmpty else { return }
        if self.reference.count >= Self.referenceCountMin {
            self.stepComparedCount &+= canary.count
            for place in self.latencies.indices {
                guard let limit = self.reference.quantile(self.plan.latencyQuantiles[place]) else {
                    continue
                }
                let tolerated = Double(limit) * (1 + max(self.plan.latencyTolerance, 0))
                self.latencies[place].windowEnded(
                    subject: .init(
                        events: canary.count(above: tolerated.clampedToUInt64),
                        requests: canary.count),
                    reference: .init(
                        events: baseline.count(above: limit), requests: baseline.count))
            }
        }
        self.reference.merge(baseline)
        if self.reference.count > Self.referenceCountMax { self.reference.halve() }
    }

    // MARK: Verdict

    private func reasonToAbort(_ strength: Double, _ latency: LatencyHistogram) -> CanaryAbort? {
        guard strength * self.plan.falseAbortRate >= 1,
            self.requestCount >= self.plan.requestCountMin
        else { return nil }
        if self.latencies.isEmpty || self.errors.strength >= self.latencyStrength {
            let difference = self.canary.rate - self.baseline.rate
            guard difference >= self.plan.errorRateDifferenceMin else { return nil }
            return .errorRate(
                canary: self.canary.rate, baseline: self.baseline.rate, strength: strength)
        }
        let worst = self.latencies.indices.max {
            self.latencies[$0].strength < self.latencies[$1].strength
        }
        let quantile = self.plan.latencyQuantiles[worst ?? 0]
        return .latency(
            quantile: quantile, canaryNanoseconds: latency.quantile(quantile) ?? 0,
            baselineNanoseconds: self.reference.quantile(quantile) ?? 0, strength: strength)
    }
}
