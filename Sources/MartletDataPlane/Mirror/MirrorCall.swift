import MartletConfig
import MartletHTTP
package import NIOCore
import NIOPosix
import NIOSSL

/// Why a copy got no answer.
package enum MirrorFailure: String, Error, Sendable, Equatable, CaseIterable {
    case connectFailed = "connect_failed"
    case timedOut = "timed_out"
    case connectionLost = "connection_lost"
    case malformed
    case tooLarge = "too_large"
}

/// Sends one copy and reads its answer, on a connection of its own.
///
/// Off the workers' loops: a slow mirror takes none of their time, no place in a pool, and nobody
/// waits for it.
package enum MirrorCall {
    /// - `endpoint`: chosen by the caller; one of the mirror's upstream.
    package static func send(
        _ exchange: MirroredExchange, to endpoint: EndpointPlan, on eventLoop: any EventLoop
    ) -> EventLoopFuture<Result<MirrorAnswer, MirrorFailure>> {
        guard let address = endpoint.addresses.first else {
            return eventLoop.makeSucceededFuture(.failure(.connectFailed))
        }
        let promise = eventLoop.makePromise(of: Result<MirrorAnswer, MirrorFailure>.self)
        let timeout = TimeAmount.nanoseconds(
            Int64(clamping: WorkerClock.nanoseconds(exchange.plan.config.timeout)))
        ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls = endpoint.tls {
                        try pipeline.addHandler(
                            NIOSSLClientHandler(
                                context: tls.plan.context, serverHostname: tls.serverName))
                    }
                    try pipeline.addHandler(
                        MirrorCallHandler(exchange, timeout: timeout, promise: promise))
                }
            }
            .connect(to: address)
            .whenFailure { error in
                var isLate = false
                if case .connectTimeout? = error as? ChannelError { isLate = true }
                promise.succeed(.failure(isLate ? .timedOut : .connectFailed))
            }
        return promise.futureResult
    }
}

/// The connection of one copy: asks, reads the answer, closes.
///
/// Owned by its channel, confined to its loop. Holds at most the mirror's `max-body`.
private final class MirrorCallHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let limits = HeadLimits(
        startLineBytesMax: 16 * 1024, headBytesMax: 64 * 1024, fieldCountMax: 1000)

    private let exchange: MirroredExchange
    private let timeout: TimeAmount
    private let promise: EventLoopPromise<Result<MirrorAnswer, MirrorFailure>>
    private let response = ResponseHead()
    private var parser = ResponseHeadParser()
    private var reader = BodyReader()
    private var answer: MirrorAnswer?
    private var deadline: Scheduled<Void>?
    private var isOver = false

    init(
        _ exchange: MirroredExchange, timeout: TimeAmount,
        promise: EventLoopPromise<Result<MirrorAnswer, MirrorFailure>>
    ) {
        self.exchange = exchange
        self.timeout = timeout
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        self.deadline = context.eventLoop.scheduleTask(in: self.timeout) {
            let (handler, context) = bound.value
            handler.end(.failure(.timedOut), context)
        }
        // Before a TLS handshake it waits in its handler.
        let request = ByteBuffer(bytes: self.exchange.request)
        context.writeAndFlush(self.wrapOutboundOut(request), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(self.unwrapInboundIn(data).readableBytesView)
        var position = 0
        while !self.isOver {
            if self.answer == nil {
                guard self.readHead(bytes.span, at: &position, context) else { return }
            } else {
                guard self.readBody(bytes, at: &position, context) else { return }
            }
        }
    }

    /// - Returns: whether to go on with what is left.
    private func readHead(
        _ bytes: Span<UInt8>, at position: inout Int, _ context: ChannelHandlerContext
    ) -> Bool {
        switch self.parser.parse(bytes, at: &position, into: self.response, limits: Self.limits) {
        case .needsMore: return false
        case .failed:
            self.end(.failure(.malformed), context)
            return false
        case .complete:
            guard self.response.isInterim else {
                self.answer = MirrorAnswer(
                    self.response, fields: self.exchange.plan.config.headers)
                self.reader.begin(
                    self.response.bodyFraming(answering: self.exchange.isHead ? .head : .get))
                return true
            }
            guard self.response.status != 101 else {
                self.end(.failure(.malformed), context)
                return false
            }
            self.response.reset()
            self.parser = ResponseHeadParser()
            return true
        }
    }

    private func readBody(
        _ bytes: [UInt8], at position: inout Int, _ context: ChannelHandlerContext
    ) -> Bool {
        switch self.reader.next(bytes.span, at: &position, limits: Self.limits) {
        case .needsMore: return false
        case .failed: self.end(.failure(.malformed), context)
        case .data(let range):
            self.answer?.body.writeBytes(bytes[range])
            if self.answer?.body.readableBytes ?? 0 > self.exchange.plan.config.bodyBytesMax {
                self.end(.failure(.tooLarge), context)
            }
        case .end: self.answered(context)
        }
        return true
    }

    private func answered(_ context: ChannelHandlerContext) {
        guard let answer = self.answer else { return }
        self.end(.success(answer), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if self.answer != nil, self.reader.isWholeAtClose { return self.answered(context) }
        self.end(.failure(.connectionLost), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func end(
        _ result: Result<MirrorAnswer, MirrorFailure>, _ context: ChannelHandlerContext
    ) {
        guard !self.isOver else { return }
        self.isOver = true
        self.deadline?.cancel()
        self.deadline = nil
        self.promise.succeed(result)
        context.close(promise: nil)
    }
}
