import MartletAlgorithms
import MartletHTTP

/// Hedging: a read that takes unusually long is sent once more, to another endpoint.
///
/// A hedge is a retry that does not wait for the failure: it takes a retry's place and comes out of
/// the same budget.
extension UpstreamTraffic {
    /// The exchange will be looked at again when it has taken unusually long.
    func awaitHedge(_ exchange: Exchange) {
        guard let delay = self.hedging?.nanoseconds, exchange.request.method.isSafe,
            exchange.upgrade == .none, self.plan.balancing.endpoints.count > 1
        else { return }
        self.hedges?.append(exchange, due: self.worker.clock.now &+ delay)
    }

    /// Decides whether the request is sent once more now, and takes a place for it.
    func admitsHedge(of exchange: Exchange) -> Bool {
        guard let plan = self.hedging?.plan, self.bulkhead.take(.retry) else { return false }
        let canReplay =
            exchange.machine.request == .complete && !exchange.machine.hasSentBody
            && exchange.requestBody.chunks.trailers.isEmpty
        let decision = plan.hedgeDue(
            isIdempotent: exchange.request.method.isSafe, canReplay: canReplay,
            hedgeCount: exchange.attempt.hasHedged ? 1 : 0, budget: &self.budget,
            now: self.worker.clock.now)
        guard case .send = decision else {
            self.bulkhead.give(.retry)
            return false
        }
        exchange.attempt.hasHedged = true
        return true
    }

    /// Chooses the endpoint of a hedge, another than that of the try it goes beside.
    func hedgeBegan(_ hedge: Exchange, of exchange: Exchange) -> OnTry {
        hedge.attempt.isAdmitted = true
        hedge.attempt.isRetry = true
        hedge.attempt.request = exchange.attempt.request
        if let index = self.row(exchange) { hedge.attempt.request.tried.insert(index) }
        return self.tryBegan(hedge)
    }

    /// A hedge is over and was not taken.
    func hedgeEnded(_ hedge: Exchange) {
        self.tryEnded(hedge)
        hedge.attempt = UpstreamAttempt()
    }

    /// The hedge is the exchange's present try from here on; the one before is over.
    func hedgeTaken(_ hedge: Exchange, by exchange: Exchange) {
        if !exchange.attempt.hasOutcome { self.noteOvertaken(exchange) }
        self.tryEnded(exchange)
        exchange.attempt.identifier = hedge.attempt.identifier
        exchange.attempt.permit = hedge.attempt.permit
        exchange.attempt.endpointPermit = hedge.attempt.endpointPermit
        exchange.attempt.isRetry = true
        exchange.attempt.hasOutcome = false
        exchange.attempt.isGoodSoFar = false
        exchange.attempt.tryCount &+= 1
        hedge.attempt = UpstreamAttempt()
    }

    /// How long the endpoint would have taken is not known: at least this long.
    private func noteOvertaken(_ exchange: Exchange) {
        guard let index = self.row(exchange) else { return }
        let now = self.worker.clock.now
        let start = max(exchange.upstreamSentAt, exchange.upstreamStartedAt)
        self.picker.table.latencyObserved(
            index, nanoseconds: now > start ? now &- start : 0, now: now)
    }

    /// What is usual is found by whole exchanges: those that a hedge has made shorter count from
    /// the beginning of the first try, or hedges would make themselves more.
    func noteForHedging(_ exchange: Exchange) {
        let now = self.worker.clock.now
        guard exchange.hedged == nil, now > exchange.upstreamStartedAt else { return }
        self.hedging?.answered(nanoseconds: now &- exchange.upstreamStartedAt, now: now)
    }
}
