import MartletConfig
import MartletHTTP
import MartletTelemetry
package import NIOCore

/// Takes one request through a plan by the worker's own code, up to where it would be sent.
///
/// Nothing is connected, counted or logged. Identifiers are made from a fixed seed, so the same
/// request gives the same report.
package struct DryRun {
    private let worker: Worker
    private let plan: Plan

    /// Makes a worker for one plan; `eventLoop` is the one that calls, asked for the time only.
    package init(_ plan: Plan, eventLoop: any EventLoop) {
        self.plan = plan
        self.worker = Worker(
            eventLoop: eventLoop, index: 0, workerCount: 1, plan: plan, seed: 1,
            connector: SocketConnector(eventLoop: eventLoop), accessLog: AccessLogBatch(sink: nil),
            allocator: ByteBufferAllocator())
    }

    /// Tells what becomes of a request to one of the plan's listeners.
    package func run(_ request: ComposedRequest, listener index: Int) -> DryRunReport {
        let listener = ListenerState(
            plan: self.plan.listeners[index], index: index,
            port: UInt16(clamping: self.plan.listeners[index].address.port),
            connectionCount: ConnectionCount())
        let exchange = self.worker.takeExchange(listener: listener, peer: request.peer)
        exchange.isSecure = listener.plan.tls != nil
        defer { self.worker.giveBack(exchange) }
        var report = DryRunReport(
            listener: listener.plan.name, outcome: .answered(status: 0, error: nil, reply: []))
        if let reply = self.read(request, into: exchange) {
            exchange.closesDownstream = true
            report.outcome = self.answer(reply, exchange)
            return report
        }
        exchange.closesDownstream = !ExchangeDriver.keepsAlive(exchange, requestCount: 1)
        report.hasBody = exchange.hasRequestBody
        switch self.decide(exchange, &report) {
        case .reply(let reply):
            ExchangeDriver.settleConnection(exchange, isWhole: !report.hasBody)
            report.outcome = self.answer(reply, exchange)
        case .next, .wait:
            report.outcome = self.forward(exchange)
            if let index = exchange.route?.upstream {
                report.traffic =
                    TrafficExplanation.release(exchange)
                    + TrafficExplanation.lines(exchange, self.worker.generation.upstreams[index])
                    + TrafficExplanation.others(exchange)
            }
            report.responseSteps = self.responseSteps(exchange)
        }
        return report
    }

    // MARK: The way of a request

    private func read(_ request: ComposedRequest, into exchange: Exchange) -> LocalReply? {
        var position = 0
        let outcome = exchange.requestParser.parse(
            request.head.span, at: &position, into: exchange.request,
            limits: exchange.listener.plan.headLimits)
        switch outcome {
        case .complete: return nil
        case .failed(let error): return .message(error)
        case .failedTarget(let error): return .target(error)
        // A head that ends with an empty line is never waited for.
        case .needsMore: return .problem(.requestMalformed)
        }
    }

    private func decide(_ exchange: Exchange, _ report: inout DryRunReport) -> Verdict {
        let received = HeadSnapshot(exchange.request)
        let refusal = RequestInspection.inspect(exchange)
        report.request = Self.describe(exchange)
        report.steps.append(
            Self.step("inspection", received, exchange, isReply: refusal != nil))
        if let refusal { return .reply(refusal) }
        report.routing = self.plan.routing.explain(
            exchange.request, listener: UInt16(exchange.listener.index),
            client: exchange.origin.address)
        if let reply = ExchangeDriver.route(exchange) { return .reply(reply) }
        let range = self.plan.program(of: exchange.match).requestSteps
        for step in self.plan.steps[range.indices] {
            let before = HeadSnapshot(exchange.request)
            let verdict = StepRunner.run(step, exchange, self.plan)
            var isReply = false
            if case .reply = verdict { isReply = true }
            var told = Self.step(step.kind.name, before, exchange, isReply: isReply)
            // Nobody is waited for here: what would come of it is told for an answer in time.
            if case .wait(let wait) = verdict {
                told.waitMilliseconds = wait.ticks * WorkerClock.tickNanoseconds / 1_000_000
            }
            if step.kind == .rateLimit { told.details = RateLimitText.lines(exchange) }
            told.wantsBody = report.hasBody && self.plan.wantsBody(step)
            report.steps.append(told)
            guard !isReply else { return verdict }
        }
        return exchange.route?.upstream == nil ? .reply(.problem(.internalError)) : .next
    }

    private func answer(_ reply: LocalReply, _ exchange: Exchange) -> DryRunReport.Outcome {
        let written = LocalReplyWriter.write(reply, for: exchange)
        if exchange.hasOwnFields { exchange.addOwnFields() }
        var buffer = ByteBuffer()
        buffer.writeHead(capacity: 4096) {
            ForwardedMessageWriter.writeResponse(exchange, framing: written.framing, to: &$0)
        }
        if let body = written.body { buffer.writeImmutableBuffer(body) }
        return .answered(
            status: exchange.record.status, error: reply.error?.name.description,
            reply: Array(buffer.readableBytesView))
    }

    private func forward(_ exchange: Exchange) -> DryRunReport.Outcome {
        guard let route = exchange.route, let index = route.upstream else {
            return self.answer(.problem(.internalError), exchange)
        }
        let upstream = self.plan.upstreams[index]
        let endpoint = upstream.endpoints.first { $0.weight > 0 }
        var buffer = ByteBuffer()
        buffer.writeHead(capacity: 4096) {
            ForwardedMessageWriter.writeRequest(
                exchange.request, host: route.hostField, literals: self.plan.hostLiterals,
                upstreamHost: endpoint?.hostField ?? [], to: &$0)
        }
        return .forwarded(
            upstream: upstream.name,
            endpoints: upstream.endpoints.map {
                .init(address: $0.text, weight: $0.weight, isSecure: $0.tls != nil)
            },
            head: Array(buffer.readableBytesView))
    }

    // MARK: Texts

    private func responseSteps(_ exchange: Exchange) -> [String] {
        let range = self.plan.program(of: exchange.match).responseSteps
        return self.plan.steps[range.indices].map { $0.kind.name }
    }

    private static func step(
        _ name: String, _ before: HeadSnapshot, _ exchange: Exchange, isReply: Bool
    ) -> DryRunReport.Step {
        let after = HeadSnapshot(exchange.request)
        return .init(
            name: name, removed: before.lines(missingIn: after),
            added: after.lines(missingIn: before), isReply: isReply)
    }

    private static func describe(_ exchange: Exchange) -> DryRunReport.Request {
        let head = exchange.request
        let text = { (range: ByteRange) in head.headers.text(range) }
        return .init(
            method: text(head.methodBytes), version: "HTTP/1.\(head.minorVersion)",
            authority: text(head.authority), host: text(head.host), path: text(head.path),
            query: head.hasQuery ? text(head.query) : nil,
            client: exchange.origin.address.text.span.text)
    }
}

extension StepRange {
    fileprivate var indices: Range<Int> { Int(self.start)..<Int(self.start) + Int(self.count) }
}

extension Step.Kind {
    /// As the documentation calls it.
    fileprivate var name: String {
        switch self {
        case .ipFilter: "ip-filter"
        case .maintenance: "maintenance"
        case .cors: "cors"
        case .rateLimit: "rate-limit"
        case .authentication: "authentication"
        case .access: "access"
        case .externalAuthorization: "external-authorization"
        case .identityValues: "identity-values"
        case .branch: "branch"
        case .identityHeaders: "identity-headers"
        case .delay: "delay"
        case .botFilter: "bot-filter"
        case .requestValidation: "request-validation"
        case .inspection: "injection-filter"
        case .redirect: "redirect"
        case .staticReply: "static-reply"
        case .fault: "fault"
        case .versionCheck, .versionFields: "version"
        case .forwarding: "forwarding"
        case .pathRewrite: "path-rewrite"
        case .queryEdit: "query-edit"
        case .cookieEdit: "cookie-edit"
        case .requestHeaderEdit, .responseHeaderEdit: "header-edit"
        case .responseBanner: "response-banner"
        }
    }
}
