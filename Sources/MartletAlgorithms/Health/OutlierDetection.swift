/// Takes endpoints out that do worse than their peers, and puts them back after a while.
///
/// One for each upstream, owned by whoever judges for all workers, who add their counts up and
/// apply the changes to their tables. An ejection lasts longer each time, and the count of times
/// fades while the endpoint behaves. Never more than the plan's share of endpoints is out.
package struct OutlierDetection: Sendable {
    package enum Reason: Sendable, BitwiseCopyable, Equatable, CaseIterable {
        case consecutiveFailures
        case successRate
        case latency
    }

    package enum Change: Sendable, Equatable {
        case ejected(endpoint: Int, Reason, untilNanoseconds: UInt64)
        case returned(endpoint: Int)
    }

    private struct Endpoint: BitwiseCopyable {
        /// 0 while it is in.
        var ejectedUntil: UInt64 = 0
        /// How often it was ejected; falls by one with each interval that it spends in.
        var ejectionCount: UInt32 = 0
    }

    private struct Suspect: BitwiseCopyable {
        var endpoint: Int
        var severity: Double
        var reason: Reason
    }

    package let plan: OutlierPlan
    private var endpoints: ContiguousArray<Endpoint>
    package private(set) var ejectedCount = 0
    private var suspects: ContiguousArray<Suspect> = []
    private var values: ContiguousArray<Double> = []

    package init(plan: OutlierPlan, endpointCount: Int) {
        self.plan = plan
        self.endpoints = ContiguousArray(repeating: Endpoint(), count: endpointCount)
    }

    package func isEjected(_ endpoint: Int) -> Bool { self.endpoints[endpoint].ejectedUntil > 0 }

    /// Takes another plan, or other endpoints, over; `oldIndex` tells where a new one stood.
    package func updated(
        to plan: OutlierPlan, endpointCount: Int, oldIndex: (Int) -> Int?
    ) -> OutlierDetection {
        var updated = OutlierDetection(plan: plan, endpointCount: endpointCount)
        for index in 0..<endpointCount {
            guard let old = oldIndex(index), self.endpoints.indices.contains(old) else { continue }
            updated.endpoints[index] = self.endpoints[old]
            if updated.endpoints[index].ejectedUntil > 0 { updated.ejectedCount += 1 }
        }
        return updated
    }

    // MARK: Ejecting

    /// A worker has seen as many failures in a row as the plan allows.
    package mutating func failureRunReached(
        _ endpoint: Int, now: UInt64, into changes: inout [Change]
    ) {
        guard self.endpoints.indices.contains(endpoint) else { return }
        self.eject(endpoint, .consecutiveFailures, now: now, into: &changes)
    }

    /// An interval is over: `outcomes` has what all workers saw of each endpoint.
    ///
    /// The worst are ejected first, as there may be places for a few only.
    package mutating func intervalEnded(
        _ outcomes: [EndpointOutcomes], now: UInt64, into changes: inout [Change]
    ) {
        self.timePassed(now: now, into: &changes)
        for index in self.endpoints.indices where self.endpoints[index].ejectedUntil == 0 {
            self.endpoints[index].ejectionCount -= min(self.endpoints[index].ejectionCount, 1)
        }
        self.suspects.removeAll(keepingCapacity: true)
        if let rule = self.plan.successRate { self.suspectBySuccessRate(rule, outcomes) }
        if let rule = self.plan.latency { self.suspectByLatency(rule, outcomes) }
        self.suspects.sort { $0.severity > $1.severity }
        for suspect in self.suspects {
            self.eject(suspect.endpoint, suspect.reason, now: now, into: &changes)
        }
    }

    private mutating func eject(
        _ index: Int, _ reason: Reason, now: UInt64, into changes: inout [Change]
    ) {
        guard self.endpoints[index].ejectedUntil == 0,
            self.ejectedCount < self.plan.ejectedCountMax(endpointCount: self.endpoints.count)
        else { return }
        self.ejectedCount += 1
        self.endpoints[index].ejectionCount &+= 1
        let count = UInt64(self.endpoints[index].ejectionCount)
        let (product, isTooLong) = self.plan.ejectionNanoseconds.multipliedReportingOverflow(
            by: count)
        let duration = isTooLong ? .max : product
        let end = now.addingReportingOverflow(min(duration, self.plan.ejectionNanosecondsMax))
        self.endpoints[index].ejectedUntil = end.overflow ? .max : max(end.partialValue, 1)
        changes.append(
            .ejected(
                endpoint: index, reason,
                untilNanoseconds: self.endpoints[index].ejectedUntil))
    }

    // MARK: Returning

    /// Puts back whose ejection is over.
    package mutating func timePassed(now: UInt64, into changes: inout [Change]) {
        guard self.ejectedCount > 0 else { return }
        for index in self.endpoints.indices {
            let until = self.endpoints[index].ejectedUntil
            guard until > 0, now >= until else { continue }
            self.endpoints[index].ejectedUntil = 0
            self.ejectedCount -= 1
            changes.append(.returned(endpoint: index))
        }
    }

    // MARK: Comparing

    /// Whether an endpoint is in and has requests enough to be compared.
    private func isComparable(
        _ index: Int, _ outcomes: [EndpointOutcomes], _ countMin: UInt64
    ) -> Bool {
        index < outcomes.count && self.endpoints[index].ejectedUntil == 0
            && outcomes[index].count >= max(countMin, 1)
    }

    private mutating func suspectBySuccessRate(
        _ rule: OutlierPlan.SuccessRate, _ outcomes: [EndpointOutcomes]
    ) {
        var (count, sum, squares) = (0.0, 0.0, 0.0)
        for index in self.endpoints.indices
        where self.isComparable(index, outcomes, rule.requestCountMin) {
            let rate = outcomes[index].successRate
            count += 1
            sum += rate
            squares += rate * rate
        }
        guard Int(count) >= max(rule.endpointCountMin, 2) else { return }
        let mean = sum / count
        let deviation = max(squares / count - mean * mean, 0).squareRoot()
        let limit = mean - max(rule.deviationFactor * deviation, rule.differenceMin)
        for index in self.endpoints.indices
        where self.isComparable(index, outcomes, rule.requestCountMin) {
            let rate = outcomes[index].successRate
            guard rate < limit else { continue }
            // Failing requests are worse than slow ones, so they come first.
            self.suspects.append(
                Suspect(endpoint: index, severity: 1e9 + mean - rate, reason: .successRate))
        }
    }

    private mutating func suspectByLatency(
        _ rule: OutlierPlan.Latency, _ outcomes: [EndpointOutcomes]
    ) {
        self.values.removeAll(keepingCapacity: true)
        for index in self.endpoints.indices
        where self.isComparable(index, outcomes, rule.requestCountMin)
            && outcomes[index].succeeded > 0
        {
            self.values.append(outcomes[index].latencyMean)
        }
        guard self.values.count >= max(rule.endpointCountMin, 2) else { return }
        self.values.sort()
        // The lower of the middle two: with few endpoints the slow half must not set the measure.
        let median = self.values[(self.values.count - 1) / 2]
        let limit = max(
            median * rule.factor, median + Double(rule.differenceMinNanoseconds))
        for index in self.endpoints.indices
        where self.isComparable(index, outcomes, rule.requestCountMin)
            && outcomes[index].latencyMean > limit
        {
            self.suspects.append(
                Suspect(
                    endpoint: index, severity: outcomes[index].latencyMean / max(median, 1),
                    reason: .latency))
        }
    }
}
