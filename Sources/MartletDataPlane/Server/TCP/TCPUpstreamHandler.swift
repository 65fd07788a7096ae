import MartletTelemetry
package import NIOCore

/// The endpoint's side of a connection that is passed on as it is.
///
/// Belongs to one client's connection and ends with it: it is never in a pool. Owned by its
/// channel, confined to its worker's loop. The upstream's connect deadline bounds the dial.
package final class TCPUpstreamHandler: ChannelInboundHandler, UpstreamHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private let upstream: Upstream
    private let endpoint: Int
    package let plan: EndpointPlan
    private let worker: Worker
    private var downstream: TCPDownstreamHandler?
    private var context: ChannelHandlerContext?
    private var deadline = Deadline()
    private var isConnecting = true
    private var isInputClosed = false
    private var delivery = DeliveryWatch()

    init(
        upstream: Upstream, endpoint: Int, plan: EndpointPlan, for downstream: TCPDownstreamHandler
    ) {
        self.upstream = upstream
        self.worker = upstream.worker
        self.endpoint = endpoint
        self.plan = plan
        self.downstream = downstream
    }

    package var allowsHalfClosure: Bool { true }
    var isWritable: Bool { self.context?.channel.isWritable ?? false }

    // MARK: Connecting

    func connectBegan() {
        self.deadline.set(
            self.worker.clock.tick + self.upstream.plan.connectTicks, owner: .tcpUpstream(self),
            worker: self.worker)
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        guard self.isConnecting, let downstream = self.downstream else {
            return context.close(promise: nil)
        }
        self.isConnecting = false
        self.deadline.clear()
        self.upstream.tunnelOpened()
        downstream.connectSucceeded(endpoint: self.endpoint)
    }

    package func connectFailed(_ error: ProxyError) {
        self.worker.eventBegan()
        guard self.isConnecting else { return }
        self.isConnecting = false
        self.deadline.cancel(worker: self.worker)
        self.upstream.tunnelFailed(error)
        let downstream = self.downstream
        self.downstream = nil
        self.context?.close(promise: nil)
        downstream?.connectFailed(error)
    }

    func deadlineFired() {
        guard self.deadline.fired(owner: .tcpUpstream(self), worker: self.worker) else { return }
        if self.isConnecting {
            self.connectFailed(.connectTimeout)
        } else if self.delivery.hasMoved(self.context) {
            self.armIdle()
        } else {
            self.context?.close(promise: nil)
        }
    }

    // MARK: Bytes

    func send(_ bytes: ByteBuffer) {
        self.context?.write(self.wrapOutboundOut(bytes), promise: nil)
        self.downstream?.touched()
    }

    func flush() {
        guard let context = self.context else { return }
        context.flush()
        if !context.channel.isWritable { self.downstream?.setReading(false) }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.worker.eventBegan()
        self.downstream?.upstreamSent(self.unwrapInboundIn(data))
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        self.downstream?.flush()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.downstream?.setReading(context.channel.isWritable)
    }

    /// Whether something waits for a slow endpoint, which has taken some since the last look.
    func hasMoved() -> Bool { self.delivery.hasMoved(self.context) }

    func pause() { self.setReading(false) }
    func resume() { self.setReading(true) }

    private func setReading(_ isReading: Bool) {
        try? self.context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    // MARK: The end

    /// The client says nothing more.
    func endOutput() {
        self.context?.endOutput(isInputClosed: self.isInputClosed)
    }

    /// The client has broken off: what it said is not all there was.
    func abort() {
        self.downstream = nil
        guard !self.isConnecting else { return }
        self.context?.abort()
    }

    /// The client is gone; what it said still reaches the endpoint.
    func downstreamClosed() {
        self.downstream = nil
        guard !self.isConnecting else {
            self.deadline.cancel(worker: self.worker)
            self.context?.close(promise: nil)
            return
        }
        self.armIdle()
        self.context?.closeOnceWritten()
    }

    private func armIdle() {
        self.deadline.set(
            self.worker.clock.tick + self.upstream.plan.tunnelIdleTicks, owner: .tcpUpstream(self),
            worker: self.worker)
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        self.worker.eventBegan()
        self.isInputClosed = true
        self.downstream?.upstreamEndedOutput()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error.isConnectionReset, !self.isConnecting {
            self.downstream?.upstreamAborted()
            self.downstream = nil
        }
        context.close(promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.context = nil
        guard !self.isConnecting else { return self.connectFailed(.connectRefused) }
        self.deadline.cancel(worker: self.worker)
        self.upstream.tunnelClosed()
        self.downstream?.upstreamClosed()
        self.downstream = nil
    }
}
