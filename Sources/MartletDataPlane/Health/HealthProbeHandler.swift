import MartletConfig
import MartletHTTP
import NIOCore
import NIOSSL
import NIOTLS

/// The connection of one health check: asks, reads the answer as far as it is looked at, closes.
///
/// Owned by its channel, confined to its loop. Holds at most `bodyBytesMax` of the answer's body.
final class HealthProbeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Of a body that is looked at.
    static let bodyBytesMax = 64 * 1024

    private enum Exchange {
        case none
        case http1(HTTP1HealthExchange)
        case http2(HTTP2HealthExchange)
    }

    private let probe: HealthProbe
    private let timeout: TimeAmount
    private let promise: EventLoopPromise<HealthCheckResult>
    private var exchange = Exchange.none
    private var deadline: Scheduled<Void>?
    private var isOver = false

    init(_ probe: HealthProbe, timeout: TimeAmount, promise: EventLoopPromise<HealthCheckResult>) {
        self.probe = probe
        self.timeout = timeout
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        self.deadline = context.eventLoop.scheduleTask(in: self.timeout) {
            let (handler, context) = bound.value
            handler.end(.timedOut, context)
        }
        guard self.probe.endpoint.tls == nil else { return }
        self.connected(context, speaksHTTP2: self.probe.endpoint.isHTTP2)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
            self.connected(context, speaksHTTP2: negotiated == "h2")
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func connected(_ context: ChannelHandlerContext, speaksHTTP2: Bool) {
        let bytes: [UInt8]
        switch self.probe.config.kind {
        case .tcp: return self.end(.passed, context)
        case .grpc:
            let exchange = HTTP2HealthExchange(self.probe)
            bytes = exchange.request
            self.exchange = .http2(exchange)
        case .http where speaksHTTP2:
            let exchange = HTTP2HealthExchange(self.probe)
            bytes = exchange.request
            self.exchange = .http2(exchange)
        case .http:
            let exchange = HTTP1HealthExchange(self.probe)
            bytes = exchange.request
            self.exchange = .http1(exchange)
        }
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        switch self.exchange {
        case .none: break
        case .http1(let exchange):
            if let result = exchange.received(buffer) { self.end(result, context) }
        case .http2(let exchange):
            var reply: [UInt8] = []
            let result = exchange.received(buffer, reply: &reply)
            if !reply.isEmpty {
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: reply)), promise: nil)
            }
            if let result { self.end(result, context) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        var result = HealthCheckResult.connectionLost
        if case .http1(let exchange) = self.exchange, let ended = exchange.closed() {
            result = ended
        }
        if case .none = self.exchange, self.probe.endpoint.tls != nil { result = .tlsFailed }
        self.end(result, context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError,
            case .none = self.exchange
        {
            self.end(.tlsFailed, context)
        }
        context.close(promise: nil)
    }

    private func end(_ result: HealthCheckResult, _ context: ChannelHandlerContext) {
        guard !self.isOver else { return }
        self.isOver = true
        self.deadline?.cancel()
        self.deadline = nil
        self.promise.succeed(result)
        context.close(promise: nil)
    }
}

/// What a check looks for in an answer.
struct HealthExpectation {
    private let config: HealthCheckConfig

    init(_ config: HealthCheckConfig) { self.config = config }

    var looksAtBody: Bool { self.config.expectedBody != nil }

    /// - Returns: what is wrong with the head.
    func head(_ status: UInt16, _ headers: borrowing HeaderList) -> HealthCheckResult? {
        guard self.config.statuses.contains(where: { $0.first...$0.last ~= Int(status) }) else {
            return .statusUnexpected
        }
        for expected in self.config.expectedHeaders {
            let name = Array(expected.name.utf8)
            guard let range = headers.first(named: name.span),
                headers.span(range).isEqual(to: Array(expected.value.utf8))
            else { return .headerUnexpected }
        }
        return nil
    }

    /// Whether the body read so far has what is looked for.
    func isFound(in body: [UInt8]) -> Bool {
        guard let text = self.config.expectedBody else { return true }
        return body.firstRange(of: Array(text.utf8)) != nil || text.isEmpty
    }
}
