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
    ///
    /// - `isNeeded`: without all of it the request is refused. If not, a body that cannot be held
    ///   streams, and the step can tell by `heldBody.isGivenUp`.
    static func holdBody(_ exchange: Exchange, isNeeded: Bool = true) -> Verdict? {
        guard exchange.hasRequestBody, exchange.grpc == .none, !exchange.heldBody.isWhole,
            let downstream = exchange.downstream, let route = exchange.route
        else { return nil }
        var isTooLarge = exchange.heldBody.isGivenUp
        if case .length(let count) = exchange.request.framing, count > route.heldBodyBytesMax {
            isTooLarge = true
        }
        guard !isTooLarge else {
            guard isNeeded else {
                exchange.heldBody.giveUp()
                return nil
            }
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
        exchange.heldBody.isNeeded = isNeeded
        return .wait(
            Wait(
                ticks: heldBodyTicks,
                late: isNeeded ? .reply(.problem(.requestTimeout)) : .goOn,
                continuation: .sameStep))
    }

    /// Whether the body is a stream of gRPC messages, of which no step gets to see anything.
    ///
    /// The client chooses its type, so it has to be one: said once, and on both sides over what can
    /// carry gRPC, which is HTTP/2 but for gRPC-Web. Everything else is held as any body is.
    static func flows(_ exchange: Exchange, _ route: RoutePlan) -> Bool {
        guard exchange.grpc != .none, let upstream = route.upstream,
            exchange.request.isHTTP2 || exchange.grpc != .grpc,
            isSole(.contentType, exchange.request.headers)
        else { return false }
        let plan = exchange.generation.plan
        var others: [Int] = []
        let extras = plan.extras(of: route)
        if let release = extras?.release { others += plan.releases[release].variants }
        if let fallback = extras?.fallback, let other = plan.fallbacks[fallback].upstream {
            others.append(other)
        }
        let steps = plan.program(of: exchange.match).requestSteps
        for offset in 0..<Int(steps.count) {
            let step = plan.steps[Int(steps.start) + offset]
            guard step.kind == .branch else { continue }
            others += plan.branches[Int(step.index)].branches.map { Int($0.upstream) }
        }
        return ([upstream] + others).allSatisfy { index in
            let endpoints = plan.upstreams[index].endpoints
            return !endpoints.isEmpty && endpoints.allSatisfy(\.mayBeHTTP2)
        }
    }

    private static func isSole(_ name: HeaderName, _ headers: borrowing HeaderList) -> Bool {
        var count = 0
        for field in headers.fields where field.known == name && !field.isRemoved { count += 1 }
        return count == 1
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
        let hasRoom = exchange.heldBody.byteCount + bytes.readableBytes <= bytesMax
        let isHeld = hasRoom && exchange.hold(bytes)
        if isHeld || !exchange.heldBody.isNeeded, exchange.isPaced {
            paceRequest(exchange, byteCount: bytes.readableBytes)
        }
        guard !isHeld else { return }
        guard exchange.heldBody.isNeeded else {
            exchange.holdLast(bytes)
            giveUpHolding(exchange)
            return heldBodyEnded(exchange)
        }
        guard hasRoom else { return requestFailed(exchange, .message(.bodyTooLarge)) }
        exchange.closesDownstream = true
        localReply(exchange, .problem(.heldBodyMemory))
    }

    /// A body that is only reported on cannot be seen whole: what is there goes on, and the rest
    /// behind it as it comes.
    static func giveUpHolding(_ exchange: Exchange) {
        exchange.heldBody.giveUp()
        exchange.machine.holdGivenUp()
    }

    /// Nothing more will come of a body that is held.
    ///
    /// Its length is known now, so it goes on with `Content-Length`; trailers need chunks.
    static func holdEnded(_ exchange: Exchange) {
        exchange.heldBody.end()
        RequestTrailers.dropUnseen(exchange)
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
