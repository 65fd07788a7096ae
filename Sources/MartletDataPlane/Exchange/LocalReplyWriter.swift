import MartletHTTP
import MartletTelemetry
import NIOCore

/// Makes the replies that Martlet gives itself: problem documents (RFC 9457) with `Proxy-Status`
/// (RFC 9209), redirects and fixed answers.
///
/// They become an ordinary response head and body, so that each protocol writes them in its own
/// form. Nothing of an upstream appears in them (row A3).
enum LocalReplyWriter {
    /// The body that belongs to `exchange.response`.
    struct Written {
        let framing: BodyFraming
        /// `nil` where the request or the status allows none.
        let body: ByteBuffer?
    }

    /// Makes `exchange.response` the reply's head.
    static func write(_ reply: LocalReply, for exchange: Exchange) -> Written {
        let plan = exchange.generation.plan
        exchange.response.reset()
        exchange.noteOwnPolicies()
        switch reply {
        case .problem(let error):
            return writeProblem(exchange, status: error.status, error: error, detail: error.detail)
        case .message(let error):
            return writeProblem(
                exchange, status: error.requestStatus, error: reply.error ?? .requestMalformed,
                detail: error.detail)
        case .target(let error):
            return writeProblem(
                exchange, status: 400, error: .requestMalformed, detail: error.detail)
        case .preflight:
            exchange.grpc = .none
            begin(exchange, status: 204)
            return Written(framing: .none, body: nil)
        case .invalid(let status, let row):
            return writeInvalid(exchange, status: status, plan.requestValidations[Int(row)])
        case .challenge, .denied, .lockedOut, .blocked, .externalChallenge:
            return writeRefusal(reply, exchange)
        case .fault(let index):
            return writeProblem(
                exchange, status: plan.faults[Int(index)].status, error: .faultInjected,
                detail: ProxyError.faultInjected.detail)
        case .gone(let index):
            return writeGone(plan.versions[Int(index)], exchange)
        case .maintenance(let index):
            return writeMaintenance(plan.maintenances[Int(index)], exchange)
        case .fallback(let index, let error):
            let written = writeFixed(
                plan.staticReplies[Int(index)], body: plan.staticBodies[Int(index)], exchange)
            writeProxyStatus(error ?? .noEndpoint, exchange)
            return written
        case .login: return writeLogin(exchange)
        case .redirect(let index):
            return writeRedirect(plan.redirects[Int(index)], exchange)
        case .httpsRedirect:
            guard let redirect = exchange.listener.plan.httpsRedirect else {
                return writeProblem(
                    exchange, status: 500, error: .internalError,
                    detail: ProxyError.internalError.detail)
            }
            return writeRedirect(redirect, exchange)
        case .fixed(let index):
            return writeFixed(
                plan.staticReplies[Int(index)], body: plan.staticBodies[Int(index)], exchange)
        }
    }

    /// A problem document with the member `errors`, and the fields that say what would be taken.
    private static func writeInvalid(
        _ exchange: Exchange, status: UInt16, _ policy: RequestValidationPolicy
    ) -> Written {
        let errors = Array(",\"errors\":".utf8) + exchange.generation.validation.errors
        let written = writeProblem(
            exchange, status: status, error: .requestInvalid,
            detail: ProxyError.requestInvalid.detail, extensions: errors)
        if status == 405 { exchange.response.headers.add(.allow, value: policy.allow.span) }
        if status == 415, !policy.accept.isEmpty {
            exchange.response.headers.add(.accept, value: policy.accept.span)
        }
        return written
    }

    private static func writeProblem(
        _ exchange: Exchange, status: UInt16, error: ProxyError, detail: StaticString,
        extensions: [UInt8] = []
    ) -> Written {
        RequestInspection.name(exchange, accepts: false)
        guard exchange.grpc == .none else {
            return writeGRPCStatus(exchange, status: status, error: error, detail: detail)
        }
        let body = ProblemDocument.make(
            status: status, error: error, detail: detail,
            requestID: exchange.requestID, of: exchange.request.headers,
            extensions: error == .quotaExceeded ? RateLimitFields.violated(exchange) : extensions)
        begin(exchange, status: status)
        add(.contentType, "application/problem+json", to: exchange)
        add(.cacheControl, "no-store", to: exchange)
        writeProxyStatus(error, exchange)
        if error == .methodNotAllowed { writeAllow(exchange) }
        // RFC 6455 §4.4: a client of another version learns which one is spoken.
        if error == .upgradeMalformed {
            exchange.response.headers.add(name: socketVersion.span, value: thirteen.span)
        }
        if status == 503, error != .maintenance { add(.retryAfter, "1", to: exchange) }
        return end(exchange, body: ByteBuffer(bytes: body))
    }

    private static let socketVersion = Array("sec-websocket-version".utf8)
    private static let thirteen = Array("13".utf8)

    /// Who is not known is asked for credentials (RFC 9110 §15.5.2), who needs other scopes is told
    /// which (RFC 6750 §3.1), and nobody is told why.
    private static func writeRefusal(_ reply: LocalReply, _ exchange: Exchange) -> Written {
        let plan = exchange.generation.plan
        let error = reply.error ?? .unauthenticated
        let written = writeProblem(
            exchange, status: error.status, error: error, detail: error.detail)
        switch reply {
        case .challenge(let policy, let hasCredentials):
            let policy = plan.authentications[Int(policy)]
            for value in hasCredentials ? policy.errorChallenges : policy.challenges {
                exchange.response.headers.add(.wwwAuthenticate, value: value.span)
            }
        case .denied(let access, let rule, isScope: true):
            let challenge = plan.accesses[Int(access)].rules[Int(rule)].challenge
            guard !challenge.isEmpty else { break }
            exchange.response.headers.add(.wwwAuthenticate, value: challenge.span)
        case .externalChallenge:
            for challenge in exchange.replyContent.split(separator: 10) {
                let value = Array(challenge)
                exchange.response.headers.add(.wwwAuthenticate, value: value.span)
            }
        case .lockedOut(let seconds), .blocked(let seconds):
            let text = Array(String(seconds).utf8)
            exchange.response.headers.add(.retryAfter, value: text.span)
        default: break
        }
        return written
    }

    /// 503 with the time at which it may be over.
    private static func writeMaintenance(
        _ policy: MaintenancePolicy, _ exchange: Exchange
    ) -> Written {
        let error = ProxyError.maintenance
        let written = writeProblem(
            exchange, status: error.status, error: error, detail: error.detail)
        exchange.response.headers.add(.retryAfter, value: policy.retryAfter.span)
        return written
    }

    /// 410 with the schedule, and where to go instead.
    private static func writeGone(_ version: VersionPolicy, _ exchange: Exchange) -> Written {
        let error = ProxyError.versionGone
        let written = writeProblem(
            exchange, status: error.status, error: error, detail: error.detail,
            extensions: version.problemMember)
        version.apply(to: &exchange.response.headers)
        return written
    }

    /// A gRPC client reads `grpc-status`, not the HTTP status: one head without a body, as the gRPC
    /// protocol calls "Trailers-Only".
    private static func writeGRPCStatus(
        _ exchange: Exchange, status: UInt16, error: ProxyError, detail: StaticString
    ) -> Written {
        begin(exchange, status: 200)
        add(.contentType, exchange.grpc.mediaType, to: exchange)
        writeProxyStatus(error, exchange)
        let code = Array(String(GRPCStatus(httpStatus: status).rawValue).utf8)
        exchange.response.headers.add(name: Array("grpc-status".utf8).span, value: code.span)
        let message = Array(detail.description.utf8)
        exchange.response.headers.add(name: Array("grpc-message".utf8).span, value: message.span)
        return Written(framing: exchange.request.isHTTP2 ? .none : .length(0), body: nil)
    }

    /// `next-hop` and `details` only where the listener's `expose-internals` says so.
    private static func writeProxyStatus(_ error: ProxyError, _ exchange: Exchange) {
        let open = exchange.response.headers.beginField(.proxyStatus)
        exchange.response.headers.appendBytes("martlet; error=")
        exchange.response.headers.appendBytes(error.proxyStatusType)
        if exchange.listener.plan.exposesInternals {
            if let upstream = exchange.upstream {
                exchange.response.headers.appendBytes("; next-hop=\"")
                exchange.response.headers.appendBytes(Array(upstream.plan.name.utf8))
                exchange.response.headers.appendBytes("\"")
            }
            exchange.response.headers.appendBytes("; details=\"")
            exchange.response.headers.appendBytes(error.name)
            exchange.response.headers.appendBytes("\"")
        }
        exchange.response.headers.endField(open)
    }

    private static func writeAllow(_ exchange: Exchange) {
        var methods: [UInt8] = []
        exchange.generation.plan.routing.appendAllow(exchange.match.allowed, to: &methods)
        exchange.response.headers.add(.allow, value: methods.span)
    }

    private static func writeRedirect(_ redirect: RedirectPolicy, _ exchange: Exchange) -> Written {
        var location: [UInt8] = []
        redirect.location(
            head: exchange.request, captures: exchange.captures,
            prefixEnd: Int(exchange.match.prefixEnd), scheme: exchange.isSecure ? .https : .http,
            into: &location)
        exchange.grpc = .none
        begin(exchange, status: UInt16(redirect.status))
        exchange.response.headers.add(.location, value: location.span)
        return end(exchange, body: ByteBuffer())
    }

    /// 302 with the fields that the step of the login has made.
    private static func writeLogin(_ exchange: Exchange) -> Written {
        exchange.grpc = .none
        begin(exchange, status: 302)
        add(.cacheControl, "no-store", to: exchange)
        let lines = exchange.replyContent
        var start = 0
        while let end = lines[start...].firstIndex(of: 10) {
            // `name: value CR LF`
            let line = Array(lines[start..<end].dropLast())
            start = end + 1
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            exchange.response.headers.add(
                name: Array(line[..<colon]).span, value: Array(line[(colon + 2)...]).span)
        }
        return end(exchange, body: ByteBuffer())
    }

    private static func writeFixed(
        _ fixed: StaticReplyPolicy, body: ByteBuffer, _ exchange: Exchange
    ) -> Written {
        exchange.grpc = .none
        begin(exchange, status: UInt16(fixed.status))
        fixed.addHeaders(
            to: &exchange.response.headers, captures: exchange.captures, head: exchange.request)
        return end(exchange, body: body)
    }

    private static func begin(_ exchange: Exchange, status: UInt16) {
        exchange.record.status = status
        exchange.response.status = status
        let date = HTTPDate(secondsSinceEpoch: Int(exchange.worker.clock.wallClock / 1_000_000_000))
        exchange.response.headers.add(.date, value: date.span)
    }

    private static func add(_ name: HeaderName, _ value: StaticString, to exchange: Exchange) {
        let open = exchange.response.headers.beginField(name)
        exchange.response.headers.appendBytes(value)
        exchange.response.headers.endField(open)
    }

    private static func end(_ exchange: Exchange, body: ByteBuffer) -> Written {
        let status = exchange.record.status
        guard status != 204, status != 304 else { return Written(framing: .none, body: nil) }
        let isSent = exchange.request.method != .head && body.readableBytes > 0
        return Written(framing: .length(body.readableBytes), body: isSent ? body : nil)
    }
}
