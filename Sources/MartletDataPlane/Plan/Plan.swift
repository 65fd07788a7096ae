package import MartletAlgorithms
package import MartletConfig
package import MartletTelemetry
import NIOCore

/// A configuration, compiled: flat tables that every worker reads and nobody writes.
///
/// Made by `PlanCompiler`, off the request path; immutable, so one object serves all loops.
package final class Plan: Sendable {
    package let document: ConfigDocument
    /// Counts up with every plan of the process.
    package let version: UInt64
    package let listeners: [ListenerPlan]
    package let upstreams: [UpstreamPlan]
    package let routes: ContiguousArray<RoutePlan>
    /// In the order of `routes`.
    package let routeNames: [String]
    package let routing: RoutingTable
    package let metricsLayout: MetricsLayout
    package let programs: ContiguousArray<RouteProgram>
    package let steps: ContiguousArray<Step>

    /// What `host: some.name` sends.
    let hostLiterals: ContiguousArray<[UInt8]>
    /// In the order of the document; counters included.
    package let rateLimits: ContiguousArray<RateLimitPlan>
    /// What makes keys' hashes unpredictable; the same in all plans of the process.
    package let hashSecret: HashSecret
    /// Of the names, in the order of `routes`: the same after a reload.
    let routeHashes: ContiguousArray<UInt64>
    let ipFilters: ContiguousArray<IPFilterPolicy>
    let maintenances: ContiguousArray<MaintenancePolicy>
    let cors: ContiguousArray<CORSPolicy>
    /// Some route answers preflights.
    var hasCORS: Bool { !self.cors.isEmpty }
    let rateLimitPolicies: ContiguousArray<RateLimitPolicy>
    package let authentication: AuthenticationPlan
    /// `nil`: nobody is kept out for what they did before.
    package let abuseDetection: AbuseDetection?
    let authentications: ContiguousArray<AuthenticationPolicy>
    let accesses: ContiguousArray<AccessPolicy>
    let externalAuthorizations: ContiguousArray<ExternalAuthorizationPolicy>
    let identityValues: ContiguousArray<IdentityValuesPolicy>
    let branches: ContiguousArray<BranchPolicy>
    let identityHeaders: ContiguousArray<IdentityHeadersPolicy>
    let delays: ContiguousArray<DelayPolicy>
    let botFilters: ContiguousArray<BotFilterPolicy>
    let requestValidations: ContiguousArray<RequestValidationPolicy>
    package let inspections: ContiguousArray<InspectionPolicy>
    /// Of routes that do not go by their upstream's.
    let retries: ContiguousArray<RetryPlan>
    package let releases: ContiguousArray<ReleasePlan>
    let fallbacks: ContiguousArray<FallbackPlan>
    package let mirrors: ContiguousArray<MirrorPlan>
    let extras: ContiguousArray<RouteExtras>
    let redirects: ContiguousArray<RedirectPolicy>
    /// The bodies of `staticReplies`, shared by all answers.
    let staticBodies: ContiguousArray<ByteBuffer>
    let staticReplies: ContiguousArray<StaticReplyPolicy>
    let forwarding: ContiguousArray<ForwardingPolicy>
    let pathRewrites: ContiguousArray<PathRewritePolicy>
    let queryEdits: ContiguousArray<QueryEditPolicy>
    let cookieEdits: ContiguousArray<CookieEditPolicy>
    let headerEdits: ContiguousArray<HeaderEditPolicy>
    let versions: ContiguousArray<VersionPolicy>
    let faults: ContiguousArray<FaultPolicy>
    let responseBanners: ContiguousArray<ResponseBannerPolicy>

    init(
        document: ConfigDocument, version: UInt64, listeners: [ListenerPlan],
        upstreams: [UpstreamPlan], routing: RoutingTable, authentication: AuthenticationPlan,
        abuseDetection: AbuseDetection?, hashSecret: HashSecret,
        program: borrowing ProgramBuilder
    ) {
        self.document = document
        self.version = version
        self.listeners = listeners
        self.upstreams = upstreams
        self.routing = routing
        self.routes = program.routes
        self.routeNames = document.routes.map(\.name)
        self.rateLimits = ContiguousArray(program.rateLimits)
        self.hashSecret = hashSecret
        self.routeHashes = ContiguousArray(
            document.routes.map { route in
                var hash = KeyedHash(secret: hashSecret)
                hash.absorb(part: Array(route.name.utf8).span)
                return hash.value
            })
        self.ipFilters = program.ipFilters
        self.cors = program.cors
        self.rateLimitPolicies = program.rateLimitPolicies
        self.hostLiterals = program.hostLiterals
        self.retries = program.retries
        self.releases = program.releases
        self.fallbacks = program.fallbacks
        self.mirrors = program.mirrors
        self.extras = program.extras
        self.maintenances = program.maintenances
        self.programs = program.programs
        self.steps = program.steps
        self.authentication = authentication
        self.abuseDetection = abuseDetection
        self.authentications = program.authentications
        self.accesses = program.accesses
        self.externalAuthorizations = program.externalAuthorizations
        self.identityValues = program.identityValues
        self.branches = program.branches
        self.identityHeaders = program.identityHeaders
        self.delays = program.delays
        self.botFilters = program.botFilters
        self.requestValidations = program.requestValidations
        self.inspections = program.inspections
        self.redirects = program.redirects
        self.staticReplies = program.staticReplies
        self.staticBodies = ContiguousArray(
            program.staticReplies.map { ByteBuffer(bytes: $0.body) })
        self.forwarding = program.forwarding
        self.pathRewrites = program.pathRewrites
        self.queryEdits = program.queryEdits
        self.cookieEdits = program.cookieEdits
        self.headerEdits = program.headerEdits
        self.versions = program.versions
        self.faults = program.faults
        self.responseBanners = program.responseBanners
        self.metricsLayout = MetricsLayout(
            listeners: listeners.map(\.name), routes: document.routes.map(\.name),
            upstreams: upstreams.map {
                MetricsLayout.Upstream(name: $0.name, endpoints: $0.endpoints.map(\.text))
            },
            errorCodes: ProxyError.allCases.map { $0.name.description },
            rateLimits: program.rateLimits.map(\.name),
            findings: Finding.names, findingKinds: Finding.kinds)
    }

    /// Whether a step has the whole body of a request held.
    func wantsBody(_ step: Step) -> Bool {
        switch step.kind {
        case .requestValidation: self.requestValidations[Int(step.index)].body != nil
        case .inspection: self.inspections[Int(step.index)].looksAtBody
        default: false
        }
    }

    func extras(of route: RoutePlan?) -> RouteExtras? {
        guard let row = route?.extras else { return nil }
        return self.extras[row]
    }

    /// Where a mirror's copies may be sent.
    package func endpoints(of mirror: MirrorPlan) -> [EndpointPlan] {
        self.upstreams[mirror.upstream].endpoints.filter { $0.weight > 0 && !$0.addresses.isEmpty }
    }

    /// The steps of the pattern that matched.
    func program(of match: RouteMatch) -> RouteProgram {
        let route = self.routes[Int(match.route)]
        return self.programs[route.firstProgram + Int(match.pattern)]
    }
}
