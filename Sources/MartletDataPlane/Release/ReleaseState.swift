package import MartletAlgorithms
import MartletTelemetry

/// One release on one worker: who gets which variant now, and how their requests went.
///
/// Confined to the worker's loop. Goes over to the next generation under the release's name.
package final class ReleaseState {
    private(set) var plan: ReleasePlan
    private var split: TrafficSplit
    private var canary = CanaryWindow()
    private var baseline = CanaryWindow()

    init(_ plan: ReleasePlan) {
        self.plan = plan
        self.split = TrafficSplit(shares: plan.shares)
    }

    func update(to plan: ReleasePlan) {
        let isSame = plan.isSame(as: self.plan)
        self.plan = plan
        if !isSame { self.split = TrafficSplit(shares: plan.shares) }
    }

    /// Another share from here on.
    package func splitChanged(to split: TrafficSplit) { self.split = split }

    /// The place of the exchange's variant; `nil` for the baseline.
    func variant(of exchange: Exchange, by plan: ReleasePlan) -> Int? {
        let hash = plan.cohort.hash(of: exchange) ?? exchange.worker.random.next()
        return self.split.variant(at: Cohort.point(of: hash, salt: plan.salt))
    }

    /// An exchange has ended.
    func exchangeEnded(_ record: ExchangeRecord, isCanary: Bool) {
        guard record.status != 0, record.status != 499 else { return }
        let nanoseconds = record.upstreamWaitNanoseconds &+ record.upstreamHeadNanoseconds
        let hasFailed = record.status >= 500 || record.flags.contains(.fallback)
        switch (isCanary, hasFailed) {
        case (true, true): self.canary.requestFailed()
        case (true, false): self.canary.requestSucceeded(nanoseconds: nanoseconds)
        case (false, true): self.baseline.requestFailed()
        case (false, false): self.baseline.requestSucceeded(nanoseconds: nanoseconds)
        }
    }

    /// What was counted since it was taken last.
    package func takeWindow() -> ReleaseWindow {
        defer {
            self.canary = CanaryWindow()
            self.baseline = CanaryWindow()
        }
        return ReleaseWindow(canary: self.canary, baseline: self.baseline)
    }
}

/// What a release's requests did in one window of time.
package struct ReleaseWindow: Sendable {
    package var canary = CanaryWindow()
    package var baseline = CanaryWindow()

    package init(canary: CanaryWindow = CanaryWindow(), baseline: CanaryWindow = CanaryWindow()) {
        self.canary = canary
        self.baseline = baseline
    }

    package mutating func merge(_ other: ReleaseWindow) {
        self.canary.merge(other.canary)
        self.baseline.merge(other.baseline)
    }
}
