import MartletConfig
import MartletHTTP

/// Collects routes, steps and policy tables while a plan is compiled. Reads top to bottom in the
/// order in which things happen to an exchange.
struct ProgramBuilder {
    private(set) var routes: ContiguousArray<RoutePlan> = []
    private(set) var programs: ContiguousArray<RouteProgram> = []
    private(set) var steps: ContiguousArray<Step> = []
    private(set) var redirects: ContiguousArray<RedirectPolicy> = []
    private(set) var staticReplies: ContiguousArray<StaticReplyPolicy> = []
    private(set) var forwarding: ContiguousArray<ForwardingPolicy> = []
    private(set) var pathRewrites: ContiguousArray<PathRewritePolicy> = []
    private(set) var queryEdits: ContiguousArray<QueryEditPolicy> = []
    private(set) var cookieEdits: ContiguousArray<CookieEditPolicy> = []
    private(set) var headerEdits: ContiguousArray<HeaderEditPolicy> = []

    mutating func add(
        _ config: RouteConfig, index: Int, document: ConfigDocument, routing: RoutingTable,
        diagnostics: inout [Diagnostic]
    ) {
        let upstream = config.upstream.flatMap { name in
            document.upstreams.firstIndex { $0.name == name }
        }
        self.routes.append(
            RoutePlan(
                name: config.name, upstream: upstream,
                sendsUpstreamHost: config.host == .upstream,
                allowedTraits: Self.traits(config.allow), bodyBytesMax: config.maxBodyBytes,
                responseTicks: config.responseTimeout.map(WorkerClock.ticks),
                firstProgram: self.programs.count))
        for pattern in 0..<max(1, config.match.paths.count) {
            let names = routing.captureNames(route: index, pattern: pattern)
            do {
                let request = try self.requestSteps(config, names)
                let response = try self.responseSteps(config, names)
                self.programs.append(
                    RouteProgram(
                        requestSteps: self.append(request), responseSteps: self.append(response)))
            } catch {
                self.programs.append(RouteProgram(requestSteps: .empty, responseSteps: .empty))
                diagnostics.append(
                    Diagnostic(
                        .error, at: config.source, path: "routes[\(index)]", "\(error)"))
            }
        }
    }

    private mutating func requestSteps(
        _ config: RouteConfig, _ names: [String]
    ) throws -> [Step] {
        if let redirect = config.redirect {
            return [Self.add(try RedirectPolicy(redirect, captureNames: names), .redirect, to: &self.redirects)]
        }
        if let reply = config.respond {
            return [Self.add(StaticReplyPolicy(reply), .staticReply, to: &self.staticReplies)]
        }
        var steps = [Self.add(ForwardingPolicy(config.forwarded), .forwarding, to: &self.forwarding)]
        if let rewrite = config.rewrite {
            steps.append(
                Self.add(try PathRewritePolicy(rewrite, captureNames: names), .pathRewrite, to: &self.pathRewrites))
        }
        if !config.query.isEmpty {
            steps.append(
                Self.add(try QueryEditPolicy(config.query, captureNames: names), .queryEdit, to: &self.queryEdits))
        }
        if !config.cookies.isEmpty {
            steps.append(
                Self.add(try CookieEditPolicy(config.cookies, captureNames: names), .cookieEdit, to: &self.cookieEdits))
        }
        var headers = config.requestHeaders
        if case .literal(let host) = config.host {
            headers.set.append(HeaderValueConfig(name: "host", value: host))
        }
        if !headers.isEmpty {
            steps.append(
                Self.add(
                    try HeaderEditPolicy(headers, captureNames: names),
                    .requestHeaderEdit, to: &self.headerEdits))
        }
        return steps
    }

    private mutating func responseSteps(
        _ config: RouteConfig, _ names: [String]
    ) throws -> [Step] {
        guard config.upstream != nil else { return [] }
        let policy = try HeaderEditPolicy(
            response: config.responseHeaders, captureNames: names)
        return [Self.add(policy, .responseHeaderEdit, to: &self.headerEdits)]
    }

    /// Equal policies share a row: ten thousand routes mostly do the same few things.
    private static func add<Policy: Equatable>(
        _ policy: Policy, _ kind: Step.Kind, to table: inout ContiguousArray<Policy>
    ) -> Step {
        if let last = table.last, last == policy {
            return Step(kind: kind, index: UInt32(table.count - 1))
        }
        if let first = table.first, first == policy {
            return Step(kind: kind, index: 0)
        }
        table.append(policy)
        return Step(kind: kind, index: UInt32(table.count - 1))
    }

    private mutating func append(_ steps: [Step]) -> StepRange {
        let start = UInt32(self.steps.count)
        self.steps.append(contentsOf: steps)
        return StepRange(start: start, count: UInt16(steps.count))
    }

    private static func traits(_ allowances: [PathAllowance]) -> PathTraits {
        allowances.reduce(into: []) { traits, allowance in
            switch allowance {
            case .encodedSlash: traits.insert(.encodedSlash)
            case .encodedBackslash: traits.insert(.encodedBackslash)
            case .encodedControls: traits.insert(.encodedControls)
            case .doubleEncoding: traits.insert(.doubleEncoding)
            case .invalidUTF8: traits.insert(.invalidUTF8)
            }
        }
    }
}
