import MartletHTTP
import MartletTLS
import MartletTelemetry
package import NIOCore
import NIOSSL
import NIOTLS

/// A client's connection until its TLS handshake is over, when the handler of the protocol that was
/// agreed on takes its place.
///
/// With several certificates it first reads which server the client asks for. Owned by its channel,
/// confined to its worker's loop. Bounded by one deadline and `ClientHello.bytesMax` of input.
package final class TLSHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer

    private enum Phase {
        /// The client's first message is awaited and held.
        case hello
        case handshake
        /// Handed over, or failed and counted.
        case ended
    }

    private let worker: Worker
    private let listener: ListenerState
    private let tls: ListenerTLSPlan
    private let peer: ClientAddress
    private var phase = Phase.hello
    private var context: ChannelHandlerContext?
    private var deadline = Deadline()
    private var held = ByteBuffer()
    /// Before so many bytes are there, the first message is not looked at again.
    private var neededCount = 0
    private var hasPlace = true

    init(worker: Worker, listener: ListenerState, tls: ListenerTLSPlan, peer: ClientAddress) {
        self.worker = worker
        self.listener = listener
        self.tls = tls
        self.peer = peer
    }

    // MARK: Life

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        guard !self.tls.needsServerName else { return }
        self.begin(context, serverName: [])
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.deadline.set(
            self.worker.clock.tick + self.listener.plan.tlsHandshakeTicks, owner: .handshake(self),
            worker: self.worker)
        // Goes on when there is something to talk to.
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.end(.closed)
        self.held = ByteBuffer()
        if self.hasPlace { self.listener.connectionCount.leave() }
    }

    func deadlineFired() {
        guard self.deadline.fired(owner: .handshake(self), worker: self.worker) else { return }
        self.end(.timeout)
        self.context?.close(promise: nil)
    }

    /// Counts the first way in which it ended.
    private func end(_ result: TLSHandshakeResult) {
        guard self.phase != .ended else { return }
        self.phase = .ended
        self.deadline.cancel(worker: self.worker)
        self.listener.shard(self.worker).handshakeEnded(
            listener: self.listener.index, result: result)
    }

    // MARK: The first message

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.phase == .hello else { return context.fireChannelRead(data) }
        self.worker.eventBegan()
        var bytes = self.unwrapInboundIn(data)
        if self.held.readableBytes == 0 {
            self.held = bytes
        } else {
            self.held.writeBuffer(&bytes)
        }
        guard self.held.readableBytes >= self.neededCount else { return }
        let held = self.held
        switch ClientHello.read(held.readableBytesUInt8Span) {
        case .needsMore(let count): self.neededCount = count
        case .complete(let hello): self.begin(context, serverName: hello.serverName)
        // Refused by who knows how to say it.
        case .malformed: self.begin(context, serverName: [])
        }
    }

    private func begin(_ context: ChannelHandlerContext, serverName: [UInt8]) {
        self.phase = .handshake
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(
                NIOSSLServerHandler(
                    context: self.tls.context(for: serverName), configuration: Self.configuration),
                position: .before(self))
        } catch {
            return context.close(promise: nil)
        }
        guard self.held.readableBytes > 0 else { return }
        let held = self.held
        self.held = ByteBuffer()
        pipeline.fireChannelRead(NIOAny(held))
        pipeline.fireChannelReadComplete()
    }

    private static let configuration: NIOSSLHandler.Configuration = {
        var configuration = NIOSSLHandler.Configuration()
        configuration.maximumPreservedOutboundBufferCapacity = 16 * 1024
        return configuration
    }()

    // MARK: The end

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted(let negotiated):
            self.handshakeCompleted(context, isHTTP2: negotiated == "h2")
        case ChannelEvent.inputClosed where self.phase == .hello: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.worker.eventBegan()
        self.end(TLSHandshakeResult(error))
        context.close(promise: nil)
    }

    private func handshakeCompleted(_ context: ChannelHandlerContext, isHTTP2: Bool) {
        self.worker.eventBegan()
        guard self.phase == .handshake, !self.listener.isRetired,
            let session = self.session(context)
        else {
            self.end(.failed)
            return context.close(promise: nil)
        }
        self.end(.ok)
        do {
            try DownstreamPipeline.handshakeCompleted(
                on: context.pipeline.syncOperations, after: self, worker: self.worker,
                listener: self.listener, peer: self.peer, session: session, isHTTP2: isHTTP2)
        } catch {
            return context.close(promise: nil)
        }
        // The connection's place under the limit is the new handler's.
        self.hasPlace = false
        context.fireChannelActive()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// `nil` if who the client is cannot be told, although it has shown a certificate.
    private func session(_ context: ChannelHandlerContext) -> TLSSession? {
        guard
            let transport = try? context.pipeline.syncOperations.context(
                handlerType: NIOSSLServerHandler.self),
            let handler = transport.handler as? NIOSSLServerHandler
        else { return nil }
        var client: ClientCertificate?
        if self.tls.asksForCertificate, let certificate = handler.peerCertificate {
            guard let encoded = try? certificate.toDERBytes(),
                let read = ClientCertificate(encoded: encoded)
            else { return nil }
            client = read
        }
        return TLSSession(
            version: handler.tlsVersion == .tlsv13 ? .tls13 : .tls12, clientCertificate: client,
            transport: transport)
    }
}

extension TLSHandshakeResult {
    init(_ error: any Error) {
        guard case NIOSSLError.handshakeFailed(let reason) = error else {
            self = .closed
            return
        }
        guard case .sslError(let stack) = reason else {
            self = .failed
            return
        }
        if stack == [.eofDuringHandshake] {
            self = .closed
            return
        }
        // BoringSSL's reasons have no other form; this is on no request's way.
        let text = stack.map(\.description).joined()
        let isCertificate =
            text.contains("CERTIFICATE_VERIFY_FAILED")
            || text.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")
        self = isCertificate ? .certificate : .failed
    }
}
