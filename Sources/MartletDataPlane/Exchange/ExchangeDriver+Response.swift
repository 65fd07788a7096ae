import MartletAlgorithms
import MartletHTTP
import MartletTelemetry
import NIOCore

/// The answer's way back, and every way in which an exchange ends.
extension ExchangeDriver {
    /// Interim responses passed on for one request; more is an upstream gone wrong.
    private static let interimCountMax = 16

    static func interimResponseReceived(_ exchange: Exchange) {
        let status = exchange.response.status
        // What is said to a client comes from one try.
        if exchange.hedged != nil { return exchange.response.reset() }
        switch exchange.machine.responseHeadReceived(status: status) {
        case .forwardInterim: break
        case .openTunnel: return openTunnel(exchange)
        case .forward, .failProtocol: return upstreamFailed(exchange, .responseMalformed)
        }
        exchange.interimCount += 1
        guard exchange.interimCount <= interimCountMax else {
            return upstreamFailed(exchange, .responseMalformed)
        }
        // HTTP/1.0 knows no interim responses (RFC 9110 §15.2).
        if exchange.request.minorVersion >= 1, let downstream = exchange.downstream,
            HopByHopHeaders.removeFromResponse(&exchange.response.headers)
        {
            downstream.sendInterim(exchange)
        }
        exchange.response.reset()
    }

    static func responseHeadReceived(_ exchange: Exchange, framing: BodyFraming) {
        guard let downstream = exchange.downstream, let connection = exchange.connection else {
            return
        }
        let status = exchange.response.status
        if exchange.hedge != nil, hedgeReplacesAnswer(exchange, connection) { return }
        if exchange.attempt.isAdmitted, retriesAnswer(exchange, connection) { return }
        if exchange.hasFallback, replacesAnswer(exchange, connection) { return }
        guard exchange.machine.responseHeadReceived(status: status) == .forward else {
            return upstreamFailed(exchange, .responseMalformed)
        }
        exchange.upstreamKeepsAlive =
            framing != .untilClose
            && ConnectionTokens.keepsAlive(
                exchange.response.headers, minorVersion: exchange.response.minorVersion)
        guard HopByHopHeaders.removeFromResponse(&exchange.response.headers) else {
            return upstreamFailed(exchange, .responseMalformed)
        }
        recordResponseHead(exchange, connection)
        exchange.releaseHeldBody()
        exchange.mirror?.answered(exchange.response)
        if exchange.rateLimits.count > 0 {
            RateLimitFields.removeOlder(from: &exchange.response.headers)
        }
        StepRunner.runResponse(exchange)
        if exchange.attempt.isAdmitted { bindClient(exchange) }
        if exchange.machine.request != .complete || exchange.worker.isDraining {
            exchange.closesDownstream = true
        }
        let framing = exchange.grpc == .none ? framing : grpcFraming(exchange, framing)
        // Without a body, Content-Length tells of the body that GET would bring (RFC 9110 §8.6).
        if framing != .none || status == 204 { exchange.response.headers.remove(.contentLength) }
        downstream.sendHead(
            exchange, framing: framing, hasBody: framing != .none && framing != .length(0))
    }

    private static func recordResponseHead(_ exchange: Exchange, _ connection: UpstreamSide) {
        let now = exchange.worker.clock.now
        exchange.record.status = exchange.response.status
        exchange.record.upstreamHeadNanoseconds = now &- exchange.upstreamSentAt
        exchange.record.upstreamWaitNanoseconds =
            exchange.upstreamSentAt &- exchange.upstreamStartedAt
        exchange.record.endpoint = UInt16(clamping: connection.endpoint)
        if connection.isReused { exchange.record.flags.insert(.upstreamConnectionReused) }
        connection.upstream.shard.upstreamAttemptFinished(
            upstream: connection.upstream.index, endpoint: connection.endpoint,
            status: exchange.response.status,
            headNanoseconds: exchange.record.upstreamHeadNanoseconds)
        if exchange.attempt.isAdmitted {
            connection.upstream.traffic?.tryAnswered(
                exchange, status: exchange.response.status,
                nanoseconds: exchange.record.upstreamHeadNanoseconds)
        }
    }

    /// The upstream speaks the other protocol from here on: the client is told, and bytes go both
    /// ways until one side ends it.
    ///
    /// Whoever reads the upstream has checked that it agreed to what was asked.
    private static func openTunnel(_ exchange: Exchange) {
        guard let downstream = exchange.downstream, let connection = exchange.connection,
            HopByHopHeaders.removeFromResponse(&exchange.response.headers)
        else { return upstreamFailed(exchange, .responseMalformed) }
        exchange.isTunnel = true
        exchange.upstreamKeepsAlive = false
        exchange.closesDownstream = true
        exchange.requestBody.begin(.untilClose)
        exchange.responseBody.begin(.untilClose)
        recordResponseHead(exchange, connection)
        StepRunner.runResponse(exchange)
        exchange.response.headers.remove(.contentLength)
        downstream.openTunnel(exchange)
        // What the client has sent already goes out now.
        if !downstream.isProcessing { downstream.resume() }
    }

    static func responseBodyReceived(_ exchange: Exchange, _ bytes: ByteBuffer) {
        if exchange.mirror != nil { mirrorAnswer(exchange, bytes) }
        let bytes = exchange.grpc == .webText ? grpcWebText(bytes) : bytes
        exchange.record.bytesSent &+= UInt64(bytes.readableBytes)
        exchange.downstream?.sendBody(exchange, bytes)
        if exchange.isPaced { paceResponse(exchange, byteCount: bytes.readableBytes) }
    }

    static func responseEnded(_ exchange: Exchange, upstreamKeepsAlive: Bool) {
        if exchange.grpc == .web || exchange.grpc == .webText { sendGRPCWebTrailers(exchange) }
        exchange.downstream?.sendEnd(exchange)
        let ended = exchange.machine.responseEnded(
            upstreamKeepsAlive: upstreamKeepsAlive && exchange.upstreamKeepsAlive)
        exchange.mirror?.isWhole = true
        let connection = exchange.connection
        exchange.connection = nil
        // First, so that the client's next request finds this connection idle.
        if ended.canReuseUpstream { connection?.release() } else { connection?.close() }
        finish(exchange, keepsAlive: ended.canReuseDownstream)
    }

    // MARK: Replies of our own

    static func localReply(_ exchange: Exchange, _ reply: LocalReply) {
        abandonUpstream(exchange)
        if exchange.mirror != nil { abandonMirror(exchange, .unanswered) }
        exchange.record.errorCode = reply.error?.rawValue ?? ExchangeRecord.noError
        exchange.record.flags.insert(.localReply)
        guard exchange.machine.localReplyDecided() == .send, let downstream = exchange.downstream
        else { return abort(exchange) }
        let isWhole = exchange.machine.request == .complete
        settleConnection(exchange, isWhole: isWhole)
        let written = LocalReplyWriter.write(reply, for: exchange)
        downstream.sendHead(exchange, framing: written.framing, hasBody: written.body != nil)
        if let body = written.body { responseBodyReceived(exchange, body) }
        downstream.sendEnd(exchange)
        if isWhole || exchange.closesDownstream {
            finish(exchange, keepsAlive: isWhole)
        } else {
            downstream.flush()
            downstream.resume()
        }
    }

    /// Decides whether the client's connection can go on after a reply of our own.
    static func settleConnection(_ exchange: Exchange, isWhole: Bool) {
        if !isWhole, !canDiscardBody(exchange) { exchange.closesDownstream = true }
        if exchange.worker.isDraining { exchange.closesDownstream = true }
    }

    /// Whether what is left of the request is small enough to be read and dropped, so that the
    /// connection can serve the next one.
    private static func canDiscardBody(_ exchange: Exchange) -> Bool {
        guard !exchange.request.headers.contains(.expect) else { return false }
        guard case .length(let count) = exchange.request.framing else { return false }
        return count <= discardBytesMax
    }

    private static let discardBytesMax = 64 * 1024

    /// Leaves the queue or closes the connection, whichever this exchange has.
    static func abandonUpstream(_ exchange: Exchange) {
        if exchange.hedge != nil { abandonHedge(exchange) }
        if exchange.ticket != .none {
            exchange.upstream?.cancel(exchange.ticket)
            exchange.ticket = .none
        }
        if let connection = exchange.connection {
            exchange.connection = nil
            connection.close()
        }
    }

    // MARK: Failing

    /// The upstream's connection is lost, late or out of step before the answer was whole.
    ///
    /// - `isUnprocessed`: the upstream has said that it did not look at the request.
    static func upstreamFailed(
        _ exchange: Exchange, _ error: ProxyError, isUnprocessed: Bool = false
    ) {
        guard let connection = exchange.connection else { return }
        exchange.connection = nil
        connection.close()
        if exchange.machine.response == .awaited {
            connection.upstream.shard.upstreamAttemptFinished(
                upstream: connection.upstream.index, endpoint: connection.endpoint, status: 0,
                headNanoseconds: 0)
        }
        if otherGoesOn(exchange) { return }
        let action = exchange.machine.upstreamFailed(
            isReusedConnection: connection.isReused && error == .connectionTerminated,
            isIdempotent: exchange.request.method.isIdempotent,
            hasReceivedBytes: exchange.hasReceivedResponseBytes, isUnprocessed: isUnprocessed)
        switch action {
        case .retry:
            connection.upstream.shard.upstreamRetried(upstream: connection.upstream.index)
            exchange.response.reset()
            exchange.responseParser = ResponseHeadParser()
            if exchange.attempt.isAdmitted { exchange.upstream?.traffic?.tryReplaced(exchange) }
            retry(exchange)
        case .reply:
            exchange.response.reset()
            if exchange.attempt.isAdmitted {
                return tryFailed(
                    exchange, TryFailure(error, isUnprocessed: isUnprocessed), error)
            }
            unanswered(exchange, error, isUnprocessed: isUnprocessed)
        case .abort:
            exchange.record.errorCode = error.rawValue
            if exchange.attempt.isAdmitted { connection.upstream.traffic?.answerCut(exchange) }
            abort(exchange)
        }
    }

    /// The request could not be read and gets no answer.
    static func requestRefused(_ exchange: Exchange) {
        exchange.record.errorCode = ProxyError.requestMalformed.rawValue
        record(exchange)
        exchange.worker.giveBack(exchange)
    }

    /// A connection that was passed on as it is has ended.
    static func tunnelEnded(_ exchange: Exchange) {
        exchange.record.durationNanoseconds =
            exchange.worker.clock.now &- exchange.startedAt
        exchange.record.protocolVersion = .tcp
        exchange.worker.accessLog.write(exchange)
        exchange.worker.giveBack(exchange)
    }

    /// The client closed its connection.
    static func downstreamClosed(_ exchange: Exchange) {
        _ = exchange.machine.downstreamClosed()
        abandonUpstream(exchange)
        exchange.downstream = nil
        if exchange.requestParser.hasStarted || exchange.record.status == 0 {
            exchange.record.errorCode = ProxyError.clientAborted.rawValue
        }
        // A tunnel has no other end.
        if !exchange.isTunnel { exchange.record.flags.insert(.clientAborted) }
        record(exchange)
        exchange.worker.giveBack(exchange)
    }

    /// The client has stopped reading its answer.
    static func downstreamStalled(_ exchange: Exchange) {
        abandonUpstream(exchange)
        exchange.record.errorCode = ProxyError.clientStalled.rawValue
        abort(exchange)
    }

    private static func abort(_ exchange: Exchange) {
        let downstream = exchange.downstream
        exchange.downstream = nil
        record(exchange)
        exchange.worker.giveBack(exchange)
        downstream?.abort()
    }

    // MARK: The end

    static func finish(_ exchange: Exchange, keepsAlive: Bool) {
        guard let downstream = exchange.downstream else { return }
        let keepsAlive = keepsAlive && !exchange.closesDownstream
        exchange.downstream = nil
        record(exchange)
        exchange.worker.giveBack(exchange)
        downstream.exchangeEnded(keepsAlive: keepsAlive)
    }

    private static func record(_ exchange: Exchange) {
        let worker = exchange.worker
        if exchange.attempt.isAdmitted { exchange.upstream?.traffic?.requestEnded(exchange) }
        exchange.record.durationNanoseconds = worker.clock.now &- exchange.startedAt
        if exchange.release >= 0 {
            exchange.generation.releases[Int(exchange.release)].exchangeEnded(
                exchange.record, isCanary: exchange.variant == 0)
        }
        exchange.record.bytesReceived = UInt64(exchange.requestBody.bytesRead)
        if let abuse = exchange.generation.plan.abuseDetection { abuse.exchangeEnded(exchange) }
        exchange.generation.shard.exchangeFinished(exchange.record)
        worker.accessLog.write(exchange)
        if exchange.mirror != nil { endMirror(exchange) }
    }
}
