import MartletAlgorithms
import MartletHTTP
import MartletTelemetry

/// Tries at an upstream whose traffic is led: which are made again, and when.
extension ExchangeDriver {
    /// A try has come to nothing; it is made again, or the client is told.
    static func tryFailed(_ exchange: Exchange, _ failure: TryFailure?, _ error: ProxyError) {
        let isUnprocessed = failure == .connectFailed || failure == .refused
        guard let upstream = exchange.upstream, let traffic = upstream.traffic else {
            return unanswered(exchange, error, isUnprocessed: isUnprocessed)
        }
        traffic.tryFailed(exchange)
        guard let failure, retries(exchange, failure, upstream, traffic) else {
            return unanswered(exchange, error, isUnprocessed: isUnprocessed)
        }
    }

    /// Has what goes out of a body kept, if the request may be sent again.
    static func noteReplay(_ exchange: Exchange) {
        // The text form of gRPC-Web goes out as something else.
        guard exchange.grpc != .webText, exchange.upgrade == .none else { return }
        let plan = retryPlan(exchange) ?? exchange.upstream?.traffic?.plan.retries
        var bytesMax = plan?.replayBytesMax ?? 0
        if exchange.hasFallback { bytesMax = max(bytesMax, FallbackPlan.replayBytesMax) }
        exchange.replayBytesMax = bytesMax
    }

    /// An answer that is tried again is not passed on.
    ///
    /// - Returns: whether it was such a one.
    static func retriesAnswer(
        _ exchange: Exchange, _ connection: UpstreamSide
    ) -> Bool {
        let status = exchange.response.status
        guard status >= 400, exchange.machine.response == .awaited,
            let upstream = exchange.upstream, let traffic = upstream.traffic
        else { return false }
        let plan = retryPlan(exchange) ?? traffic.plan.retries
        guard plan.conditions.contains(.status), plan.statuses.contains(status) else {
            return false
        }
        let now = exchange.worker.clock.now
        traffic.tryAnswered(
            exchange, status: status, nanoseconds: now &- exchange.upstreamSentAt)
        traffic.avoidEndpoint(exchange)
        let wait = RetryAfter.nanoseconds(
            exchange.response.headers, wallClock: exchange.worker.clock.wallClock)
        let decision = traffic.decideRetry(
            .status(status, retryAfterNanoseconds: wait), of: exchange, by: retryPlan(exchange))
        guard case .retry(let delay) = decision else { return false }
        connection.upstream.shard.upstreamAttemptFinished(
            upstream: connection.upstream.index, endpoint: connection.endpoint, status: status,
            headNanoseconds: now &- exchange.upstreamSentAt)
        leave(exchange, connection)
        tryAgain(exchange, upstream, traffic, after: delay)
        return true
    }

    /// Gives up the answer of which only the head has been read.
    static func leave(_ exchange: Exchange, _ connection: UpstreamSide) {
        exchange.connection = nil
        connection.close()
        exchange.response.reset()
        exchange.responseParser = ResponseHeadParser()
    }

    private static func retryPlan(_ exchange: Exchange) -> RetryPlan? {
        let plan = exchange.generation.plan
        guard let row = plan.extras(of: exchange.route)?.retries else { return nil }
        return plan.retries[row]
    }

    private static func retries(
        _ exchange: Exchange, _ failure: TryFailure, _ upstream: Upstream,
        _ traffic: UpstreamTraffic
    ) -> Bool {
        guard exchange.machine.response == .awaited else { return false }
        switch traffic.decideRetry(failure, of: exchange, by: retryPlan(exchange)) {
        case .giveUp: return false
        case .retry(let delay):
            exchange.responseParser = ResponseHeadParser()
            tryAgain(exchange, upstream, traffic, after: delay)
            return true
        }
    }

    private static func tryAgain(
        _ exchange: Exchange, _ upstream: Upstream, _ traffic: UpstreamTraffic,
        after delay: UInt64
    ) {
        traffic.tryReplaced(exchange)
        upstream.shard.upstreamRetried(upstream: upstream.index)
        exchange.machine.retryDecided()
        guard delay > 0 else {
            exchange.disarm()
            return retry(exchange)
        }
        exchange.attempt.isPausing = true
        // Not a tick early: what `Retry-After` asks for is the least.
        let clock = exchange.worker.clock
        exchange.arm(WorkerClock.ticks(nanoseconds: clock.now &+ delay) &- clock.tick)
    }

    /// The wait before a retry is over.
    static func pauseEnded(_ exchange: Exchange) {
        exchange.attempt.isPausing = false
        exchange.disarm()
        retry(exchange)
    }

    /// A reload took the endpoint away whose connection the exchange waited for.
    static func placeLost(_ exchange: Exchange) {
        exchange.ticket = .none
        if exchange.hedged != nil, otherGoesOn(exchange) { return }
        exchange.upstream?.traffic?.tryReplaced(exchange)
        exchange.disarm()
        retry(exchange)
    }

    /// Has the client keep to the endpoint that answered it, if it is not bound to it already.
    static func bindClient(_ exchange: Exchange) {
        guard let sticky = exchange.upstream?.traffic?.plan.sticky,
            exchange.attempt.identifier != 0,
            exchange.attempt.request.boundIdentifier != exchange.attempt.identifier
        else { return }
        sticky.bind(
            to: exchange.attempt.identifier, isSecure: exchange.isSecure,
            &exchange.response.headers)
    }
}

extension TryFailure {
    /// - Returns: `nil` for what another try would not mend.
    init?(_ error: ProxyError, isUnprocessed: Bool) {
        if isUnprocessed {
            self = .refused
            return
        }
        switch error {
        case .connectionTerminated: self = .connectionLost
        case .responseTimeout: self = .timedOut
        default: return nil
        }
    }
}

/// What an answer's `Retry-After` asks for (RFC 9110 §10.2.3).
enum RetryAfter {
    /// - `wallClock`: nanoseconds since 1970.
    /// - Returns: `nil` without the field; if it cannot be read, more than anybody waits for.
    static func nanoseconds(_ headers: borrowing HeaderList, wallClock: Int64) -> UInt64? {
        guard let range = headers.first(.retryAfter) else { return nil }
        let text = headers.span(range)
        if let date = HTTPDate.secondsSinceEpoch(text) {
            let wait = Int64(date).multipliedReportingOverflow(by: 1_000_000_000)
            guard !wait.overflow else { return .max }
            return UInt64(clamping: wait.partialValue - max(wallClock, 0))
        }
        guard text.count > 0, text.count <= 9 else { return .max }
        var seconds: UInt64 = 0
        for index in 0..<text.count {
            guard 0x30...0x39 ~= text[index] else { return .max }
            seconds = seconds * 10 + UInt64(text[index] - 0x30)
        }
        return seconds * 1_000_000_000
    }
}
