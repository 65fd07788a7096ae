import MartletAlgorithms
import MartletHTTP
import MartletTelemetry
package import NIOCore

/// One HTTP/2 connection to an endpoint (RFC 9113), shared by as many exchanges as it takes
/// streams: frames become facts for the driver, heads and bodies from the driver become frames.
///
/// It decides nothing. Owned by its channel and its upstream's pool, confined to their loop.
/// Bounded by the endpoint's stream limit and ours, and by a window for each stream.
package final class HTTP2UpstreamHandler: ChannelInboundHandler, UpstreamHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    enum Phase {
        case connecting
        /// The endpoint's SETTINGS are awaited; requests may go out already (§3.4).
        case settings
        case open
        case closed
    }

    let upstream: Upstream
    let id: ConnectionID
    package let plan: EndpointPlan
    /// Row in the upstream's current plan, for metrics.
    var endpoint: Int
    let worker: Worker
    var context: ChannelHandlerContext?
    var phase = Phase.connecting

    var frames = HTTP2FrameAssembler()
    var decoder = HPACKDecoder()
    var encoder = HPACKEncoder()
    var block = HTTP2HeaderBlock()
    var peerSettings = HTTP2Settings()
    var flood = HTTP2FloodGuard()
    /// What the endpoint may take for a flood of ours.
    private var ownResets = HTTP2FloodGuard()
    var streams = StreamTable<HTTP2UpstreamStream>()
    var nextStreamID: UInt32 = 1
    var sendWindow = HTTP2SendWindow(size: HTTP2Settings().initialWindowSize)
    var receiveWindow = HTTP2ReceiveWindow(size: HTTP2UpstreamHandler.connectionWindow)
    var outbound = HTTP2Outbound()
    /// Streams that have something to send and wait for the connection's window, in order.
    var waiting: [HTTP2UpstreamStream] = []
    var isProcessing = false
    var isFlushScheduled = false
    /// GOAWAY has come, or ids have run out: no new streams.
    var isDraining = false
    var deadline = Deadline()
    /// Answers that have come whole.
    var servedCount = 0

    /// Bytes of all streams that an endpoint may have under way: never what slows it, since each
    /// stream has a window of its own.
    static let connectionWindow = 16 * 1024 * 1024
    /// What one stream may have under way, and so what is held for a slow client.
    static let streamWindow = 128 * 1024
    /// Streams of one connection that we use at most.
    static let streamCountMax = 128
    /// What an endpoint may do for nothing.
    static let floodLimits = HTTP2FloodGuard.Limits()
    /// Resets of ours of streams that had no answer, before others go to another connection.
    static let ownResetLimits = {
        var limits = HTTP2FloodGuard.Limits()
        // Half of what Martlet takes for an attack.
        limits.resets = HTTP2FloodGuard.Limits().resets / 2
        return limits
    }()

    init(upstream: Upstream, id: ConnectionID, endpoint: Int, plan: EndpointPlan) {
        self.upstream = upstream
        self.worker = upstream.worker
        self.id = id
        self.endpoint = endpoint
        self.plan = plan
    }

    package var isReused: Bool { self.servedCount > 0 }
    var isWritable: Bool { self.context?.channel.isWritable ?? false }

    /// Exchanges that it can have at once.
    var capacity: Int {
        if self.isDraining { return 0 }
        return min(self.peerSettings.concurrentStreamsMax ?? .max, Self.streamCountMax)
    }

    // MARK: Connecting

    func connectBegan() {
        self.arm(self.upstream.plan.connectTicks)
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.connected(context)
    }

    /// The connection stands, TLS included: our preface goes out.
    ///
    /// Requests follow when the endpoint's SETTINGS have come: how many streams it takes, and
    /// whether it takes WebSockets, is not known before.
    func connected(_ context: ChannelHandlerContext) {
        self.context = context
        guard case .connecting = self.phase else { return context.close(promise: nil) }
        self.phase = .settings
        self.writePreface()
        self.scheduleFlush()
    }

    /// The endpoint's first SETTINGS are there.
    func opened() {
        self.phase = .open
        self.deadline.clear()
        self.upstream.connectSucceeded(.http2(self), capacity: self.capacity)
    }

    /// The channel could not be connected.
    package func connectFailed(_ error: ProxyError) {
        self.worker.eventBegan()
        self.connectEnded(error)
        self.context?.close(promise: nil)
    }

    func connectEnded(_ error: ProxyError) {
        switch self.phase {
        case .connecting, .settings: break
        case .open, .closed: return
        }
        self.phase = .closed
        self.deadline.cancel(worker: self.worker)
        self.upstream.connectFailed(self.id, error)
    }

    // MARK: Leasing

    /// A stream of the connection is the exchange's until `release` or `close`.
    func attach(_ exchange: Exchange) -> HTTP2UpstreamStream {
        let stream = HTTP2UpstreamStream(
            id: self.nextStreamID, connection: self, exchange: exchange,
            sendWindow: self.peerSettings.initialWindowSize, receiveWindow: Self.streamWindow)
        self.nextStreamID += 2
        self.streams.insert(stream, id: stream.id)
        // §5.1.1: ids are not used twice; long before they run out another connection is made.
        if self.nextStreamID > 0x7fff_0000 { self.beginDrain() }
        return stream
    }

    /// Nobody needs it now.
    func park() {
        self.arm(self.upstream.plan.keepAliveTicks)
    }

    package func close() {
        guard let context = self.context else { return }
        if case .closed = self.phase { return }
        self.writeGoAway(.noError)
        self.flushNow()
        context.close(promise: nil)
    }

    func beginDrain() {
        guard !self.isDraining else { return }
        self.isDraining = true
        if self.upstream.connectionDraining(self.id) { self.close() }
    }

    /// The stream is over; what it took in the pool is free again.
    func streamEnded(_ stream: HTTP2UpstreamStream) {
        guard self.streams.remove(id: stream.id) != nil else { return }
        stream.queue.removeAll()
        guard case .closed = self.phase else {
            return self.upstream.release(.http2(self))
        }
    }

    /// The exchange gives the stream up: the endpoint need not go on with it.
    func cancel(_ stream: HTTP2UpstreamStream) {
        guard self.streams[stream.id] === stream else { return }
        if stream.hasSentHead {
            self.writeReset(stream.id, .cancel)
            if !stream.hasHead { self.countOwnReset() }
        }
        self.streamEnded(stream)
    }

    /// The exchange on a stream has been answered.
    func exchangeAnswered() {
        self.servedCount += 1
        self.ownResets.requestAnswered(limits: Self.ownResetLimits)
    }

    /// Many clients that give up may look like a flood to the endpoint (CVE-2023-44487), and cost
    /// everybody else on the connection his stream: before that, new requests get another
    /// connection, if there may be one more.
    private func countOwnReset() {
        let isFew = self.ownResets.countReset(
            now: self.worker.clock.now, limits: Self.ownResetLimits)
        if !isFew, self.upstream.hasRoomForConnection { self.beginDrain() }
    }

    // MARK: Reading

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.worker.eventBegan()
        var buffer = self.unwrapInboundIn(data)
        self.isProcessing = true
        loop: while true {
            switch self.phase {
            case .connecting, .closed: break loop
            case .settings, .open: break
            }
            switch self.frames.next(&buffer) {
            case .needsMore: break loop
            case .failed(.connection(let code), _), .failed(.stream(let code), _):
                self.connectionFailed(code)
            case .frame(let header, let payload): self.take(header, payload)
            }
        }
        self.isProcessing = false
        self.flushNow()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.context = nil
        self.outbound.discard(worker: self.worker)
        self.deadline.cancel(worker: self.worker)
        switch self.phase {
        case .connecting: return self.connectEnded(.connectRefused)
        case .settings: return self.connectEnded(.connectionTerminated)
        // Given up while connecting: the pool has forgotten it, and its slot may be another's.
        case .closed: return
        case .open: break
        }
        self.phase = .closed
        self.upstream.connectionClosed(self.id)
        self.failStreams(above: 0, .connectionTerminated, isUnprocessed: false)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Resets arrive here; channelInactive follows and tells the driver.
        context.close(promise: nil)
    }

    // MARK: Errors

    /// The endpoint broke the protocol: the connection ends, and what is under way with it.
    func connectionFailed(_ code: HTTP2ErrorCode) {
        switch self.phase {
        case .connecting, .closed: return
        case .settings, .open: break
        }
        let context = self.context
        self.writeGoAway(code)
        self.flushNow()
        if case .settings = self.phase {
            self.connectEnded(.responseMalformed)
            context?.close(promise: nil)
            return
        }
        self.phase = .closed
        self.deadline.cancel(worker: self.worker)
        self.upstream.connectionClosed(self.id)
        self.failStreams(above: 0, .responseMalformed, isUnprocessed: false)
        context?.close(promise: nil)
    }

    /// Every exchange on a stream above `id` hears that its answer will not come.
    ///
    /// - `isUnprocessed`: the endpoint has not looked at the request, so it may be sent again.
    func failStreams(above id: UInt32, _ error: ProxyError, isUnprocessed: Bool) {
        for stream in self.streams.all where stream.id > id {
            self.fail(stream, error, isUnprocessed: isUnprocessed)
        }
    }

    /// One exchange hears that its answer will not come; the stream is gone already.
    func fail(_ stream: HTTP2UpstreamStream, _ error: ProxyError, isUnprocessed: Bool) {
        let exchange = stream.exchange
        stream.exchange = nil
        self.streamEnded(stream)
        guard let exchange else { return }
        let answer: ProxyError =
            stream.hasHead && error == .connectionTerminated ? .responseIncomplete : error
        ExchangeDriver.upstreamFailed(exchange, answer, isUnprocessed: isUnprocessed)
    }

    /// The answer is not HTTP: the stream is reset, the connection goes on (§5.4.2).
    func streamFailed(_ stream: HTTP2UpstreamStream, _ code: HTTP2ErrorCode) {
        self.writeReset(stream.id, code)
        self.fail(stream, .responseMalformed, isUnprocessed: false)
    }

    // MARK: Deadlines

    func arm(_ ticks: UInt64) {
        self.deadline.set(
            self.worker.clock.tick + ticks, owner: .http2Upstream(self), worker: self.worker)
    }

    func armStreamIdle(_ exchange: Exchange) {
        let plan = self.upstream.plan
        exchange.arm(exchange.isTunnel ? plan.tunnelIdleTicks : plan.streamIdleTicks)
    }

    func deadlineFired() {
        guard self.deadline.fired(owner: .http2Upstream(self), worker: self.worker) else { return }
        switch self.phase {
        case .connecting, .settings:
            self.connectEnded(.connectTimeout)
            self.context?.close(promise: nil)
        case .open: if self.streams.isEmpty { self.close() }
        case .closed: break
        }
    }
}
