import MartletAlgorithms
import MartletHTTP

/// Requests and their tries: which are made, and at which endpoint.
extension UpstreamTraffic {
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
                // A hedge to where the first try is would wait for the same.
                guard exchange.hedged == nil else { return .fail(.noEndpoint) }
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
}
