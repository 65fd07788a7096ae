import MartletHTTP
import MartletTelemetry
import NIOCore

/// The answer's way back, and every way in which an exchange ends.
extension ExchangeDriver {
    /// Interim responses passed on for one request; more is an upstream gone wrong.
    private static let interimCountMax = 16

    static func interimResponseReceived(_ exchange: Exchange) {
        let status = exchange.response.status
        guard exchange.machine.responseHeadReceived(status: status) == .forwardInterim else {
            return upstreamFailed(exchange, .responseMalformed)
        }
        exchange.interimCount += 1
        guard exchange.interimCount <= interimCountMax else {
            return upstreamFailed(exchange, .responseMalformed)
        }
        // HTTP/1.0 knows no interim responses (RFC 9110 §15.2).
        if exchange.request.minorVersion >= 1, let downstream = exchange.downstream,
            HopByHopHeaders.removeFromResponse(&exchange.response.headers)
        {
            downstream.writeHead(capacity: exchange.response.headers.bytes.count + 256) {
                ForwardedMessageWriter.writeInterim(exchange, to: &$0)
            }
            downstream.flush()
        }
        exchange.response.reset()
    }

    static func responseHeadReceived(_ exchange: Exchange, framing: BodyFraming) {
        guard let downstream = exchange.downstream, let connection = exchange.connection else {
            return
        }
        let status = exchange.response.status
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
        StepRunner.runResponse(exchange)
        if exchange.machine.request != .complete || exchange.worker.isDraining {
            exchange.closesDownstream = true
        }
        let outgoing = downstreamFraming(exchange, framing)
        exchange.sendsChunkedResponse = outgoing == .chunked
        downstream.writeHead(capacity: exchange.response.headers.bytes.count + 256) {
            ForwardedMessageWriter.writeResponse(exchange, framing: outgoing, to: &$0)
        }
    }

    /// The framing towards the client; one that its version does not know ends with the connection.
    private static func downstreamFraming(
        _ exchange: Exchange, _ framing: BodyFraming
    ) -> BodyFraming {
        switch framing {
        case .none, .length: return framing
        case .chunked, .untilClose:
            if exchange.request.minorVersion >= 1 { return .chunked }
            exchange.closesDownstream = true
            return .untilClose
        }
    }

    private static func recordResponseHead(
        _ exchange: Exchange, _ connection: HTTP1UpstreamHandler
    ) {
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
    }

    static func responseBodyReceived(_ exchange: Exchange, _ bytes: ByteBuffer) {
        exchange.record.bytesSent &+= UInt64(bytes.readableBytes)
        exchange.downstream?.writeBody(bytes, isChunked: exchange.sendsChunkedResponse)
    }

    static func responseEnded(_ exchange: Exchange, upstreamKeepsAlive: Bool) {
        if exchange.sendsChunkedResponse {
            let trailerBytes = exchange.responseBody.chunks.trailers.bytes.count
            exchange.downstream?.writeHead(capacity: trailerBytes + 64) {
                ChunkedEncoder.writeLast(trailers: exchange.responseBody.chunks.trailers, to: &$0)
            }
        }
        let ended = exchange.machine.responseEnded(
            upstreamKeepsAlive: upstreamKeepsAlive && exchange.upstreamKeepsAlive)
        let connection = exchange.connection
        exchange.connection = nil
        // First, so that the client's next request finds this connection idle.
        if ended.canReuseUpstream { connection?.release() } else { connection?.close() }
        finish(exchange, keepsAlive: ended.canReuseDownstream)
    }

    // MARK: Replies of our own

    static func localReply(_ exchange: Exchange, _ reply: LocalReply) {
        abandonUpstream(exchange)
        exchange.record.errorCode = reply.error?.rawValue ?? ExchangeRecord.noError
        exchange.record.flags.insert(.localReply)
        guard exchange.machine.localReplyDecided() == .send, let downstream = exchange.downstream
        else { return abort(exchange) }
        let isWhole = exchange.machine.request == .complete
        settleConnection(exchange, isWhole: isWhole)
        downstream.writeHead(capacity: 1024) {
            LocalReplyWriter.write(reply, for: exchange, to: &$0)
        }
        if let body = LocalReplyWriter.fixedBody(reply, exchange) {
            responseBodyReceived(exchange, body)
        }
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
    private static func abandonUpstream(_ exchange: Exchange) {
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
    static func upstreamFailed(_ exchange: Exchange, _ error: ProxyError) {
        guard let connection = exchange.connection else { return }
        exchange.connection = nil
        connection.close()
        if exchange.machine.response == .awaited {
            connection.upstream.shard.upstreamAttemptFinished(
                upstream: connection.upstream.index, endpoint: connection.endpoint, status: 0,
                headNanoseconds: 0)
        }
        let action = exchange.machine.upstreamFailed(
            isReusedConnection: connection.isReused && error == .connectionTerminated,
            isIdempotent: exchange.request.method.isIdempotent,
            hasReceivedBytes: exchange.hasReceivedResponseBytes)
        switch action {
        case .retry:
            connection.upstream.shard.upstreamRetried(upstream: connection.upstream.index)
            exchange.response.reset()
            exchange.responseParser = ResponseHeadParser()
            retry(exchange)
        case .reply:
            exchange.response.reset()
            localReply(exchange, .problem(error))
        case .abort:
            exchange.record.errorCode = error.rawValue
            abort(exchange)
        }
    }

    /// The client closed its connection.
    static func downstreamClosed(_ exchange: Exchange) {
        _ = exchange.machine.downstreamClosed()
        abandonUpstream(exchange)
        exchange.downstream = nil
        if exchange.requestParser.hasStarted || exchange.record.status == 0 {
            exchange.record.errorCode = ProxyError.clientAborted.rawValue
        }
        exchange.record.flags.insert(.clientAborted)
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
        exchange.record.durationNanoseconds = worker.clock.now &- exchange.startedAt
        exchange.record.bytesReceived = UInt64(exchange.requestBody.bytesRead)
        exchange.generation.shard.exchangeFinished(exchange.record)
        worker.accessLog.write(exchange)
    }
}
