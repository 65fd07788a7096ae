import MartletAlgorithms
import MartletHTTP

/// How tries ended, told to all who go by it; and which are made again.
extension UpstreamTraffic {
    /// The endpoint of the exchange's present try.
    func row(_ exchange: Exchange) -> Int? {
        guard exchange.attempt.identifier != 0 else { return nil }
        return self.plan.balancing.identifiers.index(of: exchange.attempt.identifier)
    }

    /// The head of an answer has come.
    func tryAnswered(_ exchange: Exchange, status: UInt16, nanoseconds: UInt64) {
        self.outcomeKnown(exchange, hasFailed: status >= 500, nanoseconds: nanoseconds)
        if self.hedging != nil, status < 500 { self.noteForHedging(exchange) }
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

    func countSuccess(_ exchange: Exchange) {
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
    func tryEnded(_ exchange: Exchange) {
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
    func letProbesThrough(now: UInt64) {
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
            canReplay: exchange.machine.canReplayBody(
                isUnprocessed: failure == .refused || failure == .connectFailed),
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
