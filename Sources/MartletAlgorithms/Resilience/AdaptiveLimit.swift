/// How many requests an upstream can work on at the same time, found by watching its latency: as
/// many as it takes without a queue, and a small queue.
///
/// One for each upstream on each worker. At the end of each window the limit is moved by the ratio
/// of the baseline, the latency without a queue, to the present latency. Every few seconds the
/// limit is halved for some windows until latency no longer falls: what it is then is the new
/// baseline. Without that, a baseline would either rise with the queue or never follow an upstream
/// that has become slower. See ADR 42.
package struct AdaptiveLimit: Sendable, BitwiseCopyable {
    private enum Phase: BitwiseCopyable, Equatable {
        case following
        /// `latencyBefore` at twice the limit.
        case probing(limitBefore: Double, latencyBefore: Double)
    }

    /// Each window moves the limit by this part of the way.
    private static let smoothing = 0.2
    /// The limit falls by half in one window at most, before smoothing.
    private static let gradientMin = 0.5
    /// Two latencies are the same if they differ by less.
    private static let sameRatio = 1.2
    /// The baseline of the beginning may hold a queue: it is measured anew after so many windows.
    private static let firstWindowCount: UInt64 = 10

    private var phase = Phase.following
    private var exactLimit: Double
    /// Mean latency without a queue, in nanoseconds; 0 before the first window.
    private var baseline = 0.0
    private var probeDue: UInt64 = 0
    /// Until then, requests end that began before the limit was changed.
    private var settledAt: UInt64 = 0

    private var windowBegan: UInt64 = 0
    private var sampleCount = 0
    private var latencySum = 0.0
    private var inFlightMost = 0
    /// Of the last window.
    private var latencyMean = 0.0

    package init(plan: AdaptiveLimitPlan) {
        self.exactLimit = Double(min(max(plan.limitStart, plan.limitMin), plan.limitMax))
    }

    package var limit: Int { Int(self.exactLimit) }
    /// What is taken for the latency without a queue; 0 while it is not known.
    package var baselineNanoseconds: UInt64 { self.baseline.clampedToUInt64 }

    package func admits(inFlight: Int) -> Bool { inFlight < self.limit }

    /// A request has ended, by an answer or because it took too long.
    ///
    /// Failures that come at once say nothing of load, and are not told.
    ///
    /// - `inFlight`: with this one.
    package mutating func requestEnded(
        nanoseconds: UInt64, inFlight: Int, now: UInt64, _ plan: AdaptiveLimitPlan
    ) {
        guard now >= self.settledAt else { return }
        if self.sampleCount == 0 { self.windowBegan = now }
        self.sampleCount &+= 1
        self.latencySum += Double(nanoseconds)
        self.inFlightMost = max(self.inFlightMost, inFlight)
        let age = now > self.windowBegan ? now &- self.windowBegan : 0
        // Shorter than a request takes, a window would not see what the last one changed.
        let ageMin = max(plan.windowNanoseconds, self.latencyMean.clampedToUInt64)
        guard age >= ageMin,
            self.sampleCount >= plan.sampleCountMin || age >= plan.windowNanosecondsMax
        else { return }
        self.latencyMean = self.latencySum / Double(self.sampleCount)
        self.windowEnded(
            latency: self.latencyMean, isUsed: Double(self.inFlightMost) * 2 >= self.exactLimit,
            now: now, plan)
        self.sampleCount = 0
        self.latencySum = 0
        self.inFlightMost = 0
    }

    private mutating func windowEnded(
        latency: Double, isUsed: Bool, now: UInt64, _ plan: AdaptiveLimitPlan
    ) {
        if self.baseline == 0 {
            self.baseline = latency
            self.probeDue = now &+ plan.windowNanoseconds &* Self.firstWindowCount
        }
        switch self.phase {
        case .following:
            self.baseline = min(self.baseline, latency)
            // Nothing lower can be tried, so this is what the upstream takes by itself.
            if self.limit <= plan.limitMin { self.baseline = latency }
            if now >= self.probeDue {
                self.probeFellDue(latency: latency, isUsed: isUsed, now: now, plan)
            } else {
                self.follow(latency: latency, isUsed: isUsed, plan)
            }
        case .probing(let limitBefore, let latencyBefore):
            self.probe(
                latency: latency, limitBefore: limitBefore, latencyBefore: latencyBefore,
                now: now, plan)
        }
    }

    private mutating func follow(latency: Double, isUsed: Bool, _ plan: AdaptiveLimitPlan) {
        let ratio = latency > 0 ? plan.tolerance * self.baseline / latency : 1
        let gradient = min(max(ratio, Self.gradientMin), 1)
        let queue = self.exactLimit.squareRoot()
        let target = self.exactLimit * gradient + queue
        // A limit that nobody comes near to is not known to be too low.
        guard target < self.exactLimit || isUsed else { return }
        let moved = self.exactLimit + (target - self.exactLimit) * Self.smoothing
        self.exactLimit = min(max(moved, Double(plan.limitMin)), Double(plan.limitMax))
    }

    // MARK: Baseline

    private mutating func probeFellDue(
        latency: Double, isUsed: Bool, now: UInt64, _ plan: AdaptiveLimitPlan
    ) {
        guard isUsed, self.limit > plan.limitMin else {
            // Far below the limit there is no queue of ours: this is the baseline.
            self.baseline = latency
            self.probeDue = now &+ plan.probeIntervalNanoseconds
            return
        }
        self.lower(limitBefore: self.exactLimit, latency: latency, now: now, plan)
    }

    private mutating func lower(
        limitBefore: Double, latency: Double, now: UInt64, _ plan: AdaptiveLimitPlan
    ) {
        self.phase = .probing(limitBefore: limitBefore, latencyBefore: latency)
        self.exactLimit = max(self.exactLimit / 2, Double(plan.limitMin))
        self.settle(latency: latency, now: now)
    }

    /// Most requests that are under way have ended after twice the present latency.
    private mutating func settle(latency: Double, now: UInt64) {
        let end = now.addingReportingOverflow((latency * 2).clampedToUInt64)
        self.settledAt = end.overflow ? now : end.partialValue
    }

    /// Half the limit, or less: if latency is the known one, or is what it was at twice the limit,
    /// there is no queue.
    ///
    /// If it fell, there may still be one; and if it fell below the known one, that was wrong.
    private mutating func probe(
        latency: Double, limitBefore: Double, latencyBefore: Double, now: UInt64,
        _ plan: AdaptiveLimitPlan
    ) {
        let isKnown =
            latency <= self.baseline * Self.sameRatio
            && latency * Self.sameRatio >= self.baseline
        let isUnchanged = latency * Self.sameRatio >= latencyBefore
        guard isKnown || isUnchanged || self.limit <= plan.limitMin else {
            // The queue was more than half of the limit: it was too high by that.
            self.lower(limitBefore: limitBefore / 2, latency: latency, now: now, plan)
            return
        }
        self.baseline = latency
        self.exactLimit = max(limitBefore, Double(plan.limitMin))
        self.phase = .following
        self.settle(latency: latency, now: now)
        self.probeDue = now &+ plan.probeIntervalNanoseconds
    }
}
