import MartletAlgorithms
package import MartletConfig
import MartletHTTP
import NIOCore

/// Makes a plan from a document: everything that can be known before the first request is worked
/// out here, so that the path only follows indices.
package enum PlanCompiler {
    /// Compiles a document.
    ///
    /// - `addresses`: what the endpoints' host names stand for now; numeric hosts need no entry.
    /// - `previous`: the plan that runs; what it has in common with the new one is taken over.
    /// - `now`: seconds since 1970, at which certificates have to be valid; `nil` if that is not
    ///   to be looked at.
    /// - `diagnostics`: gets the warnings that only a whole route table shows.
    /// - Throws: every error at once, with its place.
    package static func compile(
        _ document: ConfigDocument, version: UInt64, addresses: ResolvedAddresses,
        previous: Plan? = nil, now: Int64? = nil, diagnostics: inout [Diagnostic]
    ) throws(InvalidConfig) -> Plan {
        var tls = TLSCompiler(previous: previous, now: now)
        let listeners = document.listeners.map { config in
            listener(
                config, tls: tls.compile(config),
                tcp: config.tcp.map { TCPListenerPlan($0, upstreams: document.upstreams) },
                &diagnostics)
        }
        let retried = Set(document.routes.filter { $0.retries != nil }.flatMap(\.upstreams))
        let upstreams = document.upstreams.map { config in
            let found = EndpointExpansion.expand(
                config, addresses, egress: egressRule(config, document, &diagnostics))
            let security = tls.compile(config)
            let endpoints = found.map { endpoint($0, tls: security, config) }
            let traffic = TrafficPlan.compile(
                config, found: found.map(\.config), endpoints: endpoints,
                locality: document.locality,
                isRetried: retried.contains(config.name),
                previous: previous?.upstreams.first { $0.name == config.name }?.traffic)
            return UpstreamPlan(config, endpoints: endpoints, traffic: traffic)
        }
        diagnostics += tls.diagnostics
        let regions = regions(document, &diagnostics)
        let routing = RoutingTable.compile(
            document.routes, listeners: document.listeners.map(\.name), regions: regions,
            diagnostics: &diagnostics)
        guard
            let authentication = AuthenticationCompiler.compile(
                document, rules: AuthenticationRules(document), version: version,
                previous: previous?.authentication, diagnostics: &diagnostics)
        else { throw InvalidConfig(diagnostics: diagnostics) }
        var limits = RateLimitCompiler(previous: previous)
        var program = ProgramBuilder(
            rateLimits: limits.compile(document.rateLimits), regions: regions)
        diagnostics += limits.diagnostics
        for (index, route) in document.routes.enumerated() {
            program.add(
                route, index: index,
                callers: .init(document: document, plan: authentication), routing: routing,
                diagnostics: &diagnostics)
        }
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            throw InvalidConfig(diagnostics: diagnostics)
        }
        let hashSecret = previous?.hashSecret ?? .random()
        let abuseDetection = AbuseDetection(
            document, secret: hashSecret, previous: previous?.abuseDetection)
        return Plan(
            document: document, version: version, listeners: listeners, upstreams: upstreams,
            routing: routing, authentication: authentication, abuseDetection: abuseDetection,
            hashSecret: hashSecret, program: program)
    }

    private static func regions(
        _ document: ConfigDocument, _ diagnostics: inout [Diagnostic]
    ) -> Regions {
        var regions: Regions = [:]
        for config in document.regions {
            guard let blocks = AddressBlocks(blocks: config.blocks) else {
                diagnostics.append(
                    Diagnostic(
                        .error, at: config.source, path: "regions.\(config.name)",
                        "not every entry is an address block such as 10.0.0.0/8"))
                continue
            }
            regions[config.name] = blocks
        }
        return regions
    }

    private static func listener(
        _ config: ListenerConfig, tls: ListenerTLSPlan?, tcp: TCPListenerPlan?,
        _ diagnostics: inout [Diagnostic]
    ) -> ListenerPlan {
        let trusted = AddressBlocks(blocks: config.trustedProxies)
        if trusted == nil {
            diagnostics.append(
                Diagnostic(
                    .error, at: config.source, path: "listeners.\(config.name).trusted-proxies",
                    "not every entry is an address block such as 10.0.0.0/8"))
        }
        return ListenerPlan(
            config, tls: tls, tcp: tcp, httpsRedirect: config.httpsRedirect.flatMap(httpsRedirect),
            trustedProxies: trusted ?? .none)
    }

    /// A redirect to the same host, path and query; what it is made of cannot be wrong.
    private static func httpsRedirect(_ config: HTTPSRedirectConfig) -> RedirectPolicy? {
        var redirect = RedirectConfig()
        redirect.status = config.status
        redirect.scheme = RedirectPolicy.Scheme.https.rawValue
        redirect.port = config.port
        return try? RedirectPolicy(redirect, captureNames: [])
    }

    private static func egressRule(
        _ config: UpstreamConfig, _ document: ConfigDocument, _ diagnostics: inout [Diagnostic]
    ) -> EgressRule {
        guard let blocks = AddressBlocks(blocks: document.egress.allow + config.egress.allow) else {
            diagnostics.append(
                Diagnostic(
                    .error, at: config.source, path: "upstreams.\(config.name).egress.allow",
                    "not every entry is an address block such as 10.0.0.0/8"))
            return .strict
        }
        return EgressRule(allowed: blocks)
    }

    private static func endpoint(
        _ found: ExpandedEndpoint, tls: UpstreamTLSPlan?, _ config: UpstreamConfig
    ) -> EndpointPlan {
        let endpoint = found.config
        let isDefaultPort = endpoint.port == (endpoint.isSecure ? 443 : 80)
        let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        return EndpointPlan(
            text: found.text,
            hostField: Array((isDefaultPort ? host : "\(host):\(endpoint.port)").utf8),
            tls: endpoint.isSecure
                ? tls.map { EndpointTLS(plan: $0, serverName: serverName(found, config)) } : nil,
            weight: UInt32(clamping: endpoint.weight), isHTTP2: endpoint.isHTTP2,
            addresses: found.addresses, refused: found.refused)
    }

    /// An address is not asked for by name.
    private static func serverName(_ found: ExpandedEndpoint, _ config: UpstreamConfig) -> String? {
        if let name = config.tls.serverName { return name }
        let isAddress = (try? SocketAddress(ipAddress: found.certificateName, port: 0)) != nil
        return isAddress ? nil : found.certificateName
    }
}

extension RouteConfig {
    /// Every upstream that may get a request of it.
    fileprivate var upstreams: [String] {
        let others = [self.upstream, self.release?.canary, self.fallback?.upstream]
            .compactMap { $0 }
        return others + self.branches.map(\.upstream) + (self.release?.split ?? []).map(\.upstream)
    }
}

extension HashSecret {
    /// Drawn once for the process; later plans take it over with the counters.
    fileprivate static func random() -> HashSecret {
        var random = SystemRandomNumberGenerator()
        return HashSecret(random.next(), random.next())
    }
}
