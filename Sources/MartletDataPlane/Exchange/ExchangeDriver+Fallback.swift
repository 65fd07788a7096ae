import MartletAlgorithms
import MartletHTTP
import MartletTelemetry

/// What a client gets when the upstream has not answered and is not tried again.
extension ExchangeDriver {
    /// The fallback's answer if the route has one, else the error.
    static func unanswered(_ exchange: Exchange, _ error: ProxyError, isUnprocessed: Bool) {
        guard exchange.hasFallback, fallsBack(exchange, error, isUnprocessed: isUnprocessed) else {
            return localReply(exchange, .problem(error))
        }
    }

    /// An answer that counts as none is not passed on.
    ///
    /// - Returns: whether it was such a one.
    static func replacesAnswer(_ exchange: Exchange, _ connection: UpstreamSide) -> Bool {
        let status = exchange.response.status
        guard status >= 400, exchange.machine.response == .awaited, let plan = fallback(exchange),
            plan.replaces(status: status),
            plan.unanswered(facts(exchange, isUnprocessed: false)) != .none
        else { return false }
        let head = exchange.worker.clock.now &- exchange.upstreamSentAt
        if exchange.attempt.isAdmitted {
            connection.upstream.traffic?.tryAnswered(exchange, status: status, nanoseconds: head)
        }
        connection.upstream.shard.upstreamAttemptFinished(
            upstream: connection.upstream.index, endpoint: connection.endpoint, status: status,
            headNanoseconds: head)
        leave(exchange, connection)
        return fallsBack(exchange, nil, isUnprocessed: false)
    }

    /// - Returns: whether the fallback has taken over.
    private static func fallsBack(
        _ exchange: Exchange, _ error: ProxyError?, isUnprocessed: Bool
    ) -> Bool {
        guard exchange.machine.response == .awaited, exchange.interimCount == 0,
            let plan = fallback(exchange)
        else { return false }
        switch plan.unanswered(facts(exchange, isUnprocessed: isUnprocessed)) {
        case .none: return false
        case .reply(let row):
            count(exchange)
            localReply(exchange, .fallback(row, error))
        case .forward(let index):
            count(exchange)
            forward(exchange, toFallback: index)
        }
        return true
    }

    private static func fallback(_ exchange: Exchange) -> FallbackPlan? {
        let plan = exchange.generation.plan
        guard let row = plan.extras(of: exchange.route)?.fallback else { return nil }
        return plan.fallbacks[row]
    }

    private static func facts(_ exchange: Exchange, isUnprocessed: Bool) -> FallbackPlan.Facts {
        FallbackPlan.Facts(
            isIdempotent: exchange.request.method.isIdempotent, isUnprocessed: isUnprocessed,
            canReplay: !exchange.machine.hasSentBody, hasFallenBack: exchange.hasFallenBack)
    }

    private static func count(_ exchange: Exchange) {
        exchange.record.flags.insert(.fallback)
        guard let upstream = exchange.upstream else { return }
        upstream.shard.upstreamReplaced(upstream: upstream.index)
    }

    private static func forward(_ exchange: Exchange, toFallback index: Int) {
        if exchange.attempt.isAdmitted { exchange.upstream?.traffic?.requestEnded(exchange) }
        exchange.hasFallenBack = true
        exchange.upstream = exchange.generation.upstreams[index]
        exchange.record.upstream = UInt16(clamping: index)
        exchange.connectFailures = 0
        exchange.responseParser = ResponseHeadParser()
        exchange.machine.retryDecided()
        exchange.disarm()
        retry(exchange)
    }
}
