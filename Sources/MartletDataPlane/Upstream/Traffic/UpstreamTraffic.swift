import MartletAlgorithms
import MartletConfig
import MartletHTTP

/// How one worker leads the traffic of one upstream: which endpoint a request gets, whether it gets
/// one at all, and whether a failed try is made again.
///
/// Owned by its `Upstream` and confined to the worker's loop; kept over reloads, in which endpoints
/// that stay keep what is known of them. Bounded by the number of endpoints. Decides, and does no
/// I/O.
final class UpstreamTraffic {
    private(set) var plan: TrafficPlan
    private unowned let worker: Worker
    var picker: EndpointPicker
    private var budget: RetryBudget
    private var bulkhead: Bulkhead
    /// Follows latency; `nil` if the number of requests is not bounded by it.
    private var adaptive: AdaptiveLimit?
    private var breaker: CircuitBreakerStateMachine?
    /// Times that a breaker of this upstream has opened.
    private var breakerOpenings: UInt64 = 0
    /// By endpoint; empty if there are none.
    private(set) var endpointBreakers: ContiguousArray<CircuitBreakerStateMachine> = []
    /// When the next open breaker lets probes through; `.max` while none is open.
    private var probesDue = UInt64.max
    /// Where outliers are looked for.
    private var outcomes: OutcomeCounts?

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
        self.noteAddresses(endpoints)
        for index in plan.balancing.endpoints.indices { self.awaitCheck(index) }
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

    // MARK: Requests

    /// A request wants to be sent: counts it, and works out what its endpoint is chosen by.
    ///
    /// - Returns: why it is not.
    func requestBegan(_ exchange: Exchange) -> ProxyError? {
        if let adaptive = self.adaptive,
            !adaptive.admits(inFlight: Int(self.bulkhead.used(.request)))
        {
            return .requestLimit
        }
        guard self.bulkhead.take(.request) else { return .requestLimit }
        self.budget.requestBegan(now: self.worker.clock.now)
        exchange.attempt.isAdmitted = true
        exchange.attempt.request.hash = self.plan.hashing?.hash(of: exchange)
        exchange.attempt.request.boundIdentifier = self.plan.sticky?.boundIdentifier(
            exchange.request.headers)
        return nil
    }

    /// The exchange is over.
    func requestEnded(_ exchange: Exchange) {
        self.countSuccess(exchange)
        if exchange.attempt.hasOutcome { self.noteLatency(exchange.attempt.headNanoseconds) }
        self.tryEnded(exchange)
        exchange.attempt = UpstreamAttempt()
        self.budget.requestEnded()
        self.bulkhead.give(.request)
    }

    /// - `nanoseconds`: of the last try; failures that come at once say nothing of load.
    private func noteLatency(_ nanoseconds: UInt64) {
        guard nanoseconds > 0, let plan = self.plan.adaptive else { return }
        self.adaptive?.requestEnded(
            nanoseconds: nanoseconds, inFlight: Int(self.bulkhead.used(.request)),
            now: self.worker.clock.now, self.worker.share(of: plan))
    }

    /// What one worker tells of the upstream as a whole.
    func report() -> UpstreamReport {
        UpstreamReport(
            requests: Int(self.bulkhead.used(.request)), retries: Int(self.bulkhead.used(.retry)),
            concurrencyLimit: self.adaptive?.limit, isOpen: self.breaker?.opening != nil,
            openEndpoints: self.endpointBreakers.count { $0.opening != nil },
            breakerOpenings: self.breakerOpenings)
    }

    // MARK: Tries

    enum OnTry {
        /// To the endpoint in this row.
        case go(Int)
        case fail(ProxyError)
    }

    /// Chooses the endpoint of a try and counts it there.
    func tryBegan(_ exchange: Exchange) -> OnTry {
        let now = self.worker.clock.now
        if now >= self.probesDue { self.letProbesThrough(now: now) }
        var permit: CallPermit?
        if let asked = self.breaker?.callRequested(now: now) {
            guard case .permit(let given) = asked else { return .fail(.circuitOpen) }
            permit = given
        }
        switch self.choose(exchange, now: now) {
        case .go(let index):
            self.picker.table.requestBegan(index)
            exchange.attempt.permit = permit
            exchange.attempt.identifier = self.plan.balancing.endpoints[index].identifier
            exchange.attempt.hasOutcome = false
            exchange.attempt.tryCount &+= 1
            return .go(index)
        case .fail(let error):
            if let permit { self.breaker?.callAbandoned(permit) }
            return .fail(error)
        }
    }

    private func choose(_ exchange: Exchange, now: UInt64) -> OnTry {
        var request = exchange.attempt.request
        var isBroken = false
        // Once for each that may have been tried, and once more when all have.
        for _ in 0...(TriedEndpoints.countMax + 1) {
            switch self.picker.pick(request, now: now, random: &self.worker.random) {
            case .endpoint(let index):
                guard !self.endpointBreakers.isEmpty else { return .go(index) }
                if case .permit(let permit) = self.endpointBreakers[index].callRequested(now: now) {
                    exchange.attempt.endpointPermit = permit
                    return .go(index)
                }
                isBroken = true
                request.tried.insert(index)
            case .allTried:
                guard !isBroken, !exchange.attempt.request.tried.isEmpty else {
                    return .fail(isBroken ? .circuitOpen : .noEndpoint)
                }
                // A retry goes to one that failed before, rather than to none.
                exchange.attempt.request.tried = TriedEndpoints()
                request.tried = TriedEndpoints()
            case .allFull: return .fail(.requestLimit)
            case .noneAvailable: return .fail(self.reasonForNone())
            }
        }
        return .fail(isBroken ? .circuitOpen : .noEndpoint)
    }

    private func reasonForNone() -> ProxyError {
        var isUnresolved = true
        for row in self.picker.table.rows {
            if row.conditions.contains(.broken) { return .circuitOpen }
            if !row.conditions.contains(.unresolved) { isUnresolved = false }
        }
        return isUnresolved ? .nameNotResolved : .noEndpoint
    }

    /// For a connection that is passed on as it is.
    func pickForTunnel(_ peer: ClientAddress) -> Int? {
        var request = PickRequest()
        if case .consistentHash = self.plan.balancing.algorithm {
            request.hash = StableHash.value(of: peer.bits)
        }
        let now = self.worker.clock.now
        guard
            case .endpoint(let index) = self.picker.pick(
                request, now: now, random: &self.worker.random)
        else { return nil }
        return index
    }

    // MARK: Outcomes

    /// The endpoint of the exchange's present try.
    private func row(_ exchange: Exchange) -> Int? {
        guard exchange.attempt.identifier != 0 else { return nil }
        return self.plan.balancing.identifiers.index(of: exchange.attempt.identifier)
    }

    /// The head of an answer has come.
    func tryAnswered(_ exchange: Exchange, status: UInt16, nanoseconds: UInt64) {
        self.outcomeKnown(exchange, hasFailed: status >= 500, nanoseconds: nanoseconds)
    }

    /// No answer came, or none that can be read; the next try avoids the endpoint.
    func tryFailed(_ exchange: Exchange) {
        let now = self.worker.clock.now
        let start = max(exchange.upstreamSentAt, exchange.upstreamStartedAt)
        self.outcomeKnown(exchange, hasFailed: true, nanoseconds: now > start ? now &- start : 0)
    }

    /// An answer that had begun well was cut off.
    func answerCut(_ exchange: Exchange) {
        guard exchange.attempt.isGoodSoFar, let index = self.row(exchange) else { return }
        exchange.attempt.isGoodSoFar = false
        self.outcomes?.record(index, hasFailed: true, nanoseconds: 0)
    }

    private func countSuccess(_ exchange: Exchange) {
        guard exchange.attempt.isGoodSoFar, let index = self.row(exchange) else { return }
        exchange.attempt.isGoodSoFar = false
        self.outcomes?.record(
            index, hasFailed: false, nanoseconds: exchange.attempt.headNanoseconds)
    }

    private func outcomeKnown(_ exchange: Exchange, hasFailed: Bool, nanoseconds: UInt64) {
        guard !exchange.attempt.hasOutcome, let index = self.row(exchange) else { return }
        exchange.attempt.hasOutcome = true
        if hasFailed {
            exchange.attempt.request.tried.insert(index)
            self.outcomes?.record(index, hasFailed: true, nanoseconds: nanoseconds)
        } else {
            exchange.attempt.isGoodSoFar = true
        }
        exchange.attempt.headNanoseconds = nanoseconds
        let now = self.worker.clock.now
        self.picker.table.latencyObserved(
            index, nanoseconds: hasFailed ? nil : nanoseconds, now: now)
        if let permit = exchange.attempt.permit {
            let ended = self.breaker?.callEnded(
                permit, hasFailed: hasFailed, nanoseconds: nanoseconds, now: now)
            if case .opened = ended { self.breakerOpenings &+= 1 }
        }
        guard let permit = exchange.attempt.endpointPermit,
            self.endpointBreakers.indices.contains(index)
        else { return }
        switch self.endpointBreakers[index].callEnded(
            permit, hasFailed: hasFailed, nanoseconds: nanoseconds, now: now)
        {
        case .opened(_, let until):
            self.breakerOpenings &+= 1
            self.picker.table.conditionsBegan(.broken, of: index)
            self.probesDue = min(self.probesDue, until)
        case .closed: self.picker.table.conditionsEnded(.broken, of: index, now: now)
        case .none: break
        }
    }

    /// The next try goes elsewhere if it can.
    func avoidEndpoint(_ exchange: Exchange) {
        if let index = self.row(exchange) { exchange.attempt.request.tried.insert(index) }
    }

    /// The present try is over, however it went.
    private func tryEnded(_ exchange: Exchange) {
        if exchange.attempt.isRetry {
            exchange.attempt.isRetry = false
            self.bulkhead.give(.retry)
        }
        self.tryReplaced(exchange)
    }

    /// The present try is over, and another takes its place among the retries.
    func tryReplaced(_ exchange: Exchange) {
        guard exchange.attempt.identifier != 0 else { return }
        if let index = self.row(exchange) {
            self.picker.table.requestEnded(index)
            if !exchange.attempt.hasOutcome, let permit = exchange.attempt.endpointPermit,
                self.endpointBreakers.indices.contains(index)
            {
                self.endpointBreakers[index].callAbandoned(permit)
            }
        }
        if !exchange.attempt.hasOutcome, let permit = exchange.attempt.permit {
            self.breaker?.callAbandoned(permit)
        }
        exchange.attempt.identifier = 0
        exchange.attempt.permit = nil
        exchange.attempt.endpointPermit = nil
    }

    /// Breakers that have been open long enough: their endpoints may be picked for probes.
    private func letProbesThrough(now: UInt64) {
        self.probesDue = .max
        for index in self.endpointBreakers.indices {
            guard let opening = self.endpointBreakers[index].opening else { continue }
            if now >= opening.untilNanoseconds {
                self.picker.table.conditionsEnded(.broken, of: index, now: now)
            } else {
                self.probesDue = min(self.probesDue, opening.untilNanoseconds)
            }
        }
    }

    // MARK: Retries

    /// Decides whether a failed try is made again, and takes a place for it.
    func decideRetry(
        _ failure: TryFailure, of exchange: Exchange, by plan: RetryPlan?
    ) -> RetryDecision {
        var facts = TryFacts(
            failure: failure, isIdempotent: exchange.request.method.isIdempotent,
            canReplay: !exchange.machine.hasSentBody,
            tryCount: Int(exchange.attempt.tryCount))
        facts.hasAnswerBegun = exchange.interimCount > 0
        facts.remainingNanoseconds = exchange.remainingNanoseconds
        let hasPlace = exchange.attempt.isRetry
        guard hasPlace || self.bulkhead.take(.retry) else { return .giveUp(.noBudget) }
        let decision = (plan ?? self.plan.retries).decide(
            facts, budget: &self.budget, now: self.worker.clock.now, random: &self.worker.random)
        guard case .retry = decision else {
            if !hasPlace { self.bulkhead.give(.retry) }
            return decision
        }
        exchange.attempt.isRetry = true
        return decision
    }
}
