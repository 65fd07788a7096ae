import MartletHTTP
import MartletTelemetry
package import NIOCore
import NIOSSL

/// One HTTP/1.1 connection to an endpoint: bytes read become facts for the driver, heads and body
/// from the driver become bytes.
///
/// It decides nothing.
///
/// Owned by its channel and its upstream's pool, confined to their loop. Holds no buffer between
/// two events.
package final class HTTP1UpstreamHandler: ChannelInboundHandler, UpstreamHandler,
    RemovableChannelHandler
{
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private enum Phase {
        case connecting
        /// In the pool; the keep-alive deadline runs. Bytes now are a protocol error.
        case idle
        /// An exchange's; head awaited, then body.
        case responseHead
        case responseBody
        case closed
    }

    let upstream: Upstream
    let id: ConnectionID
    package let plan: EndpointPlan
    /// Row in the upstream's current plan, for metrics.
    var endpoint: Int
    private let worker: Worker
    private var context: ChannelHandlerContext?
    private var phase = Phase.connecting
    private(set) var exchange: Exchange?
    private var outbound = OutboundBytes()
    private var deadline = Deadline()
    /// A deadline of its own runs for TLS.
    private var isHandshaking = false
    /// How long the endpoint has for what was last sent of the request.
    private var requestTicks: UInt64 = 0
    private var delivery = DeliveryWatch()
    private var isReadPaused = false
    /// Reads are small: the client takes hardly anything.
    private var readsLittle = false
    /// The end of the connection was not announced, so what came last may not be all.
    private var isCutOff = false
    /// Requests that this connection has served before the present one.
    package private(set) var servedCount = 0

    init(upstream: Upstream, id: ConnectionID, endpoint: Int, plan: EndpointPlan) {
        self.upstream = upstream
        self.worker = upstream.worker
        self.id = id
        self.endpoint = endpoint
        self.plan = plan
    }

    package var isReused: Bool { self.servedCount > 0 }
    package var isWritable: Bool { self.context?.channel.isWritable ?? false }

    // MARK: Connecting

    package func connectBegan() {
        self.arm(self.upstream.plan.connectTicks)
    }

    package func tlsHandshakeBegan() {
        guard self.phase == .connecting, let ticks = self.upstream.plan.tlsHandshakeTicks else {
            return
        }
        self.isHandshaking = true
        self.arm(ticks)
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        guard self.phase == .connecting else {
            context.close(promise: nil)
            return
        }
        self.deadline.clear()
        self.phase = .idle
        self.upstream.connectSucceeded(.http1(self))
    }

    /// The channel could not be connected.
    package func connectFailed(_ error: ProxyError) {
        self.worker.eventBegan()
        self.connectEnded(error)
    }

    /// The handler that goes on with this connection over HTTP/2; `nil` if it was given up.
    func successor() -> HTTP2UpstreamHandler? {
        guard self.phase == .connecting else { return nil }
        self.phase = .closed
        self.deadline.cancel(worker: self.worker)
        let handler = HTTP2UpstreamHandler(
            upstream: self.upstream, id: self.id, endpoint: self.endpoint, plan: self.plan)
        handler.connectBegan()
        return handler
    }

    private func connectEnded(_ error: ProxyError) {
        guard self.phase == .connecting else { return }
        self.phase = .closed
        self.deadline.cancel(worker: self.worker)
        self.upstream.connectFailed(self.id, error)
        // It may hang in the middle of a TLS handshake.
        self.context?.close(promise: nil)
    }

    // MARK: Leasing

    /// The connection is the exchange's until `release` or `close`.
    func attach(_ exchange: Exchange) {
        self.exchange = exchange
        self.delivery = DeliveryWatch()
        self.phase = .responseHead
        self.deadline.clear()
    }

    /// What was under way for one exchange is under way for another.
    func handOver(to exchange: Exchange) {
        self.exchange = exchange
    }

    /// Nobody needs it now.
    func park() {
        self.phase = .idle
        self.arm(self.upstream.plan.keepAliveTicks)
    }

    /// The exchange is done; the connection is between two messages.
    func release() {
        self.exchange = nil
        self.servedCount += 1
        self.phase = .idle
        // Not only when it is parked: an exchange that waits may get it at once.
        self.resumeReading()
        self.readLittle(false)
        self.upstream.release(.http1(self))
    }

    func close() {
        guard let context = self.context else { return }
        self.exchange = nil
        self.outbound.discard(worker: self.worker)
        context.close(promise: nil)
    }

    // MARK: Writing

    /// Collects pieces of the request; `flush` sends them.
    private func writeHead(capacity: Int, _ write: (inout ByteCursor) -> Void) {
        self.outbound.open(self.worker)
        self.outbound.buffer.writeHead(capacity: capacity, write)
    }

    func sendHead(_ exchange: Exchange) {
        self.writeHead(capacity: exchange.request.headers.bytes.count + 256) {
            ForwardedMessageWriter.writeRequest(
                exchange, upstreamHost: self.plan.hostField, to: &$0)
        }
    }

    func sendBody(_ exchange: Exchange, _ bytes: ByteBuffer) {
        guard let context = self.context else { return }
        self.outbound.writeBody(
            bytes, isChunked: exchange.sendsChunkedRequest, to: context, worker: self.worker)
        self.bodySent()
    }

    func sendEnd(_ exchange: Exchange, responseTicks: UInt64) {
        if exchange.sendsChunkedRequest {
            self.writeHead(capacity: exchange.requestBody.chunks.trailers.bytes.count + 64) {
                ChunkedEncoder.writeLast(trailers: exchange.requestBody.chunks.trailers, to: &$0)
            }
        }
        self.requestSent(responseTicks: responseTicks)
    }

    func flush() {
        guard let context = self.context, let buffer = self.outbound.close(to: context) else {
            return
        }
        context.flush()
        self.worker.buffers.giveBack(buffer)
    }

    /// Part of the request is out: the upstream has to take the next part in time.
    private func bodySent() {
        if self.exchange?.isTunnel ?? false {
            return self.arm(self.upstream.plan.tunnelIdleTicks)
        }
        guard self.phase == .responseHead else { return }
        self.requestTicks = self.upstream.plan.streamIdleTicks
        // While a limit holds the rest, the upstream waits for us.
        if self.exchange?.isRequestHeld ?? false { return self.deadline.clear() }
        self.arm(self.requestTicks)
    }

    /// What a limit held of the request goes on.
    func requestGoesOn() { self.bodySent() }

    /// The request is out: the response deadline runs from here.
    private func requestSent(responseTicks: UInt64) {
        // An answer that came early has a deadline of its own, or none while nobody reads it.
        guard self.phase == .responseHead else { return }
        self.requestTicks = responseTicks
        self.arm(responseTicks)
    }

    // MARK: Reading

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.worker.eventBegan()
        let buffer = self.unwrapInboundIn(data)
        guard let exchange = self.exchange else {
            // Bytes that nobody asked for: the next answer could not be told from them.
            self.close()
            return
        }
        exchange.hasReceivedResponseBytes = true
        self.read(buffer, for: exchange)
    }

    private func read(_ buffer: ByteBuffer, for first: Exchange) {
        var exchange = first
        var position = 0
        while self.exchange === exchange {
            switch self.phase {
            case .responseHead:
                guard self.readHead(buffer, at: &position, &exchange) else { return }
            case .responseBody:
                guard self.readBody(buffer, at: &position, exchange) else { return }
            case .connecting, .idle, .closed: return
            }
        }
        // Bytes behind the end of the answer: the connection is out of step.
        if position < buffer.readableBytes { self.close() }
    }

    /// - Returns: whether to go on with what is left of the buffer.
    private func readHead(
        _ buffer: ByteBuffer, at position: inout Int, _ exchange: inout Exchange
    ) -> Bool {
        let limits = HeadLimits(
            startLineBytesMax: self.upstream.plan.responseHeadBytesMax,
            headBytesMax: self.upstream.plan.responseHeadBytesMax,
            fieldCountMax: 1000
        )
        let outcome = exchange.responseParser.parse(
            buffer.readableBytesUInt8Span, at: &position, into: exchange.response, limits: limits)
        switch outcome {
        case .needsMore:
            return false
        case .failed(let error):
            let isTooLarge = error == .headerSectionTooLarge || error == .tooManyHeaderFields
            ExchangeDriver.upstreamFailed(
                exchange, isTooLarge ? .responseTooLarge : .responseMalformed)
            return false
        case .complete:
            return self.headEnded(&exchange)
        }
    }

    /// - `exchange`: another one behind it if this was a hedge's answer.
    private func headEnded(_ exchange: inout Exchange) -> Bool {
        if exchange.response.status == 101 { return self.upgradeAnswered(exchange) }
        guard exchange.response.isInterim else {
            if exchange.hedged != nil {
                guard let first = ExchangeDriver.hedgeAnswered(exchange) else { return false }
                exchange = first
            }
            self.phase = .responseBody
            self.arm(self.upstream.plan.streamIdleTicks)
            let framing = exchange.response.bodyFraming(answering: exchange.request.method)
            exchange.responseBody.begin(framing)
            ExchangeDriver.responseHeadReceived(exchange, framing: framing)
            return self.exchange === exchange
        }
        ExchangeDriver.interimResponseReceived(exchange)
        return self.exchange === exchange
    }

    /// 101 counts if it agrees to what was asked (RFC 6455 §4.1); raw bytes follow it.
    private func upgradeAnswered(_ exchange: Exchange) -> Bool {
        guard exchange.upgrade == .webSocket,
            WebSocketHandshake.isAccepted(
                exchange.response.headers, of: exchange.request.headers)
        else {
            ExchangeDriver.upstreamFailed(exchange, .responseMalformed)
            return false
        }
        self.phase = .responseBody
        self.arm(self.upstream.plan.tunnelIdleTicks)
        ExchangeDriver.interimResponseReceived(exchange)
        return self.exchange === exchange
    }

    private func readBody(
        _ buffer: ByteBuffer, at position: inout Int, _ exchange: Exchange
    ) -> Bool {
        let limits = HeadLimits(
            startLineBytesMax: 0, headBytesMax: self.upstream.plan.responseHeadBytesMax,
            fieldCountMax: 1000)
        let event = exchange.responseBody.next(
            buffer.readableBytesUInt8Span, at: &position, limits: limits)
        switch event {
        case .needsMore:
            // While nothing is read, nothing can come in time.
            if !self.isReadPaused { self.armStreamIdle() }
            exchange.downstream?.flush()
            return false
        case .data(let range):
            let start = buffer.readerIndex + range.lowerBound
            guard let slice = buffer.getSlice(at: start, length: range.count) else { return false }
            ExchangeDriver.responseBodyReceived(exchange, slice)
            return self.exchange === exchange
        case .end:
            let isOutOfStep = position < buffer.readableBytes
            ExchangeDriver.responseEnded(exchange, upstreamKeepsAlive: !isOutOfStep)
            return false
        case .failed:
            ExchangeDriver.upstreamFailed(exchange, .responseIncomplete)
            return false
        }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.context = nil
        self.outbound.discard(worker: self.worker)
        self.deadline.cancel(worker: self.worker)
        let phase = self.phase
        self.phase = .closed
        guard phase != .connecting else {
            self.phase = .connecting
            self.connectEnded(.connectRefused)
            return
        }
        // Given up while connecting: the pool has forgotten it, and its slot may be another's.
        guard phase != .closed else { return }
        let exchange = self.exchange
        self.exchange = nil
        self.upstream.connectionClosed(self.id)
        guard let exchange else { return }
        switch phase {
        case .responseBody where exchange.responseBody.isWholeAtClose && !self.isCutOff:
            ExchangeDriver.responseEnded(exchange, upstreamKeepsAlive: false)
        case .responseBody:
            ExchangeDriver.upstreamFailed(exchange, .responseIncomplete)
        default:
            ExchangeDriver.upstreamFailed(exchange, .connectionTerminated)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Resets arrive here; channelInactive follows and tells the driver.
        if (error as? NIOSSLError) == .uncleanShutdown { self.isCutOff = true }
        if error is BoringSSLError, self.phase == .responseHead, let exchange = self.exchange {
            // An endpoint tells what it thinks of our certificate when the handshake is over for
            // us (RFC 8446 §4.4.2.4).
            return ExchangeDriver.upstreamFailed(exchange, .tlsHandshakeFailed)
        }
        context.close(promise: nil)
    }

    // MARK: Back-pressure

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        guard context.channel.isWritable, let exchange = self.exchange else { return }
        exchange.downstream?.resume()
    }

    /// The client takes no more: stop reading the answer.
    func pauseReading() {
        guard !self.isReadPaused, let context = self.context else { return }
        self.isReadPaused = true
        self.deadline.clear()
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    }

    func resumeReading() {
        guard self.isReadPaused, let context = self.context else { return }
        self.isReadPaused = false
        if self.phase == .responseBody { self.armStreamIdle() }
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }

    /// Has what comes next be read in small pieces, or in as large ones as it comes.
    func readLittle(_ isLittle: Bool) {
        guard isLittle != self.readsLittle, let options = self.context?.channel.syncOptions else {
            return
        }
        self.readsLittle = isLittle
        let sizes: any RecvByteBufferAllocator =
            isLittle ? SmallReads() : AdaptiveRecvByteBufferAllocator()
        try? options.setOption(.recvAllocator, value: sizes)
        try? options.setOption(
            .maxMessagesPerRead, value: isLittle ? UInt(1) : Self.readsPerEventMax)
    }

    /// NIO's own.
    private static let readsPerEventMax: UInt = 4

    // MARK: Deadlines

    private func armStreamIdle() {
        let plan = self.upstream.plan
        self.arm(
            self.exchange?.isTunnel ?? false ? plan.tunnelIdleTicks : plan.streamIdleTicks)
    }

    private func arm(_ ticks: UInt64) {
        self.deadline.set(
            self.worker.clock.tick + ticks, owner: .upstream(self), worker: self.worker)
    }

    func deadlineFired() {
        guard self.deadline.fired(owner: .upstream(self), worker: self.worker) else { return }
        switch self.phase {
        case .connecting:
            self.connectEnded(self.isHandshaking ? .tlsHandshakeTimeout : .connectTimeout)
        case .idle:
            self.close()
        case .responseHead:
            // A slow endpoint may still be reading what the kernel holds of the request.
            if self.delivery.hasMoved(self.context) { return self.arm(self.requestTicks) }
            if let exchange = self.exchange {
                ExchangeDriver.upstreamFailed(exchange, .responseTimeout)
            }
        case .responseBody:
            if let exchange = self.exchange {
                ExchangeDriver.upstreamFailed(exchange, .responseStalled)
            }
        case .closed: break
        }
    }
}
