import MartletAlgorithms
package import MartletHTTP
import MartletTelemetry
package import NIOCore
import NIOSSL

/// One HTTP/2 connection of a client (RFC 9113): frames become facts for the driver, heads and
/// bodies from the driver become frames.
///
/// All streams are taken apart here, without a channel for each. Owned by its channel, confined to
/// its worker's loop. Bounded by the listener's `http2` limits: streams, windows, header lists, and
/// a count of everything that a peer may do for nothing but our work.
package final class HTTP2DownstreamHandler: ChannelInboundHandler, DownstreamConnection {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    enum Phase {
        /// The client's preface and its SETTINGS are awaited; the head deadline runs.
        case preface(received: Int)
        case settings
        case open
        /// The last frame is written; what the client still sends is dropped.
        case lingering
        case closed

        var isLingering: Bool {
            if case .lingering = self { true } else { false }
        }
    }

    let worker: Worker
    package let listener: ListenerState
    let peer: ClientAddress
    /// `nil`: plain text.
    let tls: TLSSession?
    package var slot = -1
    var context: ChannelHandlerContext?
    var phase = Phase.preface(received: 0)

    var frames = HTTP2FrameAssembler()
    var decoder = HPACKDecoder()
    var encoder = HPACKEncoder()
    /// A header block whose END_HEADERS has not come.
    var block = HTTP2HeaderBlock()
    var peerSettings = HTTP2Settings()
    var flood = HTTP2FloodGuard()
    var streams = StreamTable<HTTP2DownstreamStream>()
    var closedStreams = HTTP2ClosedStreams()
    /// The highest stream that the client has opened.
    var lastStreamID: UInt32 = 0
    var requestCount = 0
    /// Streams whose request came with the read that is being gone through: what is reset in the
    /// same read never reaches an upstream.
    var arrived: [HTTP2DownstreamStream] = []

    var sendWindow = HTTP2SendWindow(size: HTTP2Settings().initialWindowSize)
    var receiveWindow: HTTP2ReceiveWindow
    var outbound = HTTP2Outbound()
    /// Bytes of answers that wait for a window, or for the socket.
    private(set) var heldBytes = 0
    /// They have become many, so that little is read from upstreams.
    private(set) var holdsMuch = false
    /// Of the request heads of all open streams.
    var headBytes = 0
    /// Streams that have something to send and wait for the connection's window, in order.
    var waiting: [HTTP2DownstreamStream] = []
    /// Streams whose answer was whole before their request, in the order in which they are reset.
    var lateResets: [HTTP2DownstreamStream] = []
    var resetDeadline = Deadline()
    /// Bytes of DATA that may still come for streams that we have reset.
    private var lateBytesMax = 0

    var deadline = Deadline()
    var isProcessing = false
    var isFlushScheduled = false
    var isReadPaused = false
    /// The channel holds more than it should: the client does not take what is written.
    var isBlocked = false
    var writes = WriteWatch()
    var isWatchingWrites = false
    var isInputClosed = false
    /// What the send window was when a half-closed client was last seen to get something.
    ///
    /// Nothing opens it any more, so that it tells.
    var halfClosedWindow = 0
    /// When that was.
    var halfClosedTick: UInt64 = 0
    /// The client opens no more streams.
    var hasPeerGone = false
    /// The first GOAWAY is out: the client should open no more streams.
    var hasWarned = false
    /// The PING that went with it has not been answered.
    var awaitsPing = false
    /// The last GOAWAY is out: no stream above `lastStreamID` will be served.
    var isGoingAway = false
    var lingering = Lingering()
    /// The client has broken the protocol's rules.
    var hasFailed = false

    package init(
        worker: Worker, listener: ListenerState, peer: ClientAddress, tls: TLSSession? = nil
    ) {
        self.tls = tls
        self.worker = worker
        self.listener = listener
        self.peer = peer
        self.receiveWindow = HTTP2ReceiveWindow(size: listener.plan.http2.connectionWindow)
    }

    var limits: HTTP2Plan { self.listener.plan.http2 }

    // MARK: Life

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.worker.connectionOpened(self)
        self.begin()
    }

    /// The server's preface goes out at once (RFC 9113 §3.4).
    ///
    /// Called for a connection that is counted already.
    func begin() {
        self.writePreface()
        self.arm(self.listener.plan.headTicks)
        self.scheduleFlush()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.context = nil
        self.phase = .closed
        self.deadline.cancel(worker: self.worker)
        self.resetDeadline.cancel(worker: self.worker)
        self.outbound.discard(worker: self.worker)
        self.worker.connectionClosed(self)
        self.abandonStreams()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What a client has said is in its frames; one that goes without TLS's goodbye is no worse.
        if (error as? NIOSSLError) == .uncleanShutdown { return }
        // Resets arrive here; channelInactive follows.
        context.close(promise: nil)
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent else { return }
        self.worker.eventBegan()
        switch event {
        case .inputClosed: self.inputEnded()
        case .outputClosed where self.phase.isLingering:
            // The last frame is out.
            if self.isInputClosed { self.close() } else { self.arm(Lingering.ticks) }
        case .outputClosed: break
        }
    }

    private func inputEnded() {
        self.isInputClosed = true
        self.halfClosedWindow = self.sendWindow.available
        self.halfClosedTick = self.worker.clock.tick
        // Requests that are whole are still answered; the others will never be.
        for stream in self.streams.all where stream.isReceiveOpen {
            if stream.awaitsEnd { self.streamEnded(stream) } else { self.reset(stream, .cancel) }
        }
        self.resetWindowless()
        if !self.streams.isEmpty { self.arm(WorkerClock.ticksPerSecond) }
        self.closeIfDone()
    }

    package func closeIfIdle() {
        self.goAway()
        self.closeIfDone()
    }

    package func beginDrain() {
        self.goAway()
        self.closeIfDone()
    }

    package func close() {
        self.context?.close(promise: nil)
    }

    /// Every request that is under way ends: its client is gone.
    func abandonStreams() {
        let streams = self.streams.all
        self.streams = StreamTable()
        self.heldBytes = 0
        self.headBytes = 0
        self.waiting.removeAll()
        self.arrived.removeAll()
        self.lateResets.removeAll()
        for stream in streams {
            stream.queue.removeAll()
            guard let exchange = stream.exchange else { continue }
            stream.exchange = nil
            ExchangeDriver.downstreamClosed(exchange)
        }
    }

    // MARK: Reading

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.worker.eventBegan()
        self.process(self.unwrapInboundIn(data))
    }

    /// Goes through input until it is used up.
    func process(_ input: ByteBuffer) {
        var buffer = input
        self.isProcessing = true
        if case .preface = self.phase { self.takePreface(&buffer) }
        loop: while true {
            switch self.phase {
            case .preface, .closed: break loop
            case .lingering:
                self.dropWhileLingering(buffer.readableBytes)
                break loop
            case .settings, .open: break
            }
            switch self.frames.next(&buffer) {
            case .needsMore: break loop
            case .failed(.connection(let code), _): self.connectionFailed(code)
            case .failed(.stream(let code), let header):
                self.streamFailed(header.streamID, code)
            case .frame(let header, let payload): self.take(header, payload)
            }
        }
        self.dispatchArrived()
        self.isProcessing = false
        self.flushNow()
        self.settleDeadline()
    }

    private func takePreface(_ buffer: inout ByteBuffer) {
        guard case .preface(var received) = self.phase else { return }
        let expected = HTTP2Preface.bytes
        while received < expected.count, let byte: UInt8 = buffer.readInteger() {
            guard byte == expected[received] else { return self.connectionFailed(.protocolError) }
            received += 1
        }
        self.phase = received == expected.count ? .settings : .preface(received: received)
    }

    /// New requests go to the driver once the whole read has been looked at.
    private func dispatchArrived() {
        guard !self.arrived.isEmpty else { return }
        // By index: a copy of the list would cost an allocation for each read.
        var index = 0
        while index < self.arrived.count {
            let stream = self.arrived[index]
            index += 1
            guard let exchange = stream.exchange, self.streams[stream.id] === stream else {
                continue
            }
            stream.isDispatched = true
            // What came in the same read counts against the route's limit.
            exchange.earlyBodyCount = stream.held.readableBytes
            ExchangeDriver.requestHeadReceived(exchange, hasBody: exchange.hasRequestBody)
            stream.passBodyOn()
            stream.exchange?.connection?.flush()
        }
        self.arrived.removeAll(keepingCapacity: true)
    }

    // MARK: Errors

    /// Ends the connection (RFC 9113 §5.4.1).
    ///
    /// - `reason`: what it is counted under, if the code does not tell.
    func connectionFailed(_ code: HTTP2ErrorCode, _ reason: DownstreamRejection? = nil) {
        switch self.phase {
        case .lingering, .closed: return
        case .preface, .settings, .open: break
        }
        self.reject(reason ?? (code == .enhanceYourCalm ? .http2Flood : .malformed))
        self.writeGoAway(code)
        self.hasFailed = true
        self.phase = .lingering
        self.abandonStreams()
        self.beginLingering()
    }

    /// Ends one stream (§5.4.2).
    func reset(_ stream: HTTP2DownstreamStream, _ code: HTTP2ErrorCode) {
        self.writeReset(stream.id, code)
        self.forget(stream, .resetByUs)
        if let exchange = stream.exchange {
            stream.exchange = nil
            ExchangeDriver.downstreamClosed(exchange)
        }
        self.scheduleFlush()
        self.closeIfDone()
    }

    /// A stream error that the client is to blame for: counted, since making us reset streams is an
    /// attack like resetting them (CVE-2025-8671).
    func streamFailed(_ id: UInt32, _ code: HTTP2ErrorCode) {
        if let stream = self.streams[id] {
            self.reset(stream, code)
        } else {
            self.writeReset(id, code)
            self.closedStreams.insert(id, .resetByUs)
        }
        self.countReset()
    }

    /// A stream that is not even opened.
    ///
    /// - `endsStream`: the client has said all there is of it.
    func streamRefused(_ id: UInt32, endsStream: Bool, _ code: HTTP2ErrorCode) {
        self.writeReset(id, code)
        self.closedStreams.insert(id, endsStream ? .ended : .resetByUs)
        if !endsStream { self.allowLateBytes(self.limits.streamWindow) }
        self.countReset()
    }

    // MARK: Answers that are not taken

    /// From here on answers are read in small pieces: some tens of clients' worth of slow streams.
    private static let heldBytesMax = 512 * 1024
    private static let largeReadStreamCountMax = 8

    /// Bytes of an answer lie here until the client takes them.
    ///
    /// What one stream holds is what one read brought (its upstream is paused then); a hundred of
    /// them are too much for one client that gives no window. A few large answers are read as ever.
    func answerHeld(_ count: Int) {
        self.heldBytes += count
        guard self.heldBytes > Self.heldBytesMax, !self.holdsMuch,
            self.streams.count > Self.largeReadStreamCountMax
        else { return }
        self.holdsMuch = true
        for stream in self.streams.all where stream.queue.isEmpty {
            stream.exchange?.connection?.readLittle(true)
        }
    }

    func heldAnswerTaken(_ count: Int) {
        self.heldBytes -= count
        if self.heldBytes * 2 < Self.heldBytesMax { self.holdsMuch = false }
    }

    /// Whether what is read for this stream would only lie here.
    func takesLittle(of stream: HTTP2DownstreamStream) -> Bool {
        self.holdsMuch || stream.queue.window.available < SmallReads.bytes
    }

    // MARK: Late frames

    /// A stream has been reset while DATA of it may be under way (RFC 9113 §5.4.2): what its window
    /// had left, and of all streams no more than the connection's window holds.
    private func allowLateBytes(_ count: Int) {
        self.lateBytesMax = min(
            self.lateBytesMax + max(count, 0), self.receiveWindow.size)
    }

    /// DATA of a stream that we have reset.
    ///
    /// - Returns: `false` if it cannot have been under way when the stream was.
    func takeLateBytes(_ count: Int) -> Bool {
        self.lateBytesMax -= count
        return self.lateBytesMax >= 0
    }

    // MARK: Floods

    func countFlood(_ kind: HTTP2FloodGuard.Kind) {
        let isHonest = self.flood.count(
            kind, now: self.worker.clock.now, limits: self.limits.flood)
        if !isHonest { self.floodBegan(kind) }
    }

    func countPing() {
        let isHonest = self.flood.countPing(
            now: self.worker.clock.now, limits: self.limits.flood)
        if !isHonest { self.floodBegan(.control) }
    }

    func countWindowUpdate() {
        let isHonest = self.flood.countWindowUpdate(
            now: self.worker.clock.now, limits: self.limits.flood)
        if !isHonest { self.floodBegan(.windowUpdate) }
    }

    func countReset() {
        let isHonest = self.flood.countReset(
            now: self.worker.clock.now, limits: self.limits.flood)
        if !isHonest { self.floodBegan(.reset) }
    }

    private func floodBegan(_ kind: HTTP2FloodGuard.Kind) {
        let reason: DownstreamRejection =
            switch kind {
            case .reset: .http2Resets
            case .control: .http2ControlFrames
            case .windowUpdate: .http2WindowUpdates
            case .emptyData: .http2EmptyFrames
            case .continuation: .http2Continuations
            }
        self.connectionFailed(.enhanceYourCalm, reason)
    }

    /// The stream is no longer open on either side.
    func forget(_ stream: HTTP2DownstreamStream, _ ending: HTTP2ClosedStreams.Ending) {
        self.streams.remove(id: stream.id)
        self.closedStreams.insert(stream.id, ending)
        self.headBytes -= stream.headBytes
        if !stream.queue.isEmpty { self.heldAnswerTaken(stream.queue.byteCount) }
        if ending == .resetByUs, stream.isReceiveOpen {
            self.allowLateBytes(stream.receiveWindow.available)
        }
        stream.queue.removeAll()
        stream.isReceiveOpen = false
        if stream.held.readableBytes > 0 { stream.dropBody() }
    }
}
