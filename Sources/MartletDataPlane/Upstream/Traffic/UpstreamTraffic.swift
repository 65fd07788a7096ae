import MartletAlgorithms
import MartletConfig

/// How one worker leads the traffic of one upstream: which endpoint a request gets, whether it gets
/// one at all, and whether a failed try is made again.
///
/// Owned by its `Upstream` and confined to the worker's loop; kept over reloads, in which endpoints
/// that stay keep what is known of them. Bounded by the number of endpoints. Decides, and does no
/// I/O.
final class UpstreamTraffic {
    private(set) var plan: TrafficPlan
    unowned let worker: Worker
    var picker: EndpointPicker
    var budget: RetryBudget
    var bulkhead: Bulkhead
    /// Follows latency; `nil` if the number of requests is not bounded by it.
    var adaptive: AdaptiveLimit?
    var breaker: CircuitBreakerStateMachine?
    /// Times that a breaker of this upstream has opened.
    var breakerOpenings: UInt64 = 0
    /// By endpoint; empty if there are none.
    var endpointBreakers: ContiguousArray<CircuitBreakerStateMachine> = []
    /// When the next open breaker lets probes through; `.max` while none is open.
    var probesDue = UInt64.max
    /// Where outliers are looked for.
    var outcomes: OutcomeCounts?
    /// When reads are sent once more; `nil` if they are not.
    var hedging: HedgingDelay?
    /// Those that may be; there is one as soon as `hedging` is.
    private(set) var hedges: HedgeQueue?

    init(_ plan: TrafficPlan, endpoints: [EndpointPlan], worker: Worker) {
        self.plan = plan
        self.worker = worker
        self.picker = EndpointPicker(plan: plan.balancing)
        self.budget = Self.budget(plan, worker)
        self.bulkhead = Bulkhead(limits: Self.limits(plan, worker))
        self.adaptive = plan.adaptive.map { AdaptiveLimit(plan: worker.share(of: $0)) }
        self.breaker = plan.circuitBreaker.map(CircuitBreakerStateMachine.init)
        self.endpointBreakers = Self.breakers(plan)
        self.outcomes = Self.outcomes(plan)
        self.hedging = plan.hedging.map { HedgingDelay(plan: $0) }
        self.noteAddresses(endpoints)
        for index in plan.balancing.endpoints.indices { self.awaitCheck(index) }
        if self.hedging != nil { self.hedges = HedgeQueue(self, worker: worker) }
    }

    private static func outcomes(_ plan: TrafficPlan) -> OutcomeCounts? {
        plan.outliers.map { OutcomeCounts($0, endpoints: plan.balancing.endpoints) }
    }

    /// A new endpoint takes no traffic before it has been checked, unless the plan says otherwise.
    private func awaitCheck(_ index: Int) {
        guard let checks = self.plan.healthChecks, checks.beginning != .healthy else { return }
        self.picker.table.conditionsBegan(.unhealthy, of: index)
    }

    private static func budget(_ plan: TrafficPlan, _ worker: Worker) -> RetryBudget {
        let config = plan.settings.retryBudget
        return RetryBudget(
            percent: UInt32(clamping: config.percent),
            retryCountMin: config.retryCountMin == 0
                ? 0 : UInt64(clamping: worker.share(of: config.retryCountMin)),
            windowNanoseconds: WorkerClock.nanoseconds(config.window))
    }

    private static func limits(_ plan: TrafficPlan, _ worker: Worker) -> BulkheadLimits {
        let share: (Int?) -> UInt32 = { limit in
            guard let limit else { return .max }
            return limit == 0 ? 0 : UInt32(clamping: worker.share(of: limit))
        }
        return BulkheadLimits(
            requests: share(plan.settings.requestCountMax),
            retries: share(plan.settings.retryCountMax))
    }

    private static func breakers(
        _ plan: TrafficPlan
    ) -> ContiguousArray<CircuitBreakerStateMachine> {
        guard let breaker = plan.endpointCircuitBreaker else { return [] }
        return ContiguousArray(
            repeating: CircuitBreakerStateMachine(plan: breaker),
            count: plan.balancing.endpoints.count)
    }

    // MARK: Reload

    /// Takes a new plan, or new addresses, over.
    func update(to plan: TrafficPlan, endpoints: [EndpointPlan]) {
        defer { self.noteAddresses(endpoints) }
        guard plan !== self.plan else { return }
        let old = self.plan
        let oldBreakers = self.endpointBreakers
        self.plan = plan
        self.picker.update(to: plan.balancing, now: self.worker.clock.now)
        if plan.settings.retryBudget != old.settings.retryBudget {
            self.budget = Self.budget(plan, self.worker)
        }
        self.bulkhead.update(to: Self.limits(plan, self.worker))
        if plan.adaptive != old.adaptive {
            self.adaptive = plan.adaptive.map { AdaptiveLimit(plan: self.worker.share(of: $0)) }
        }
        if plan.circuitBreaker != old.circuitBreaker {
            self.breaker = plan.circuitBreaker.map(CircuitBreakerStateMachine.init)
        }
        if plan.hedging != old.hedging {
            self.hedging = plan.hedging.map { HedgingDelay(plan: $0) }
            if self.hedging != nil, self.hedges == nil {
                self.hedges = HedgeQueue(self, worker: self.worker)
            }
        }
        self.endpointBreakers = Self.breakers(plan)
        for index in self.endpointBreakers.indices {
            let identifier = plan.balancing.endpoints[index].identifier
            guard plan.endpointCircuitBreaker == old.endpointCircuitBreaker,
                let before = old.balancing.identifiers.index(of: identifier)
            else {
                self.picker.table.conditionsEnded(
                    .broken, of: index, now: self.worker.clock.now)
                continue
            }
            self.endpointBreakers[index] = oldBreakers[before]
        }
        self.outcomes = Self.outcomes(plan)
        self.endConditionsOfNobody(old)
    }

    /// Conditions that nobody would end any more, and endpoints that nobody has looked at yet.
    private func endConditionsOfNobody(_ old: TrafficPlan) {
        var over: EndpointConditions = []
        if self.endpointBreakers.isEmpty { over.insert(.broken) }
        if self.plan.healthChecks == nil { over.insert(.unhealthy) }
        if self.plan.outliers == nil { over.insert(.ejected) }
        for (index, endpoint) in self.plan.balancing.endpoints.enumerated() {
            self.picker.table.conditionsEnded(over, of: index, now: self.worker.clock.now)
            if old.balancing.identifiers.index(of: endpoint.identifier) == nil {
                self.awaitCheck(index)
            }
        }
    }

    // MARK: Health

    /// What was found out about an endpoint by whoever looks at all of them.
    func apply(_ change: EndpointChange) {
        guard let index = self.plan.balancing.identifiers.index(of: change.identifier) else {
            return
        }
        if change.begins {
            self.picker.table.conditionsBegan(change.condition, of: index)
        } else {
            self.picker.table.conditionsEnded(
                change.condition, of: index, now: self.worker.clock.now)
        }
    }

    /// What was counted since this was asked last.
    func takeOutcomes() -> [EndpointOutcomeReport]? { self.outcomes?.take() }

    func reports() -> [EndpointReport] {
        zip(self.plan.balancing.endpoints, self.picker.table.rows).map { endpoint, row in
            EndpointReport(
                identifier: endpoint.identifier, conditions: row.conditions,
                inFlight: Int(row.inFlight),
                weightShare: endpoint.weight == 0
                    ? 1 : Double(row.weight) / (Double(endpoint.weight) * 1024))
        }
    }

    /// An endpoint whose name has no address takes no traffic.
    private func noteAddresses(_ endpoints: [EndpointPlan]) {
        for (index, endpoint) in endpoints.enumerated() {
            if endpoint.addresses.isEmpty {
                self.picker.table.conditionsBegan(.unresolved, of: index)
            } else {
                self.picker.table.conditionsEnded(
                    .unresolved, of: index, now: self.worker.clock.now)
            }
        }
    }
}
