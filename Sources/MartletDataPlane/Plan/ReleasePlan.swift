package import MartletAlgorithms
import MartletConfig

/// How one route's users are shared out among upstreams, compiled.
///
/// Immutable and shared by all workers; which share the canary has now is the workers' state.
package struct ReleasePlan: Sendable {
    package let name: String
    package let route: String
    package let baseline: String
    package let variantNames: [String]
    /// Rows of `Plan.upstreams`, one for each variant.
    let variants: [Int]
    /// Fixed shares in hundredths of a percent; a rollout begins without any.
    package let shares: [UInt16]
    package let rollout: RolloutPlan?
    package let gate: CanaryGatePlan
    package let windowNanoseconds: UInt64
    /// So that the first users of one release are not the first of all.
    let salt: UInt64
    let cohort: RequestHashing
    private let always: RequestConditions
    private let among: RequestConditions

    init?(
        _ config: ReleaseConfig, route: RouteConfig, upstreams: [UpstreamConfig],
        regions: Regions, consumers: [String]
    ) {
        let row: (String) -> Int? = { name in upstreams.firstIndex { $0.name == name } }
        self.name = config.name.isEmpty ? route.name : config.name
        self.route = route.name
        self.baseline = route.upstream ?? ""
        self.variantNames =
            config.canary.map { [$0] }
            ?? config.split.prefix(TrafficSplit.variantCountMax).map(\.upstream)
        let variants = self.variantNames.compactMap(row)
        guard variants.count == self.variantNames.count else { return nil }
        self.variants = variants
        if config.steps.isEmpty {
            self.rollout = nil
            self.shares =
                config.canary != nil
                ? [UInt16(clamping: config.share ?? 0)]
                : config.split.map { UInt16(clamping: $0.share) }
        } else {
            let hold = WorkerClock.nanoseconds(config.hold)
            self.rollout = RolloutPlan(
                steps: config.steps.map {
                    RolloutPlan.Step(points: UInt16(clamping: $0), holdNanoseconds: hold)
                })
            self.shares = [0]
        }
        self.gate = CanaryGatePlan(config.gate)
        self.windowNanoseconds = WorkerClock.nanoseconds(config.gate.window)
        self.salt = StableHash.value(of: Array(self.name.utf8).span)
        self.cohort = RequestHashing(config.cohort)
        self.always = RequestConditions(
            config.always, regions: regions, consumers: consumers)
        self.among = RequestConditions(
            config.among, regions: regions, consumers: consumers)
    }

    /// Not everybody is placed by the shares.
    var hasConditions: Bool { !self.always.isEmpty || !self.among.isEmpty }

    enum Placement: Sendable, Equatable {
        /// Whatever its share.
        case canary
        /// It takes no part.
        case baseline
        case byShare
    }

    func placement(of exchange: Exchange) -> Placement {
        if self.always.hold(for: exchange) { return .canary }
        return self.among.isEmpty || self.among.hold(for: exchange) ? .byShare : .baseline
    }

    /// The rollout would be the same: what has been found out of it holds.
    package func isSame(as other: ReleasePlan) -> Bool {
        self.name == other.name && self.rollout == other.rollout && self.gate == other.gate
            && self.variantNames == other.variantNames && self.baseline == other.baseline
            && self.shares == other.shares
    }
}

extension CanaryGatePlan {
    fileprivate init(_ config: ReleaseGateConfig) {
        self.init()
        self.requestCountMin = UInt64(clamping: config.requestCountMin)
        self.errorRatioMax = 1 + Double(config.errorTolerancePercent) / 100
        self.errorRateDifferenceMin = Double(config.errorDifferenceMin) / 10_000
        self.latencyTolerance = Double(config.latencyTolerancePercent) / 100
        if !config.comparesLatency { self.latencyQuantiles = [] }
    }
}
