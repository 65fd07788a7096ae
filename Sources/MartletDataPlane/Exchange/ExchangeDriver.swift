import MartletAlgorithms
import MartletHTTP
import MartletTelemetry
import NIOCore

/// Does what the state machine and the steps decide: the only place that knows both sides of an
/// exchange.
///
/// Handlers report facts to it; it calls them to write, lease and close.
///
/// No state of its own. Every function runs to its end on the worker's loop.
package enum ExchangeDriver {
    // MARK: Request

    /// The head is whole: inspect, route, run the steps, forward (row A1).
    static func requestHeadReceived(_ exchange: Exchange, hasBody: Bool) {
        guard let downstream = exchange.downstream else { return }
        exchange.machine = ExchangeStateMachine(hasBody: hasBody)
        // Also for a body that is only read to be dropped.
        if hasBody {
            exchange.requestBody.begin(
                exchange.request.framing, keepsTrailers: exchange.request.isHTTP2)
        }
        exchange.closesDownstream = !downstream.keepsAlive(exchange)
        perform(decide(exchange), exchange)
    }

    private static func perform(_ verdict: Verdict, _ exchange: Exchange) {
        switch verdict {
        case .next: forward(exchange)
        case .reply(let reply): localReply(exchange, reply)
        case .wait(let wait):
            exchange.wait = wait
            exchange.heldSinceTick = exchange.worker.clock.tick
            exchange.arm(wait.ticks)
            if exchange.machine.holdsBody { beginHolding(exchange) }
        }
    }

    /// What a step has waited for is there: the program goes on where it stopped.
    ///
    /// May be called from any event of the exchange's loop. A void ticket does nothing.
    package static func resume(_ ticket: WaitTicket) {
        let exchange = ticket.exchange
        guard ticket.isValid, exchange.wait != nil else { return }
        exchange.worker.eventBegan()
        endWait(exchange)
        perform(StepRunner.runRequest(exchange), exchange)
    }

    /// The whole body is held: the step that waited for it runs again.
    static func heldBodyEnded(_ exchange: Exchange) {
        endWait(exchange)
        perform(StepRunner.runRequest(exchange), exchange)
    }

    private static func endWait(_ exchange: Exchange) {
        if exchange.isRequestHeldBack { exchange.creditHold() }
        exchange.wait = nil
        // Whoever still holds the ticket has nothing to say any more.
        exchange.waitNumber &+= 1
        exchange.disarm()
    }

    private static func decide(_ exchange: Exchange) -> Verdict {
        if let reply = RequestInspection.inspect(exchange) { return .reply(reply) }
        if let reply = route(exchange) { return .reply(reply) }
        if exchange.grpc != .none, let reply = beginGRPC(exchange) { return .reply(reply) }
        if exchange.upgrade != .none {
            exchange.machine = ExchangeStateMachine(hasBody: false, wantsUpgrade: true)
        }
        return StepRunner.runRequest(exchange)
    }

    /// Finds the route and checks what it says of the head; the reply, if it ends here.
    static func route(_ exchange: Exchange) -> LocalReply? {
        let plan = exchange.generation.plan
        if exchange.request.method != .options || !CORSPreflight.match(exchange, plan) {
            exchange.match = plan.routing.match(
                exchange.request, listener: exchange.record.listener,
                client: exchange.origin.address,
                captures: &exchange.captures)
        }
        switch exchange.match.outcome {
        case .notFound: return .problem(.routeNotFound)
        case .methodNotAllowed: return .problem(.methodNotAllowed)
        case .route: break
        }
        let route = plan.routes[Int(exchange.match.route)]
        exchange.record.route = exchange.match.route
        if exchange.worker.strain.isHigh, !exchange.worker.strain.admits(route.importance) {
            return .problem(.overloaded)
        }
        guard exchange.request.pathTraits.isSubset(of: route.allowedTraits) else {
            exchange.closesDownstream = true
            return .problem(.pathRefused)
        }
        guard exchange.upgrade == .none || route.allowsWebSocket else {
            return .problem(.upgradeNotSupported)
        }
        if let ticks = route.totalTicks { exchange.limit(toTicks: ticks, .exchangeTimeout) }
        if route.looksAtBodies, !flows(exchange, route) { exchange.grpc = .none }
        let bytesMax = route.bodyBytesMax ?? listenerBodyBytesMax(exchange, route)
        if case .length(let count) = exchange.request.framing, count > bytesMax {
            exchange.closesDownstream = true
            exchange.downstream?.reject(.bodyBytes)
            return .message(.bodyTooLarge)
        }
        exchange.requestBody.begin(
            exchange.request.framing, bytesMax: bytesMax, keepsTrailers: exchange.request.isHTTP2)
        if exchange.earlyBodyCount > 0,
            let error = exchange.requestBody.count(exchange.earlyBodyCount)
        {
            exchange.closesDownstream = true
            exchange.downstream?.reject(.bodyBytes)
            return .message(error)
        }
        return nil
    }

    /// What the listener allows; a stream of gRPC messages has no size that could be limited.
    ///
    /// Only where it can be one: towards HTTP/1.1, whoever names the type would get around it.
    private static func listenerBodyBytesMax(_ exchange: Exchange, _ route: RoutePlan) -> Int {
        guard exchange.grpc == .grpc, exchange.request.isHTTP2, let index = route.upstream,
            exchange.generation.plan.upstreams[index].endpoints.contains(where: \.mayBeHTTP2)
        else { return exchange.listener.plan.bodyBytesMax }
        return .max
    }

    /// - `requestCount`: how many the connection has brought, this one included.
    static func keepsAlive(_ exchange: Exchange, requestCount: Int) -> Bool {
        if exchange.worker.isDraining || exchange.listener.isRetired {
            exchange.downstream?.reject(.draining)
            return false
        }
        if requestCount >= exchange.listener.plan.requestsPerConnectionMax {
            exchange.downstream?.reject(.requestsPerConnection)
            return false
        }
        return ConnectionTokens.keepsAlive(
            exchange.request.headers, minorVersion: exchange.request.minorVersion)
    }

    static func requestBodyReceived(_ exchange: Exchange, _ bytes: ByteBuffer) {
        if exchange.machine.requestBodyReceived() == .hold { return hold(bytes, exchange) }
        guard let connection = exchange.connection else { return }
        if exchange.mirror != nil { mirrorRequest(exchange, bytes) }
        exchange.keepForReplay(bytes)
        if exchange.isPaced { paceRequest(exchange, byteCount: bytes.readableBytes) }
        guard exchange.grpc != .webText else { return sendGRPCWebText(exchange, bytes) }
        connection.sendBody(exchange, bytes)
    }

    static func requestEnded(_ exchange: Exchange) {
        // A WebSocket's client may end its side with its Close frame: the answer to it is awaited.
        if exchange.isTunnel { exchange.limit(toTicks: exchange.listener.plan.halfClosedTicks) }
        switch exchange.machine.requestEnded() {
        case .sendEnd where !exchange.grpcText.isWhole:
            requestFailed(exchange, .problem(.requestMalformed))
        case .sendEnd:
            sendRequestEnd(exchange)
            exchange.connection?.flush()
        case .goOn: holdEnded(exchange)
        case .none:
            // The answer had been given already; this was what it waited for.
            if exchange.machine.isFinished { finish(exchange, keepsAlive: true) }
        }
    }

    private static func sendRequestEnd(_ exchange: Exchange) {
        exchange.connection?.sendEnd(exchange, responseTicks: responseTicks(exchange))
    }

    private static func responseTicks(_ exchange: Exchange) -> UInt64 {
        exchange.route?.responseTicks ?? exchange.upstream?.plan.responseTicks ?? .max / 4
    }

    /// The message cannot be read on, or came too slowly: answer if possible, then close.
    static func requestFailed(_ exchange: Exchange, _ reply: LocalReply) {
        exchange.closesDownstream = true
        if let reason = RequestInspection.rejection(reply) {
            exchange.downstream?.reject(reason)
        }
        localReply(exchange, reply)
    }

    // MARK: Forwarding

    private static func forward(_ exchange: Exchange) {
        let branch = exchange.branchUpstream
        guard let route = exchange.route,
            var index = branch >= 0 ? Int(branch) : route.upstream
        else {
            return localReply(exchange, .problem(.internalError))
        }
        let extras = exchange.generation.plan.extras(of: route)
        if branch < 0, let release = extras?.release {
            index = variant(exchange, release) ?? index
        }
        exchange.upstream = exchange.generation.upstreams[index]
        exchange.record.upstream = UInt16(clamping: index)
        if let extras {
            exchange.hasFallback = extras.fallback != nil
            if let mirror = extras.mirror { beginMirror(exchange, mirror) }
        }
        if exchange.machine.request != .complete { noteReplay(exchange) }
        exchange.machine.forwardDecided()
        exchange.upstreamStartedAt = exchange.worker.clock.now
        lease(exchange)
    }

    /// The upstream of the variant that the exchange gets; `nil` for the route's own.
    private static func variant(_ exchange: Exchange, _ release: Int) -> Int? {
        let generation = exchange.generation
        let plan = generation.plan.releases[release]
        if plan.hasConditions {
            // Whoever is chosen or left out is no fair sample of the users: it is not counted.
            switch plan.placement(of: exchange) {
            case .canary: return plan.variants.first
            case .baseline: return nil
            case .byShare: break
            }
        }
        exchange.release = Int16(clamping: release)
        guard let variant = generation.releases[release].variant(of: exchange, by: plan),
            variant < plan.variants.count
        else { return nil }
        exchange.variant = Int16(clamping: variant)
        return plan.variants[variant]
    }

    static func retry(_ exchange: Exchange) {
        lease(exchange)
    }

    private static func lease(_ exchange: Exchange) {
        guard let upstream = exchange.upstream else { return }
        switch upstream.lease(exchange) {
        case .leased(let connection):
            connectionLeased(connection, to: exchange)
        case .waiting(let ticket):
            exchange.ticket = ticket
            exchange.arm(upstream.plan.queueTicks)
        case .failed(let error):
            unanswered(exchange, error, isUnprocessed: true)
        }
    }

    /// The connection is this exchange's: the head goes out, and with it what body is there.
    static func connectionLeased(_ leased: UpstreamConnection, to exchange: Exchange) {
        exchange.ticket = .none
        exchange.disarm()
        exchange.hasReceivedResponseBytes = false
        exchange.machine.connectionLeased()
        exchange.record.attempts = exchange.machine.attempts
        exchange.upstreamSentAt = exchange.worker.clock.now
        let connection = leased.attach(exchange)
        exchange.connection = connection
        guard exchange.upgrade == .none || connection.canUpgrade else {
            return localReply(exchange, .problem(.upgradeNotSupported))
        }
        if case .http2 = connection { exchange.keepForUnprocessed() }
        if let downstream = exchange.downstream,
            exchange.readsLittle || downstream.takesLittle
        {
            connection.readLittle(true)
        }
        connection.sendHead(exchange)
        if exchange.machine.request == .complete {
            // Without a body, or with one that is held or had been read before a retry.
            sendHeldBody(exchange)
            sendRequestEnd(exchange)
            connection.flush()
        } else {
            // What an earlier try was sent, if anything.
            sendHeldBody(exchange)
            guard let downstream = exchange.downstream, !downstream.isProcessing else { return }
            downstream.resume()
            if !downstream.holdsBody { exchange.connection?.flush() }
        }
    }

    /// No connection could be opened.
    ///
    /// Nothing has been sent, so another endpoint may be tried.
    static func connectFailed(_ exchange: Exchange, _ error: ProxyError) {
        exchange.ticket = .none
        if otherGoesOn(exchange) { return }
        if exchange.attempt.isAdmitted { return tryFailed(exchange, .connectFailed, error) }
        exchange.connectFailures += 1
        let endpointCount = exchange.upstream?.plan.endpoints.count ?? 0
        guard Int(exchange.connectFailures) < min(endpointCount, connectTriesMax) else {
            return unanswered(exchange, error, isUnprocessed: true)
        }
        exchange.disarm()
        lease(exchange)
    }

    /// Endpoints dialled for one request at most.
    private static let connectTriesMax = 3

    /// No connection has become free in time.
    private static func leaveQueue(_ exchange: Exchange) {
        exchange.upstream?.cancel(exchange.ticket)
        exchange.ticket = .none
        if otherGoesOn(exchange) { return }
        unanswered(exchange, .queueTimeout, isUnprocessed: true)
    }

    /// What the exchange waited for has not come in time; an HTTP/1 connection has a deadline of
    /// its own once it is leased.
    static func deadlineFired(_ exchange: Exchange) {
        guard exchange.deadline.fired(owner: .exchange(exchange), worker: exchange.worker) else {
            return
        }
        if exchange.worker.clock.tick >= exchange.endTick {
            guard !exchange.isTunnel else {
                return responseEnded(exchange, upstreamKeepsAlive: false)
            }
            return deadlineExceeded(exchange)
        }
        switch exchange.machine.upstream {
        case .waiting where exchange.attempt.isPausing: pauseEnded(exchange)
        case .waiting: leaveQueue(exchange)
        case .attached where exchange.machine.response == .awaited:
            upstreamFailed(exchange, .responseTimeout)
        case .attached: upstreamFailed(exchange, .responseStalled)
        case .undecided:
            guard let wait = exchange.wait else { return }
            endWait(exchange)
            switch wait.late {
            case .reply(let reply): localReply(exchange, reply)
            case .goOn:
                // What is waited for may be the rest of a body that is only reported on.
                if exchange.machine.holdsBody, !exchange.heldBody.isWhole {
                    giveUpHolding(exchange)
                }
                perform(StepRunner.runRequest(exchange), exchange)
            }
        case .released: break
        }
    }
}
