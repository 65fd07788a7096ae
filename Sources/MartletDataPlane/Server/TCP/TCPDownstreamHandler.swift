import MartletHTTP
import MartletTLS
import MartletTelemetry
package import NIOCore

/// One client's connection of a listener that passes bytes on as they are.
///
/// Where the server name decides, the client's first TLS message is read and then passed on like
/// the rest. Owned by its channel, confined to its worker's loop. Holds one read at most, since
/// reading pauses while nobody takes it; `ClientHello.bytesMax` before it is known where it goes.
package final class TCPDownstreamHandler: ChannelInboundHandler, DownstreamConnection {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// The client's first message is awaited; the TLS handshake's deadline runs.
        case hello
        /// A connection to an endpoint is being opened.
        case connecting
        /// Bytes go both ways; the idle deadline runs.
        case open
        case closed
    }

    let worker: Worker
    package let listener: ListenerState
    package var slot = -1
    private let tcp: TCPListenerPlan
    /// What is recorded at the end, under the generation that it began in.
    private var exchange: Exchange?
    private var context: ChannelHandlerContext?
    private var upstream: TCPUpstreamHandler?
    private var phase = Phase.hello
    private var held = ByteBuffer()
    private var neededCount = 0
    private var attemptCount = 0
    private var deadline = Deadline()
    private var isInputClosed = false
    private var toClient = DeliveryWatch()

    /// Endpoints dialled for one connection at most.
    private static let attemptCountMax = 3

    init(worker: Worker, listener: ListenerState, tcp: TCPListenerPlan, peer: ClientAddress) {
        self.worker = worker
        self.listener = listener
        self.tcp = tcp
        self.exchange = worker.takeExchange(listener: listener, peer: peer)
    }

    var peer: ClientAddress { self.exchange?.peer ?? .unspecified }

    // MARK: Life

    package func channelActive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.context = context
        self.worker.connectionOpened(self)
        guard self.tcp.needsServerName else { return self.connect(serverName: []) }
        self.arm(self.listener.plan.tlsHandshakeTicks)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.context = nil
        self.phase = .closed
        self.deadline.cancel(worker: self.worker)
        self.held = ByteBuffer()
        self.worker.connectionClosed(self)
        self.upstream?.downstreamClosed()
        self.upstream = nil
        guard let exchange = self.exchange else { return }
        self.exchange = nil
        ExchangeDriver.tunnelEnded(exchange)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error.isConnectionReset { self.upstream?.abort() }
        context.close(promise: nil)
    }

    /// An open connection is never idle in the way of HTTP: it ends with the drain's deadline.
    package func beginDrain() {}

    package func closeIfIdle() {
        if self.phase == .hello { self.close() }
    }

    package func close() {
        self.context?.close(promise: nil)
    }

    // MARK: Where it goes

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.worker.eventBegan()
        var bytes = self.unwrapInboundIn(data)
        self.exchange?.record.bytesReceived += UInt64(bytes.readableBytes)
        self.listener.shard(self.worker).tcpPassed(
            listener: self.listener.index, received: bytes.readableBytes)
        switch self.phase {
        case .hello:
            self.held.writeBuffer(&bytes)
            self.readHello()
        case .connecting:
            self.held.writeBuffer(&bytes)
            self.setReading(false)
        case .open: self.upstream?.send(bytes)
        case .closed: break
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        self.upstream?.flush()
    }

    private func readHello() {
        guard self.held.readableBytes >= self.neededCount else { return }
        let held = self.held
        switch ClientHello.read(held.readableBytesUInt8Span) {
        case .needsMore(let count): self.neededCount = count
        case .complete(let hello): self.connect(serverName: hello.serverName)
        // It may be another protocol, for which there may be an upstream.
        case .malformed: self.connect(serverName: [])
        }
    }

    private func connect(serverName: [UInt8]) {
        guard let exchange = self.exchange,
            let index = self.tcp.upstream(for: serverName),
            index < exchange.generation.upstreams.count
        else { return self.fail(.routeNotFound) }
        self.phase = .connecting
        self.deadline.clear()
        exchange.upstream = exchange.generation.upstreams[index]
        exchange.record.upstream = UInt16(clamping: index)
        self.dial()
    }

    private func dial() {
        guard let upstream = self.exchange?.upstream else { return }
        self.attemptCount += 1
        self.exchange?.record.attempts = UInt8(clamping: self.attemptCount)
        switch upstream.dialTunnel(for: self) {
        case .dialled(let handler): self.upstream = handler
        case .failed(let error): self.fail(error)
        }
    }

    private func fail(_ error: ProxyError) {
        self.exchange?.record.errorCode = error.rawValue
        self.close()
    }

    // MARK: The other side

    func connectSucceeded(endpoint: Int) {
        guard self.phase == .connecting, let upstream = self.upstream else { return }
        self.phase = .open
        self.exchange?.record.endpoint = UInt16(clamping: endpoint)
        if self.held.readableBytes > 0 {
            upstream.send(self.held)
            upstream.flush()
            self.held = ByteBuffer()
        }
        if self.isInputClosed { upstream.endOutput() }
        self.setReading(upstream.isWritable)
        self.touched()
    }

    func connectFailed(_ error: ProxyError) {
        guard self.phase == .connecting else { return }
        self.upstream = nil
        guard self.attemptCount < Self.attemptCountMax,
            self.attemptCount < self.exchange?.upstream?.plan.endpoints.count ?? 0
        else { return self.fail(error) }
        self.dial()
    }

    func upstreamSent(_ bytes: ByteBuffer) {
        guard let context = self.context else { return }
        self.exchange?.record.bytesSent += UInt64(bytes.readableBytes)
        self.listener.shard(self.worker).tcpPassed(
            listener: self.listener.index, sent: bytes.readableBytes)
        context.write(self.wrapOutboundOut(bytes), promise: nil)
        self.touched()
    }

    func flush() {
        self.context?.flush()
        if let context = self.context, !context.channel.isWritable { self.upstream?.pause() }
    }

    /// The endpoint says nothing more; the client may.
    func upstreamEndedOutput() {
        self.context?.endOutput(isInputClosed: self.isInputClosed)
    }

    /// What has come is not all there was.
    func upstreamAborted() {
        self.upstream = nil
        self.context?.abort()
    }

    func upstreamClosed() {
        self.upstream = nil
        self.context?.closeOnceWritten()
    }

    // MARK: Back-pressure and time

    func setReading(_ isReading: Bool) {
        try? self.context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        if context.channel.isWritable { self.upstream?.resume() } else { self.upstream?.pause() }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        self.worker.eventBegan()
        self.isInputClosed = true
        if self.phase == .open { self.upstream?.endOutput() }
        if self.phase == .hello { self.close() }
    }

    private func arm(_ ticks: UInt64) {
        self.deadline.set(
            self.worker.clock.tick + ticks, owner: .tcpDownstream(self), worker: self.worker)
    }

    /// A byte went by, in either direction.
    func touched() {
        guard let upstream = self.exchange?.upstream else { return }
        self.arm(upstream.plan.tunnelIdleTicks)
    }

    /// Whether something waits for a slow reader, who has taken some since the last look: such a
    /// connection is not idle.
    private func isDraining() -> Bool {
        let toClient = self.toClient.hasMoved(self.context)
        let toEndpoint = self.upstream?.hasMoved() ?? false
        return toClient || toEndpoint
    }

    func deadlineFired() {
        guard self.deadline.fired(owner: .tcpDownstream(self), worker: self.worker) else { return }
        if self.phase == .hello {
            self.listener.shard(self.worker).rejected(
                listener: self.listener.index, reason: .headTimeout)
            self.fail(.requestTimeout)
        } else if self.isDraining() {
            self.touched()
        } else {
            self.listener.shard(self.worker).rejected(
                listener: self.listener.index, reason: .idleTimeout)
            self.close()
        }
    }
}
