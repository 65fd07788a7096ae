import MartletHTTP
import MartletTelemetry

/// What every request goes through before it is routed: who sent it, what it is called in the
/// logs, and whether it asks for something that is not spoken here.
enum RequestInspection {
    static func inspect(_ exchange: Exchange) -> LocalReply? {
        let head = exchange.request
        let plan = exchange.listener.plan
        exchange.receivedPath = head.path
        exchange.receivedQuery = head.query
        exchange.record.protocolVersion =
            head.isHTTP2 ? .http2 : head.minorVersion == 0 ? .http10 : .http11
        if let reply = inspectUpgrade(exchange) { return reply }
        if head.method == .post, head.headers.presence & HeaderName.contentType.bit != 0 {
            exchange.grpc = kind(head.headers)
        }
        // First, so that `Connection` cannot name and remove what a trusted proxy says.
        exchange.origin = ForwardedHeaders.receive(
            &head.headers, peer: exchange.peer, trusted: plan.trustedProxies,
            source: plan.clientAddressSource)
        // Before anything of ours is added, so that `Connection` cannot name and remove it.
        guard HopByHopHeaders.removeFromRequest(&head.headers) else {
            return .message(.tooManyHeaderFields)
        }
        exchange.generation.authentication.plan.removeIdentityHeaders(from: &head.headers)
        name(exchange, accepts: plan.acceptsRequestID)
        if let abuse = exchange.generation.plan.abuseDetection,
            let reply = abuse.reply(toAddressOf: exchange)
        {
            return reply
        }
        switch head.method {
        case .connect:
            exchange.closesDownstream = true
            return .problem(.methodNotSupported)
        case .trace:
            // It would show a script the fields that a browser hides (RFC 9110 §9.3.8).
            return .problem(.methodNotSupported)
        default: break
        }
        if Via.isLoop(head.headers) { return .problem(.loopDetected) }
        return plan.httpsRedirect == nil ? nil : .httpsRedirect
    }

    private static func kind(_ headers: borrowing HeaderList) -> GRPCKind {
        guard let value = headers.first(.contentType) else { return .none }
        return GRPCKind(contentType: headers.span(value))
    }

    /// Gives the exchange its id, if it has none yet.
    static func name(_ exchange: Exchange, accepts: Bool) {
        guard exchange.requestID.isEmpty else { return }
        exchange.requestID = RequestIdentifier.apply(
            to: &exchange.request.headers, accept: accepts,
            random: (exchange.worker.random.next(), exchange.worker.random.next()))
    }

    /// Other upgrades (`h2c` of curl) are offers, and ignored (RFC 9110 §7.8).
    private static func inspectUpgrade(_ exchange: Exchange) -> LocalReply? {
        guard exchange.upgrade == .none else { return nil }
        switch WebSocketHandshake.examine(exchange.request) {
        case .none: return nil
        case .valid:
            exchange.upgrade = .webSocket
            return nil
        case .malformed: return .problem(.upgradeMalformed)
        }
    }

    /// Which of the listener's limits a reply stands for, for the metrics.
    static func rejection(_ reply: LocalReply) -> DownstreamRejection? {
        switch reply {
        case .message(.requestLineTooLong): .requestLineBytes
        case .message(.headerSectionTooLarge): .headerBytes
        case .message(.tooManyHeaderFields): .headerCount
        case .message(.bodyTooLarge): .bodyBytes
        case .message, .target: .malformed
        case .problem, .login, .preflight, .invalid, .redirect, .httpsRedirect, .fixed, .challenge,
            .denied, .lockedOut, .blocked, .externalChallenge, .fault, .gone, .maintenance,
            .fallback:
            nil
        }
    }
}
