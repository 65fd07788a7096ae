import MartletAlgorithms
import MartletConfig
import MartletHTTP

/// Collects routes, steps and policy tables while a plan is compiled.
///
/// Reads top to bottom in the order in which things happen to an exchange.
struct ProgramBuilder {
    private(set) var routes: ContiguousArray<RoutePlan> = []
    private(set) var programs: ContiguousArray<RouteProgram> = []
    private(set) var steps: ContiguousArray<Step> = []
    private var knownPrograms: [RouteProgram: Int] = [:]
    private var knownSteps: [[Step]: StepRange] = [:]
    let rateLimits: [RateLimitPlan]
    private(set) var ipFilters: ContiguousArray<IPFilterPolicy> = []
    private(set) var cors: ContiguousArray<CORSPolicy> = []
    private(set) var rateLimitPolicies: ContiguousArray<RateLimitPolicy> = []
    private(set) var hostLiterals: ContiguousArray<[UInt8]> = []
    var authentications: ContiguousArray<AuthenticationPolicy> = []
    var knownAuthentication: [AuthenticationPolicyConfig] = []
    var accesses: ContiguousArray<AccessPolicy> = []
    var externalAuthorizations: ContiguousArray<ExternalAuthorizationPolicy> = []
    var identityValues: ContiguousArray<IdentityValuesPolicy> = []
    var branches: ContiguousArray<BranchPolicy> = []
    private(set) var identityHeaders: ContiguousArray<IdentityHeadersPolicy> = []
    private(set) var delays: ContiguousArray<DelayPolicy> = []
    var botFilters: ContiguousArray<BotFilterPolicy> = []
    var requestValidations: ContiguousArray<RequestValidationPolicy> = []
    var inspections: ContiguousArray<InspectionPolicy> = []
    var retries: ContiguousArray<RetryPlan> = []
    var releases: ContiguousArray<ReleasePlan> = []
    var fallbacks: ContiguousArray<FallbackPlan> = []
    var mirrors: ContiguousArray<MirrorPlan> = []
    private(set) var extras: ContiguousArray<RouteExtras> = []
    private(set) var maintenances: ContiguousArray<MaintenancePolicy> = []
    private(set) var redirects: ContiguousArray<RedirectPolicy> = []
    var staticReplies: ContiguousArray<StaticReplyPolicy> = []
    private(set) var faults: ContiguousArray<FaultPolicy> = []
    private(set) var versions: ContiguousArray<VersionPolicy> = []
    private(set) var forwarding: ContiguousArray<ForwardingPolicy> = []
    private(set) var pathRewrites: ContiguousArray<PathRewritePolicy> = []
    private(set) var queryEdits: ContiguousArray<QueryEditPolicy> = []
    private(set) var cookieEdits: ContiguousArray<CookieEditPolicy> = []
    private(set) var headerEdits: ContiguousArray<HeaderEditPolicy> = []
    private(set) var responseBanners: ContiguousArray<ResponseBannerPolicy> = []

    let regions: Regions

    init(rateLimits: [RateLimitPlan], regions: Regions) {
        self.rateLimits = rateLimits
        self.regions = regions
    }

    mutating func add(
        _ config: RouteConfig, index: Int, callers: CallerContext, routing: RoutingTable,
        diagnostics: inout [Diagnostic]
    ) {
        let document = callers.document
        let upstream = config.upstream.flatMap { name in
            document.upstreams.firstIndex { $0.name == name }
        }
        let protection = self.protectionSteps(config, index, document, &diagnostics)
        var programs: [RouteProgram] = []
        let extras = self.extras(config, index, document, routing, &diagnostics)
        for pattern in 0..<max(1, config.match.paths.count) {
            let names = routing.captureNames(route: index, pattern: pattern)
            do throws(InvalidPolicy) {
                // Before anybody asks who calls: a preflight carries no credentials.
                let admission = try self.admissionSteps(config, names)
                let identityNames = try Self.identityNames(
                    config, callers.document, captureNames: names)
                let known = try self.callerSteps(config, callers, identityNames: identityNames)
                let callerLimits = try self.rateLimitSteps(
                    config.rateLimits.prefix(RateLimitUseConfig.countMax).filter {
                        self.asksForCaller($0, captureNames: names)
                    }, names + identityNames)
                let names = names + identityNames
                let request =
                    try admission + known + callerLimits
                    + self.requestSteps(config, names, callers, protection)
                let response = try self.responseSteps(config, names)
                var program = RouteProgram(
                    requestSteps: self.append(request), responseSteps: self.append(response))
                program.hashCapture = Self.hashCapture(
                    upstream.map { document.upstreams[$0] }, names, config, &diagnostics)
                programs.append(program)
            } catch {
                programs.append(RouteProgram(requestSteps: .empty, responseSteps: .empty))
                let diagnostic = Diagnostic(
                    .error, at: config.source, path: "routes[\(index)]", error.message)
                // What holds for every pattern is told once.
                if diagnostics.last != diagnostic { diagnostics.append(diagnostic) }
            }
        }
        self.routes.append(
            RoutePlan(
                upstream: upstream, hostField: self.hostField(config.host),
                allowedTraits: Self.traits(config.allow), bodyBytesMax: config.maxBodyBytes,
                heldBodyBytesMax: config.maxHeldBodyBytes,
                responseTicks: Self.responseTimeout(
                    config, upstream.map { document.upstreams[$0] }
                ).map(WorkerClock.ticks),
                totalTicks: config.totalTimeout.map(WorkerClock.ticks),
                extras: extras.isEmpty ? nil : Self.row(of: extras, in: &self.extras),
                importance: RequestPriority(config.importance),
                firstProgram: self.place(programs), allowsWebSocket: config.webSocket,
                hasCORS: config.cors != nil, hasRateLimits: !config.rateLimits.isEmpty,
                looksAtBodies: config.inspection?.body == true || config.validation?.body != nil,
                dropsTrailers: config.inspection?.action == .block
                    || config.validation?.action == .block))
    }

    /// What is left of the upstream's timeout where the route says something else.
    private static func responseTimeout(
        _ config: RouteConfig, _ upstream: UpstreamConfig?
    ) -> Duration? {
        let tryTimeout = config.retries.map(\.tryTimeout) ?? upstream?.retries?.tryTimeout
        guard let tryTimeout else { return config.responseTimeout }
        return min(tryTimeout, config.responseTimeout ?? upstream?.timeouts.response ?? tryTimeout)
    }

    /// Where the capture stands that the upstream's hash is made of.
    private static func hashCapture(
        _ upstream: UpstreamConfig?, _ names: [String], _ config: RouteConfig,
        _ diagnostics: inout [Diagnostic]
    ) -> UInt8 {
        for source in upstream?.balancing.hashOn ?? [] {
            guard case .capture(let name) = source else { continue }
            if let place = names.firstIndex(of: name) { return UInt8(clamping: place) }
            diagnostics.append(
                Diagnostic(
                    .warning, at: config.source, path: "routes.\(config.name)",
                    "no `{\(name)}` is captured here, by which the upstream chooses an endpoint",
                    hint: "capture it in `match.path`, or its requests go anywhere"))
        }
        return .max
    }

    /// Where a route's programs begin; routes with one and the same share it.
    private mutating func place(_ programs: [RouteProgram]) -> Int {
        let first = self.programs.count
        if programs.count == 1, let program = programs.first {
            if let known = self.knownPrograms[program] { return known }
            self.knownPrograms[program] = first
        }
        self.programs.append(contentsOf: programs)
        return first
    }

    private mutating func hostField(_ config: HostConfig) -> HostField {
        switch config {
        case .preserve: return .preserve
        case .upstream: return .upstream
        case .literal(let host):
            return .literal(UInt32(Self.row(of: Array(host.utf8), in: &self.hostLiterals)))
        }
    }

    /// Who may come in, and how often; before anything is done for the request.
    private mutating func admissionSteps(
        _ config: RouteConfig, _ names: [String]
    ) throws(InvalidPolicy) -> [Step] {
        var steps: [Step] = []
        if let filter = config.ipFilter {
            steps.append(
                Self.share(try IPFilterPolicy(filter), .ipFilter, in: &self.ipFilters))
        }
        if let maintenance = config.maintenance, maintenance.isOn {
            var reply: UInt32?
            if let respond = maintenance.respond {
                let policy = try StaticReplyPolicy(respond, captureNames: names)
                reply = Self.append(policy, .staticReply, to: &self.staticReplies).index
            }
            steps.append(
                Self.share(
                    try MaintenancePolicy(maintenance, reply: reply), .maintenance,
                    in: &self.maintenances))
        }
        if let cors = config.cors {
            // Before all that a preflight has nothing for: limits, credentials.
            steps.append(Self.share(try CORSPolicy(cors), .cors, in: &self.cors))
        }
        let uses = config.rateLimits.prefix(RateLimitUseConfig.countMax)
        steps += try self.rateLimitSteps(
            uses.filter { !self.asksForCaller($0, captureNames: names) }, names)
        return steps
    }

    private mutating func rateLimitSteps(
        _ uses: [RateLimitUseConfig], _ names: [String]
    ) throws(InvalidPolicy) -> [Step] {
        guard !uses.isEmpty else { return [] }
        let policy = try RateLimitPolicy(uses, limits: self.rateLimits, captureNames: names)
        return [Self.append(policy, .rateLimit, to: &self.rateLimitPolicies)]
    }

    /// Whether the limit's key can be made only once it is known who calls.
    private func asksForCaller(_ use: RateLimitUseConfig, captureNames: [String]) -> Bool {
        let key = self.rateLimits.first { $0.name == use.limit }?.key
        return (key?.captureNames ?? []).contains { name in
            IdentityName.isIdentity(name) && !captureNames.contains(name)
        }
    }

    private mutating func requestSteps(
        _ config: RouteConfig, _ names: [String], _ callers: CallerContext,
        _ protection: [Step]
    ) throws(InvalidPolicy) -> [Step] {
        var steps: [Step] = []
        if let delay = config.delay {
            steps.append(Self.share(DelayPolicy(delay), .delay, in: &self.delays))
        }
        steps += protection
        if let redirect = config.redirect {
            let policy = try RedirectPolicy(redirect, captureNames: names)
            return steps + [Self.append(policy, .redirect, to: &self.redirects)]
        }
        if let reply = config.respond {
            let policy = try StaticReplyPolicy(reply, captureNames: names)
            return steps + [Self.append(policy, .staticReply, to: &self.staticReplies)]
        }
        if let fault = config.fault {
            for policy in [FaultPolicy(delayOf: fault), FaultPolicy(statusOf: fault)] {
                guard let policy else { continue }
                steps.append(Self.share(policy, .fault, in: &self.faults))
            }
        }
        if let version = config.version, version.sunset != nil {
            steps.append(
                Self.append(VersionPolicy(version), .versionCheck, to: &self.versions))
        }
        steps.append(
            Self.share(ForwardingPolicy(config.forwarded), .forwarding, in: &self.forwarding))
        let identity = callers.document.authentication.identityHeaders
        if !identity.isEmpty, callers.document.policy(of: config) != nil {
            let policy = try IdentityHeadersPolicy(identity, captureNames: names)
            steps.append(Self.append(policy, .identityHeaders, to: &self.identityHeaders))
        }
        if let rewrite = config.rewrite {
            let policy = try PathRewritePolicy(rewrite, captureNames: names)
            steps.append(Self.append(policy, .pathRewrite, to: &self.pathRewrites))
        }
        if !config.query.isEmpty {
            let policy = try QueryEditPolicy(config.query, captureNames: names)
            steps.append(Self.append(policy, .queryEdit, to: &self.queryEdits))
        }
        if !config.cookies.isEmpty {
            let policy = try CookieEditPolicy(config.cookies, captureNames: names)
            steps.append(Self.append(policy, .cookieEdit, to: &self.cookieEdits))
        }
        if !config.requestHeaders.isEmpty {
            let policy = try HeaderEditPolicy(config.requestHeaders, captureNames: names)
            steps.append(Self.append(policy, .requestHeaderEdit, to: &self.headerEdits))
        }
        return steps
    }

    private mutating func responseSteps(
        _ config: RouteConfig, _ names: [String]
    ) throws(InvalidPolicy) -> [Step] {
        guard config.upstream != nil else { return [] }
        let banner = ResponseBannerPolicy(keep: config.responseHeaders.keep)
        var steps = [Self.share(banner, .responseBanner, in: &self.responseBanners)]
        if let version = config.version {
            steps.append(
                Self.append(VersionPolicy(version), .versionFields, to: &self.versions))
        }
        var edits = config.responseHeaders
        edits.keep = []
        if !edits.isEmpty {
            let policy = try HeaderEditPolicy(edits, captureNames: names)
            steps.append(Self.append(policy, .responseHeaderEdit, to: &self.headerEdits))
        }
        return steps
    }

    static func append<Policy>(
        _ policy: Policy, _ kind: Step.Kind, to table: inout ContiguousArray<Policy>
    ) -> Step {
        table.append(policy)
        return Step(kind: kind, index: UInt32(table.count - 1))
    }

    /// For policies that come in few variants: ten thousand routes use the same row, which then
    /// stays in the processor's cache.
    private static func share<Policy: Equatable>(
        _ policy: Policy, _ kind: Step.Kind, in table: inout ContiguousArray<Policy>
    ) -> Step {
        Step(kind: kind, index: UInt32(self.row(of: policy, in: &table)))
    }

    /// The row that holds `value`; a new one if none of the first few does.
    static func row<Value: Equatable>(
        of value: Value, in table: inout ContiguousArray<Value>
    ) -> Int {
        if let row = table.prefix(Self.sharedRowsMax).firstIndex(of: value) { return row }
        table.append(value)
        return table.count - 1
    }

    /// Rows looked through for an equal one; more variants than this are not shared.
    private static let sharedRowsMax = 64

    /// Equal programs share their steps.
    private mutating func append(_ steps: [Step]) -> StepRange {
        if let known = self.knownSteps[steps] { return known }
        let range = StepRange(start: UInt32(self.steps.count), count: UInt16(steps.count))
        self.steps.append(contentsOf: steps)
        self.knownSteps[steps] = range
        return range
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
