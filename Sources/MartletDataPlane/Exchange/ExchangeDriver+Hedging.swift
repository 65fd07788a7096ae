import MartletAlgorithms
import MartletHTTP
import MartletTelemetry

/// Two tries of one exchange at a time: a read that takes unusually long is sent once more, and the
/// first good answer is passed on.
///
/// The second try has an exchange of its own without a client, the hedge. It ends as soon as either
/// is answered, or becomes what the first one was.
extension ExchangeDriver {
    /// No answer has begun in the time that is usual.
    static func hedgeDue(_ exchange: Exchange, _ traffic: UpstreamTraffic) {
        guard exchange.downstream != nil, exchange.hedge == nil,
            exchange.machine.response == .awaited, !exchange.attempt.isPausing,
            exchange.machine.upstream == .waiting || exchange.machine.upstream == .attached,
            let upstream = exchange.upstream, upstream.traffic === traffic,
            traffic.admitsHedge(of: exchange)
        else { return }
        let hedge = exchange.worker.takeHedge(of: exchange)
        guard case .go(let endpoint) = traffic.hedgeBegan(hedge, of: exchange) else {
            return giveBack(hedge)
        }
        exchange.hedge = hedge
        upstream.shard.upstreamHedged(upstream: upstream.index)
        exchange.machine.hedgeSent()
        exchange.record.attempts = exchange.machine.attempts
        switch upstream.lease(hedge, endpoint: endpoint) {
        case .leased(let connection): connectionLeased(connection, to: hedge)
        case .waiting(let ticket):
            hedge.ticket = ticket
            hedge.arm(upstream.plan.queueTicks)
        case .failed: abandonHedge(exchange)
        }
    }

    // MARK: Answers

    /// The hedge's answer has begun.
    ///
    /// - Returns: the exchange that it is for; `nil` if it is no better than none.
    static func hedgeAnswered(_ hedge: Exchange) -> Exchange? {
        guard let exchange = hedge.hedged, let connection = hedge.connection else { return nil }
        guard hedge.response.status >= 500 else {
            take(hedge, for: exchange)
            connection.upstream.shard.upstreamHedgeWon(upstream: connection.upstream.index)
            return exchange
        }
        noteBadAnswer(hedge, connection)
        abandonHedge(exchange)
        return nil
    }

    /// The first try is answered while there is a hedge: it ends, unless this answer is none.
    ///
    /// - Returns: whether the hedge goes on in its place.
    static func hedgeReplacesAnswer(_ exchange: Exchange, _ connection: UpstreamSide) -> Bool {
        guard exchange.response.status >= 500, let hedge = exchange.hedge,
            hedge.machine.upstream == .attached
        else {
            abandonHedge(exchange)
            return false
        }
        noteBadAnswer(exchange, connection)
        leave(exchange, connection)
        take(hedge, for: exchange)
        return true
    }

    private static func noteBadAnswer(_ exchange: Exchange, _ connection: UpstreamSide) {
        let nanoseconds = exchange.worker.clock.now &- exchange.upstreamSentAt
        let status = exchange.response.status
        connection.upstream.shard.upstreamAttemptFinished(
            upstream: connection.upstream.index, endpoint: connection.endpoint, status: status,
            headNanoseconds: nanoseconds)
        exchange.upstream?.traffic?.tryAnswered(
            exchange, status: status, nanoseconds: nanoseconds)
    }

    // MARK: Failures

    /// A try has failed beside which there may be another.
    ///
    /// - Returns: whether that one goes on, so that nobody is to be told.
    static func otherGoesOn(_ exchange: Exchange) -> Bool {
        if let first = exchange.hedged {
            exchange.upstream?.traffic?.tryFailed(exchange)
            abandonHedge(first)
            return true
        }
        guard let hedge = exchange.hedge else { return false }
        guard hedge.machine.upstream == .attached, exchange.machine.response == .awaited else {
            abandonHedge(exchange)
            return false
        }
        exchange.upstream?.traffic?.tryFailed(exchange)
        take(hedge, for: exchange)
        return true
    }

    // MARK: The end of a hedge

    /// Nobody wants the hedge's answer any more.
    static func abandonHedge(_ exchange: Exchange) {
        guard let hedge = exchange.hedge else { return }
        exchange.hedge = nil
        abandonUpstream(hedge)
        giveBack(hedge)
    }

    private static func giveBack(_ hedge: Exchange) {
        hedge.upstream?.traffic?.hedgeEnded(hedge)
        hedge.hedged = nil
        hedge.worker.giveBack(hedge)
    }

    /// Puts the hedge's connection, and what has come of an answer, in the place of the first try.
    private static func take(_ hedge: Exchange, for exchange: Exchange) {
        exchange.hedge = nil
        hedge.hedged = nil
        abandonUpstream(exchange)
        exchange.upstream?.traffic?.hedgeTaken(hedge, by: exchange)
        exchange.machine.hedgeTaken()
        exchange.connection = hedge.connection
        hedge.connection = nil
        exchange.connection?.handOver(to: exchange)
        exchange.response.swapContents(with: hedge.response)
        exchange.responseParser = hedge.responseParser
        exchange.upstreamSentAt = hedge.upstreamSentAt
        exchange.hasReceivedResponseBytes = hedge.hasReceivedResponseBytes
        exchange.takeDeadline(of: hedge)
        hedge.worker.giveBack(hedge)
    }
}
