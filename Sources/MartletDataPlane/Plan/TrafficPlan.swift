package import MartletAlgorithms
package import MartletConfig

/// How the traffic of an upstream is led, compiled; upstreams with plain round robin have none.
///
/// Immutable and shared by all workers. A reload that changes nothing of it keeps it, so that hash
/// tables are not filled again.
package final class TrafficPlan: Sendable {
    /// All that it is made of.
    struct Settings: Sendable, Equatable {
        var balancing: BalancingConfig
        var shares: [EndpointShare]
        var retries: RetryConfig?
        var retryBudget: RetryBudgetConfig
        var hedging: HedgingConfig?
        var requestCountMax: Int?
        var retryCountMax: Int?
        var adaptive: AdaptiveConcurrencyConfig?
        var circuitBreaker: CircuitBreakerConfig?
        var endpointCircuitBreaker: CircuitBreakerConfig?
        var healthCheck: HealthCheckConfig?
        var outlierEjection: OutlierEjectionConfig?
    }

    let settings: Settings
    package let balancing: BalancingPlan
    let hashing: RequestHashing?
    let sticky: StickySession?
    /// Of routes that have none of their own.
    let retries: RetryPlan
    let hedging: HedgingPlan?
    /// Over all workers.
    let adaptive: AdaptiveLimitPlan?
    let circuitBreaker: CircuitBreakerPlan?
    let endpointCircuitBreaker: CircuitBreakerPlan?
    package let healthChecks: HealthCheckPlan?
    package let outliers: OutlierPlan?

    package var healthCheckConfig: HealthCheckConfig? { self.settings.healthCheck }
    package var hasCircuitBreaker: Bool { self.circuitBreaker != nil }
    package var algorithmName: String { self.settings.balancing.algorithm.rawValue }

    init(_ settings: Settings) {
        self.settings = settings
        let config = settings.balancing
        self.balancing = BalancingPlan(
            endpoints: settings.shares, algorithm: BalancingAlgorithm(config),
            slowStart: config.slowStart.map(SlowStart.init),
            overprovisioning: Double(config.overprovisioningPercent) / 100,
            panicThreshold: Double(config.panicThresholdPercent) / 100)
        self.hashing = config.hashOn.isEmpty ? nil : RequestHashing(config.hashOn)
        self.sticky = config.sticky.map { StickySession($0, endpoints: settings.shares) }
        self.retries = settings.retries.map(RetryPlan.init) ?? .unlessConfigured
        self.hedging = settings.hedging.map(HedgingPlan.init)
        self.adaptive = settings.adaptive.map(AdaptiveLimitPlan.init)
        self.circuitBreaker = settings.circuitBreaker.map(CircuitBreakerPlan.init)
        self.endpointCircuitBreaker = settings.endpointCircuitBreaker.map(CircuitBreakerPlan.init)
        self.healthChecks = settings.healthCheck.map(HealthCheckPlan.init)
        self.outliers = settings.outlierEjection.map(OutlierPlan.init)
    }

    /// Compiles what an upstream says of its traffic.
    ///
    /// - `found`: what each of `endpoints` was made of.
    /// - `isRetried`: a route has retries of its own for it.
    /// - `previous`: taken over if nothing differs.
    /// - Returns: `nil` for plain round robin, which needs no more than its weights.
    static func compile(
        _ config: UpstreamConfig, found: [EndpointConfig], endpoints: [EndpointPlan],
        locality: LocalityConfig, isRetried: Bool, previous: TrafficPlan?
    ) -> TrafficPlan? {
        let shares = EndpointShare.shares(found, endpoints, locality)
        let settings = Settings(
            balancing: config.balancing, shares: shares, retries: config.retries,
            retryBudget: config.retryBudget, hedging: config.hedging,
            requestCountMax: config.maxRequests,
            retryCountMax: config.maxRetries, adaptive: config.adaptiveConcurrency,
            circuitBreaker: config.circuitBreaker,
            endpointCircuitBreaker: config.endpointCircuitBreaker,
            healthCheck: config.healthCheck, outlierEjection: config.outlierEjection)
        guard isRetried || settings.isNeeded else { return nil }
        if let previous, previous.settings == settings { return previous }
        return TrafficPlan(settings)
    }
}

extension TrafficPlan: Equatable {
    package static func == (one: TrafficPlan, other: TrafficPlan) -> Bool {
        one === other || one.settings == other.settings
    }
}

extension TrafficPlan.Settings {
    /// There is more to it than the turns of plain round robin.
    fileprivate var isNeeded: Bool {
        self.balancing != BalancingConfig() || Set(self.shares.map(\.tier)).count > 1
            || self.retries != nil || self.hedging != nil || self.retryBudget != RetryBudgetConfig()
            || self.requestCountMax != nil || self.retryCountMax != nil
            || self.adaptive != nil || self.circuitBreaker != nil
            || self.endpointCircuitBreaker != nil || self.healthCheck != nil
            || self.outlierEjection != nil
    }
}

extension EndpointShare {
    /// What each endpoint may get, by priority and distance.
    fileprivate static func shares(
        _ configs: [EndpointConfig], _ endpoints: [EndpointPlan], _ own: LocalityConfig
    ) -> [EndpointShare] {
        zip(configs, endpoints).map { config, endpoint in
            let here = Locality(
                zone: config.locality.zone.map(Self.number),
                region: config.locality.region.map(Self.number),
                ownZone: own.zone.map(Self.number), ownRegion: own.region.map(Self.number))
            return EndpointShare(
                identifier: endpoint.identifier, weight: endpoint.weight,
                tier: here.tier(priority: UInt16(clamping: config.priority)))
        }
    }

    private static func number(_ name: String) -> UInt32 {
        UInt32(truncatingIfNeeded: StableHash.value(of: Array(name.utf8).span))
    }
}

extension BalancingAlgorithm {
    fileprivate init(_ config: BalancingConfig) {
        switch config.algorithm {
        case .roundRobin: self = .roundRobin
        case .random: self = .random
        case .leastRequest: self = .leastRequest
        case .leastRequestOfAll: self = .leastRequestOfAll
        case .peakEWMA:
            self = .peakLatency(
                PeakLatency(
                    decayNanoseconds: WorkerClock.nanoseconds(config.latencyDecay),
                    failureNanoseconds: WorkerClock.nanoseconds(config.failureLatency)))
        case .consistentHash:
            self = .consistentHash(
                loadBound: config.boundedLoadPercent.map {
                    LoadBound(percent: UInt32(clamping: $0))
                })
        }
    }
}

extension SlowStart {
    fileprivate init(_ config: SlowStartConfig) {
        self.init(
            windowNanoseconds: WorkerClock.nanoseconds(config.window),
            minimumShare: Double(config.minimumPercent) / 100)
    }
}

extension RetryPlan {
    package init(_ config: RetryConfig) {
        self.init()
        self.conditions = config.conditions.reduce(into: []) { conditions, condition in
            switch condition {
            case .connectFailure: conditions.insert(.connectFailure)
            case .refused: conditions.insert(.refused)
            case .connectionLost: conditions.insert(.connectionLost)
            case .timeout: conditions.insert(.timeout)
            }
        }
        self.statuses = StatusSet(config.statuses.map { UInt16(clamping: $0) })
        if !config.statuses.isEmpty { self.conditions.insert(.status) }
        self.tryCountMax = config.attempts
        self.backoff = Backoff(
            startNanoseconds: WorkerClock.nanoseconds(config.backoffStart),
            capNanoseconds: WorkerClock.nanoseconds(config.backoffMax))
        self.retryAfterNanosecondsMax = WorkerClock.nanoseconds(config.retryAfterMax)
        self.includesUnsafe = config.includesUnsafe
        self.replayBytesMax = config.attempts > 1 ? config.replayBodyBytesMax : 0
    }

    /// As plain upstreams do it: what cannot have taken effect goes to another endpoint.
    fileprivate static var unlessConfigured: RetryPlan {
        var plan = RetryPlan()
        plan.conditions = [.connectFailure, .refused]
        plan.tryCountMax = 3
        return plan
    }
}

extension HedgingPlan {
    fileprivate init(_ config: HedgingConfig) {
        self.init(
            delay: config.after.map { .fixed(nanoseconds: WorkerClock.nanoseconds($0)) }
                ?? .quantile(Double(config.percentile) / 100),
            delayNanosecondsMin: config.after == nil
                ? WorkerClock.nanoseconds(config.delayMin) : 0,
            sampleCountMin: UInt64(clamping: config.sampleCountMin))
    }
}

extension AdaptiveLimitPlan {
    fileprivate init(_ config: AdaptiveConcurrencyConfig) {
        self.init()
        self.limitStart = config.start
        self.limitMin = config.min
        self.limitMax = config.max
        self.tolerance = Double(config.tolerancePercent) / 100
        self.probeIntervalNanoseconds = WorkerClock.nanoseconds(config.probeInterval)
    }
}

extension Worker {
    /// What is this worker's of a limit that is found for all.
    func share(of plan: AdaptiveLimitPlan) -> AdaptiveLimitPlan {
        var own = plan
        own.limitStart = self.share(of: plan.limitStart)
        own.limitMin = self.share(of: plan.limitMin)
        own.limitMax = self.share(of: plan.limitMax)
        return own
    }
}

extension CircuitBreakerPlan {
    fileprivate init(_ config: CircuitBreakerConfig) {
        self.init()
        self.window = .time(nanoseconds: WorkerClock.nanoseconds(config.window))
        self.callCountMin = UInt64(clamping: config.callCountMin)
        self.failurePercent = UInt64(clamping: config.failurePercent)
        self.slowNanoseconds = config.slowAfter.map(WorkerClock.nanoseconds)
        self.slowPercent = UInt64(clamping: config.slowPercent)
        self.openNanoseconds = WorkerClock.nanoseconds(config.open)
        self.openNanosecondsMax = WorkerClock.nanoseconds(config.openMax)
        self.probeCount = UInt64(clamping: config.probes)
    }
}

extension HealthCheckPlan {
    fileprivate init(_ config: HealthCheckConfig) {
        let beginning: Beginning =
            switch config.initially {
            case .healthy: .healthy
            case .unhealthy: .unhealthy
            case .firstResult: .firstResult
            }
        self.init(
            beginning: beginning, passCount: UInt32(clamping: config.passCount),
            failureCount: UInt32(clamping: config.failureCount),
            intervalNanoseconds: WorkerClock.nanoseconds(config.interval),
            unhealthyIntervalNanoseconds: config.unhealthyInterval.map(WorkerClock.nanoseconds),
            jitter: Double(config.jitterPercent) / 100)
    }
}

extension OutlierPlan {
    fileprivate init(_ config: OutlierEjectionConfig) {
        self.init()
        self.consecutiveFailureCount = UInt32(clamping: config.consecutiveFailures)
        self.intervalNanoseconds = WorkerClock.nanoseconds(config.interval)
        self.ejectionNanoseconds = WorkerClock.nanoseconds(config.duration)
        self.ejectionNanosecondsMax = WorkerClock.nanoseconds(config.durationMax)
        self.ejectedPercentMax = UInt32(clamping: config.ejectedPercentMax)
        if let rate = config.successRate {
            var rule = SuccessRate()
            rule.requestCountMin = UInt64(clamping: rate.requestCountMin)
            rule.endpointCountMin = rate.endpointCountMin
            rule.differenceMin = Double(rate.differencePercent) / 100
            self.successRate = rule
        }
        if let latency = config.latency {
            var rule = Latency()
            rule.requestCountMin = UInt64(clamping: latency.requestCountMin)
            rule.endpointCountMin = latency.endpointCountMin
            rule.factor = Double(latency.factorPercent) / 100
            rule.differenceMinNanoseconds = WorkerClock.nanoseconds(latency.differenceMin)
            self.latency = rule
        }
    }
}
