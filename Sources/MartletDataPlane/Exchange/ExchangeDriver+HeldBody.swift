import MartletHTTP
import MartletTelemetry
import NIOCore

/// Bodies that a step wants whole: read to their end before the program goes on, then sent
/// upstream from memory.
extension ExchangeDriver {
    /// For a step that wants the whole body: `nil` if it can go on, otherwise what it returns.
    ///
    /// There is none of it to see where the request has no body, in a dry run, and of gRPC, whose
    /// messages have to flow: the step can tell by `heldBody.isWhole`. The route's limit counts,
    /// and that of the listener as for any body; the step runs again when the body is whole.
    static func holdBody(_ exchange: Exchange) -> Verdict? {
        guard exchange.hasRequestBody, exchange.grpc == .none, !exchange.heldBody.isWhole,
            let downstream = exchange.downstream, let route = exchange.route
        else { return nil }
        if case .length(let count) = exchange.request.framing, count > route.heldBodyBytesMax {
            exchange.closesDownstream = true
            downstream.reject(.bodyBytes)
            return .reply(.message(.bodyTooLarge))
        }
        // The end came while another step waited: there were no bytes before it.
        guard exchange.machine.request != .complete else {
            exchange.heldBody.end()
            return nil
        }
        exchange.machine.holdDecided()
        return .wait(
            Wait(
                ticks: heldBodyTicks, late: .reply(.problem(.requestTimeout)),
                continuation: .sameStep))
    }

    /// The most that a body may take which keeps the listener's rate and has no end.
    private static let heldBodyTicks = 600 * WorkerClock.ticksPerSecond

    /// The client is told to send, and what it has sent is taken.
    static func beginHolding(_ exchange: Exchange) {
        guard let downstream = exchange.downstream else { return }
        if exchange.request.headers.contains(.expect) { sendContinue(exchange, downstream) }
        if !downstream.isProcessing { downstream.resume() }
    }

    /// The client has been told already: the upstream must not be asked for it (RFC 9110
    /// §10.1.1).
    private static func sendContinue(_ exchange: Exchange, _ downstream: DownstreamSide) {
        exchange.request.headers.remove(.expect)
        guard exchange.request.minorVersion >= 1 else { return }
        exchange.response.reset()
        exchange.response.status = 100
        downstream.sendInterim(exchange)
        exchange.response.reset()
    }

    static func hold(_ bytes: ByteBuffer, _ exchange: Exchange) {
        let bytesMax = exchange.route?.heldBodyBytesMax ?? 0
        guard exchange.heldBody.byteCount + bytes.readableBytes <= bytesMax else {
            return requestFailed(exchange, .message(.bodyTooLarge))
        }
        guard exchange.hold(bytes) else {
            exchange.closesDownstream = true
            return localReply(exchange, .problem(.heldBodyMemory))
        }
        if exchange.isPaced { paceRequest(exchange, byteCount: bytes.readableBytes) }
    }

    /// Nothing more will come of a body that is held.
    ///
    /// Its length is known now, so it goes on with `Content-Length`; trailers need chunks.
    static func holdEnded(_ exchange: Exchange) {
        exchange.heldBody.end()
        if exchange.requestBody.chunks.trailers.isEmpty {
            exchange.request.framing = .length(exchange.heldBody.byteCount)
        }
        heldBodyEnded(exchange)
    }

    /// Sends what is held; again, if the exchange is tried again.
    ///
    /// The bytes are shared with the upstream's side, not copied, and its flow control holds them.
    static func sendHeldBody(_ exchange: Exchange) {
        guard exchange.heldBody.byteCount > 0 else { return }
        exchange.connection?.sendBody(exchange, exchange.heldBody.bytes)
    }
}
