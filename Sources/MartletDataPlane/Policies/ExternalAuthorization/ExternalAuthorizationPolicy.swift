import MartletConfig
import MartletHTTP
import MartletSecurity

/// Asks another server whether a request may pass, and tells the upstream what it says.
///
/// Immutable; a row of the plan. The call is a side call: the exchange waits, the worker goes on.
struct ExternalAuthorizationPolicy: Sendable {
    private let plan: ExternalAuthorizationPlan
    private let headers: [[UInt8]]
    private let responseHeaders: [[UInt8]]
    private let cacheSeconds: Int64
    private let allowsOnFailure: Bool

    /// Its place among what an exchange is told; authentication has those before it.
    private static let answer = SideAnswers.methodsMax

    init(_ config: ExternalAuthorizationConfig) {
        self.plan = ExternalAuthorizationPlan(
            url: config.url, timeout: config.timeout, responseHeaders: config.responseHeaders)
        self.headers = config.headers.map { Array($0.utf8) }
        self.responseHeaders = config.responseHeaders.map { Array($0.utf8) }
        self.cacheSeconds = config.cache.secondsRoundedUp
        self.allowsOnFailure = config.onFailure == .allow
    }

    func apply(to exchange: Exchange) -> Verdict {
        exchange.isCallerChecked = true
        let state = exchange.generation.authentication
        let now = exchange.worker.wallSeconds
        let fields = self.fields(of: exchange)
        let key = Self.key(self.plan.url, fields)
        let hash = state.hash(key.span)
        switch exchange.sideAnswers[Self.answer] {
        case .none: break
        case .failed: return self.failed(exchange)
        case .yes, .content:
            let lines = exchange.sideContents[Self.answer]
            if self.cacheSeconds > 0 {
                state.allowed.insert(
                    lines, for: key.span, hash: hash, epoch: state.plan.epoch,
                    expiry: now + self.cacheSeconds, now: now)
            }
            return self.pass(exchange, lines)
        case .no, .unauthenticated:
            exchange.refusal = .deniedExternally
            exchange.replyContent = exchange.sideContents[Self.answer]
            return .reply(
                exchange.replyContent.isEmpty ? .problem(.accessDenied) : .externalChallenge)
        }
        if let lines = state.allowed.find(
            key.span, hash: hash, epoch: state.plan.epoch, now: now)
        {
            return self.pass(exchange, lines)
        }
        // What another call has brought is not this one's.
        exchange.sideContents[Self.answer] = []
        // So that it is gone too when the wait ends without an answer.
        self.removeResponseHeaders(exchange)
        let isAsked = state.ask(
            .request(url: self.plan.url, key), .authorise(self.plan, fields: fields),
            for: exchange, method: Self.answer)
        guard isAsked else { return self.failed(exchange) }
        // Until an answer says otherwise.
        exchange.sideAnswers.set(.failed, method: Self.answer)
        return .wait(
            Wait(
                ticks: WorkerClock.ticks(self.plan.timeout) + WorkerClock.ticksPerSecond,
                late: .goOn, continuation: .sameStep))
    }

    private func failed(_ exchange: Exchange) -> Verdict {
        if self.allowsOnFailure { return self.pass(exchange, []) }
        exchange.refusal = .unavailable
        return .reply(.problem(.authenticationUnavailable))
    }

    /// - `lines`: `name: value CR LF`, names in lower case.
    private func pass(_ exchange: Exchange, _ lines: [UInt8]) -> Verdict {
        self.removeResponseHeaders(exchange)
        let head = exchange.request
        var start = 0
        while let end = lines[start...].firstIndex(of: 10) {
            let line = Array(lines[start...end])
            start = end + 1
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = Array(line[..<colon])
            head.headers.addLine(
                line.span, nameCount: colon, known: HeaderName(name.span))
        }
        return .next
    }

    /// Nobody but the server says these.
    private func removeResponseHeaders(_ exchange: Exchange) {
        self.removeResponseHeaders(from: &exchange.request.headers)
    }

    func removeResponseHeaders(from headers: inout HeaderList) {
        for index in self.responseHeaders.indices {
            headers.removeAnySpelling(of: self.responseHeaders[index])
        }
    }

    /// What the server is told of the request.
    private func fields(of exchange: Exchange) -> [(name: String, value: String)] {
        let head = exchange.request
        let text = { (range: ByteRange) in head.headers.text(range) }
        let query = head.hasQuery ? "?" + text(head.query) : ""
        var fields = [
            (name: "x-forwarded-method", value: text(head.methodBytes)),
            (name: "x-forwarded-proto", value: exchange.isClientSecure ? "https" : "http"),
            (
                name: "x-forwarded-host",
                value: String(decoding: exchange.clientAuthority, as: UTF8.self)
            ),
            (name: "x-forwarded-uri", value: text(head.path) + query),
            (name: "x-forwarded-for", value: exchange.origin.address.text.span.text),
        ]
        for index in self.headers.indices {
            let name = self.headers[index]
            for field in head.headers.fields.indices
            where head.headers.isField(field, named: name.span) {
                fields.append(
                    (
                        name: String(decoding: self.headers[index], as: UTF8.self),
                        value: text(head.headers.fields[field].value)
                    ))
            }
        }
        if !exchange.consumerName.isEmpty {
            fields.append(
                (name: "x-consumer", value: String(decoding: exchange.consumerName, as: UTF8.self)))
        }
        return fields
    }

    private static func key(
        _ url: String, _ fields: [(name: String, value: String)]
    ) -> [UInt8] {
        var key = Array(url.utf8)
        for field in fields {
            key += [10] + Array(field.name.utf8) + [0x3a] + Array(field.value.utf8)
        }
        return key
    }
}
