package import MartletHTTP
import MartletTelemetry
package import NIOCore
import NIOSSL

/// One HTTP/1.1 connection of a client: bytes read become facts for the driver, heads and body from
/// the driver become bytes.
///
/// Requests of one connection are served one after the other.
///
/// Owned by its channel, confined to its worker's loop. Between two requests it holds no buffer and
/// no exchange, so an idle connection stays small.
package final class HTTP1DownstreamHandler: ChannelInboundHandler, DownstreamConnection,
    RemovableChannelHandler
{
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Between two requests; the idle deadline runs.
        case idle
        /// Part of a head is there; the absolute head deadline runs.
        case head
        /// Body bytes are awaited; the rate is checked.
        case body
        /// The request is whole and its answer is not; the upstream's deadlines run.
        case answering
        /// The last answer is out; what the client still sends is dropped until it closes.
        case lingering
        case closed
    }

    let worker: Worker
    package let listener: ListenerState
    let peer: ClientAddress
    /// `nil`: plain text.
    private let tls: TLSSession?
    /// Place in the worker's list of connections.
    package var slot = -1
    var context: ChannelHandlerContext?
    var phase = Phase.idle
    package var exchange: Exchange?
    var outbound = OutboundBytes()
    var deadline = Deadline()
    /// Input that cannot be taken yet: one read, since reading is paused meanwhile.
    var held = ByteBuffer()
    var requestCount = 0
    /// The first bytes have shown which protocol is spoken.
    private var hasBegun = false
    var isProcessing = false
    var isReadPaused = false
    var isInputClosed = false
    /// Body bytes that had been sent when a half-closed client was last looked at.
    var watchedBytesSent: UInt64 = 0
    /// The head deadline is absolute: armed with the first byte only.
    var headDeadlineTick: UInt64 = 0
    /// The body rate is an average over windows of the grace period.
    var bodyWindowBytes = 0
    var writes = WriteWatch()
    var isStalled = false
    /// The channel holds more than it should: the client does not take its answers.
    var isBlocked = false
    var isFlushing = false
    var lingering = Lingering()

    package init(
        worker: Worker, listener: ListenerState, peer: ClientAddress, tls: TLSSession? = nil
    ) {
        self.worker = worker
        self.listener = listener
        self.peer = peer
        self.tls = tls
    }

    // MARK: Life

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.worker.connectionOpened(self)
        self.arm(self.listener.plan.idleTicks)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        // Another handler has taken the connection over.
        guard self.slot >= 0 else { return }
        self.context = nil
        self.phase = .closed
        self.deadline.cancel(worker: self.worker)
        self.outbound.discard(worker: self.worker)
        self.held = ByteBuffer()
        self.worker.connectionClosed(self)
        guard let exchange = self.exchange else { return }
        ExchangeDriver.downstreamClosed(exchange)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that goes without saying so; framing tells whether its message was whole
        // (RFC 9112 §9.8). What follows is the same as without TLS.
        if (error as? NIOSSLError) == .uncleanShutdown { return }
        // Resets arrive here; channelInactive follows.
        context.close(promise: nil)
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent else { return }
        self.worker.eventBegan()
        switch event {
        case .inputClosed:
            self.isInputClosed = true
            if !self.isProcessing { self.inputEnded() }
        case .outputClosed where self.phase == .lingering:
            // The last answer is out.
            if self.isInputClosed { self.close() } else { self.arm(Lingering.ticks) }
        case .outputClosed: break
        }
    }

    /// A client may half-close and still read its answers (RFC 9112 §9.6), to requests that are
    /// held as well.
    private func inputEnded() {
        guard self.held.readableBytes == 0 else { return }
        switch self.phase {
        case .idle:
            self.beginLingering()
        case .head, .body:
            // The rest of this message will never come.
            self.close()
        case .lingering where self.context?.unsentBytes == 0:
            self.close()
        case .answering:
            self.watchHalfClosed()
        case .lingering, .closed: break
        }
    }

    package func closeIfIdle() {
        if self.phase == .idle { self.exchangeEnded(keepsAlive: false) }
    }

    package func close() {
        self.context?.close(promise: nil)
    }

    /// Closes so that the client can tell that its answer is not whole.
    func cut() {
        if let tls = self.tls { tls.cut() } else { self.close() }
    }

    // MARK: Reading

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.worker.eventBegan()
        var buffer = self.unwrapInboundIn(data)
        if self.phase == .lingering { return self.dropWhileLingering(buffer.readableBytes) }
        if !self.hasBegun {
            self.held.writeBuffer(&buffer)
            return self.begin(context)
        }
        if self.held.readableBytes > 0 {
            self.held.writeBuffer(&buffer)
            return
        }
        self.process(buffer)
    }

    /// The first bytes of a connection tell HTTP/1 from HTTP/2 (RFC 9113 §3.3).
    private func begin(_ context: ChannelHandlerContext) {
        let input = self.held
        let match =
            self.listener.plan.servesHTTP2 && self.tls == nil
            ? HTTP2Preface.match(input.readableBytesUInt8Span) : .none
        guard match != .partial else { return self.arm(self.listener.plan.headTicks) }
        self.hasBegun = true
        self.held = ByteBuffer()
        guard match == .whole else { return self.process(input) }
        self.handOver(input, context)
    }

    /// Another handler takes the connection's place in the pipeline and in the worker.
    private func handOver(_ input: ByteBuffer, _ context: ChannelHandlerContext) {
        let successor = HTTP2DownstreamHandler(
            worker: self.worker, listener: self.listener, peer: self.peer)
        self.deadline.cancel(worker: self.worker)
        self.worker.connectionReplaced(self, by: successor)
        self.phase = .closed
        self.context = nil
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(successor, position: .after(self))
        } catch {
            return context.close(promise: nil)
        }
        pipeline.removeHandler(self, promise: nil)
        successor.begin()
        successor.process(input)
    }

    /// Goes through input until it is used up or has to wait.
    func process(_ input: ByteBuffer) {
        var buffer = input
        while true {
            self.isProcessing = true
            var position = 0
            while self.take(buffer, at: &position) {}
            self.isProcessing = false
            if self.phase == .lingering || self.phase == .closed { position = buffer.readableBytes }
            self.hold(buffer, from: position)
            self.flush()
            // The flush may have made room for the answers to what is held.
            guard self.phase == .idle, !self.isBlocked, self.held.readableBytes > 0 else { break }
            buffer = self.held
            self.held = ByteBuffer()
        }
        if self.isInputClosed, self.held.readableBytes == 0 { self.inputEnded() }
    }

    private func hold(_ buffer: ByteBuffer, from position: Int) {
        guard position < buffer.readableBytes else { return }
        let start = buffer.readerIndex + position
        self.held =
            buffer.getSlice(at: start, length: buffer.readableBytes - position) ?? ByteBuffer()
        self.pauseReading()
    }

    /// Goes on with input that was held.
    func resume() {
        guard !self.isProcessing else { return }
        let buffer = self.held
        self.held = ByteBuffer()
        if buffer.readableBytes > 0 { self.process(buffer) }
        if self.held.readableBytes == 0 { self.resumeReading() }
    }

    /// - Returns: whether to go on.
    private func take(_ buffer: ByteBuffer, at position: inout Int) -> Bool {
        switch self.phase {
        case .idle:
            guard position < buffer.readableBytes, self.canAnswerMore() else { return false }
            self.beginExchange()
            return true
        case .head:
            return self.takeHead(buffer, at: &position)
        case .body:
            return self.takeBody(buffer, at: &position)
        case .answering, .lingering, .closed:
            return false
        }
    }

    /// Whether another request may be begun.
    ///
    /// One who pipelines requests and reads no answers waits here, with what he sent held and
    /// nothing more read.
    private func canAnswerMore() -> Bool {
        if self.outbound.buffer.readableBytes > Self.unflushedBytesMax { self.flushNow() }
        return !self.isBlocked
    }

    /// Answers that are joined into one write.
    private static let unflushedBytesMax = 64 * 1024

    private func beginExchange() {
        self.phase = .head
        let exchange = self.worker.takeExchange(
            listener: self.listener, peer: self.peer)
        exchange.downstream = .http1(self)
        exchange.begin(over: self.tls)
        self.exchange = exchange
        self.headDeadlineTick = self.worker.clock.tick + self.listener.plan.headTicks
    }

    private func takeHead(_ buffer: ByteBuffer, at position: inout Int) -> Bool {
        guard let exchange = self.exchange else { return false }
        let outcome = exchange.requestParser.parse(
            buffer.readableBytesUInt8Span, at: &position, into: exchange.request,
            limits: self.listener.plan.headLimits)
        switch outcome {
        case .needsMore:
            self.deadline.set(
                self.headDeadlineTick, owner: .downstream(self), worker: self.worker)
            return false
        case .complete:
            self.headEnded(exchange)
        case .failed(let error):
            self.phase = .answering
            ExchangeDriver.requestFailed(exchange, .message(error))
        case .failedTarget(let error):
            self.phase = .answering
            ExchangeDriver.requestFailed(exchange, .target(error))
        }
        return true
    }

    /// The upstream's side watches how long a tunnel lies idle.
    func beginTunnel() {
        self.phase = .body
        self.deadline.clear()
    }

    private func headEnded(_ exchange: Exchange) {
        self.requestCount += 1
        let hasBody = exchange.hasRequestBody
        if hasBody {
            self.phase = .body
            self.bodyWindowBytes = 0
            self.arm(self.listener.plan.bodyGraceTicks)
        } else {
            self.phase = .answering
            self.deadline.clear()
        }
        ExchangeDriver.requestHeadReceived(exchange, hasBody: hasBody)
    }

    private func takeBody(_ buffer: ByteBuffer, at position: inout Int) -> Bool {
        guard let exchange = self.exchange else { return false }
        let disposition = exchange.machine.requestBodyReceived()
        switch disposition {
        case .wait: return false
        case .hold where exchange.requestBody.remainingCount != 0 && exchange.isRequestHeld:
            return false
        case .forward
        where exchange.requestBody.remainingCount != 0
            && !exchange.takesRequestBody:
            // Not once all is read: nothing more would come to go on with.
            exchange.connection?.flush()
            guard exchange.takesRequestBody else { return false }
        case .forward, .hold, .discard: break
        }
        let event = exchange.requestBody.next(
            buffer.readableBytesUInt8Span, at: &position, limits: self.listener.plan.headLimits)
        switch event {
        case .needsMore:
            exchange.connection?.flush()
            return false
        case .data(let range):
            self.bodyWindowBytes += range.count
            let start = buffer.readerIndex + range.lowerBound
            if disposition != .discard,
                let slice = buffer.getSlice(at: start, length: range.count)
            {
                ExchangeDriver.requestBodyReceived(exchange, slice)
            }
        case .end:
            self.phase = .answering
            self.deadline.clear()
            ExchangeDriver.requestEnded(exchange)
        case .failed(let error):
            ExchangeDriver.requestFailed(exchange, .message(error))
        }
        return true
    }

    // MARK: Back-pressure

    func pauseReading() {
        guard !self.isReadPaused, let context = self.context else { return }
        self.isReadPaused = true
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    }

    func resumeReading() {
        guard self.isReadPaused, let context = self.context else { return }
        self.isReadPaused = false
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.isBlocked = !context.channel.isWritable
        // What to do about it is seen after the flush, which may have unblocked it again.
        guard !self.isBlocked else { return }
        if self.isStalled { self.endStall() }
        self.exchange?.resumeUpstream()
        // Within our own flush whoever flushed goes on, so that calls do not pile up.
        if self.held.readableBytes > 0, !self.isFlushing { self.resume() }
    }
}
