import MartletConfig
import MartletHTTP
import NIOCore

/// Copies of requests for another upstream: what they are made of is kept while the exchange goes
/// on, and handed over at its end. Nothing of it is waited for.
extension ExchangeDriver {
    static func beginMirror(_ exchange: Exchange, _ row: Int) {
        let plan = exchange.generation.plan.mirrors[row]
        guard exchange.grpc == .none, exchange.upgrade == .none,
            plan.config.includesUnsafe || exchange.request.method.isSafe
        else { return }
        if case .length(let count) = exchange.request.framing, count > plan.config.bodyBytesMax {
            return
        }
        let state = exchange.generation.mirrors[row]
        guard let capture = state.requestArrived(plan, random: &exchange.worker.random) else {
            return
        }
        exchange.mirror = capture
        // A body that a step wanted whole will not come again.
        if exchange.heldBody.byteCount > 0 { mirrorRequest(exchange, exchange.heldBody.bytes) }
    }

    static func mirrorRequest(_ exchange: Exchange, _ bytes: ByteBuffer) {
        guard let mirror = exchange.mirror, !mirror.requestReceived(bytes) else { return }
        abandonMirror(exchange, .tooLarge)
    }

    static func mirrorAnswer(_ exchange: Exchange, _ bytes: ByteBuffer) {
        guard let mirror = exchange.mirror, !mirror.answerReceived(bytes) else { return }
        abandonMirror(exchange, .tooLarge)
    }

    static func abandonMirror(_ exchange: Exchange, _ reason: MirrorState.Reason) {
        exchange.mirror?.state.abandoned(reason)
        exchange.mirror = nil
    }

    /// The exchange is recorded; its request is not needed any more.
    static func endMirror(_ exchange: Exchange) {
        guard let mirror = exchange.mirror else { return }
        guard mirror.isWhole else { return abandonMirror(exchange, .unanswered) }
        exchange.mirror = nil
        let head = exchange.request
        let body = mirror.requestBody
        if exchange.hasRequestBody { head.framing = .length(body.readableBytes) }
        head.headers.remove(.expect)
        let (field, name) = (mirrorField, mirror.plan.nameField)
        head.headers.add(name: field.span, value: name.span)
        let upstream = exchange.generation.plan.upstreams[mirror.plan.upstream]
        var bytes = ByteBuffer()
        bytes.writeHead(capacity: head.headers.bytes.count + 256) {
            ForwardedMessageWriter.writeRequest(
                head, host: exchange.route?.hostField ?? .preserve,
                literals: exchange.generation.plan.hostLiterals,
                upstreamHost: upstream.endpoints.first?.hostField ?? [], to: &$0)
        }
        bytes.writeImmutableBuffer(body)
        mirror.state.completed(
            MirroredExchange(
                plan: mirror.plan, request: Array(bytes.readableBytesView),
                isHead: head.method == .head, requestID: head.headers.text(exchange.requestID),
                method: head.headers.text(head.methodBytes),
                path: head.headers.text(exchange.receivedPath), answer: mirror.answer))
    }

    /// Tells the other upstream that it is a copy.
    private static let mirrorField = Array("martlet-mirror".utf8)
}
