package import MartletConfig
import MartletHTTP
package import NIOCore

/// Makes a plan from a document: everything that can be known before the first request is worked
/// out here, so that the path only follows indices.
package enum PlanCompiler {
    /// Compiles a document.
    ///
    /// - `addresses`: what the endpoints' host names stand for now; numeric hosts need no entry.
    /// - `diagnostics`: gets the warnings that only a whole route table shows.
    /// - Throws: every error at once, with its place.
    package static func compile(
        _ document: ConfigDocument, version: UInt64, addresses: ResolvedAddresses,
        diagnostics: inout [Diagnostic]
    ) throws(InvalidConfig) -> Plan {
        let listeners = document.listeners.map { listener($0, &diagnostics) }
        let upstreams = document.upstreams.map { upstream($0, addresses) }
        let routing = RoutingTable.compile(
            document.routes, listeners: document.listeners.map(\.name),
            diagnostics: &diagnostics)
        var program = ProgramBuilder()
        for (index, route) in document.routes.enumerated() {
            program.add(
                route, index: index, document: document, routing: routing,
                diagnostics: &diagnostics)
        }
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            throw InvalidConfig(diagnostics: diagnostics)
        }
        return Plan(
            document: document, version: version, listeners: listeners, upstreams: upstreams,
            routing: routing, program: program)
    }

    private static func listener(
        _ config: ListenerConfig, _ diagnostics: inout [Diagnostic]
    ) -> ListenerPlan {
        let trusted = TrustedProxies(blocks: config.trustedProxies)
        if trusted == nil {
            diagnostics.append(
                Diagnostic(
                    .error, at: config.source, path: "listeners.\(config.name).trusted-proxies",
                    "not every entry is an address block such as 10.0.0.0/8"))
        }
        return ListenerPlan(config, trustedProxies: trusted ?? .none)
    }

    private static func upstream(
        _ config: UpstreamConfig, _ addresses: ResolvedAddresses
    ) -> UpstreamPlan {
        let endpoints = config.endpoints.map { endpoint in
            let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
            return EndpointPlan(
                text: "\(host):\(endpoint.port)",
                hostField: Array((endpoint.port == 80 ? host : "\(host):\(endpoint.port)").utf8),
                weight: UInt32(clamping: endpoint.weight), isHTTP2: endpoint.isHTTP2,
                addresses: addresses.addresses(of: endpoint))
        }
        return UpstreamPlan(config, endpoints: endpoints)
    }
}

/// What host names stand for at one moment.
package struct ResolvedAddresses: Sendable, Equatable {
    /// By host name; without a port.
    package var names: [String: [SocketAddress]]

    package init(names: [String: [SocketAddress]] = [:]) {
        self.names = names
    }

    /// Numeric hosts stand for themselves; a name without an entry has no address.
    package func addresses(of endpoint: EndpointConfig) -> [SocketAddress] {
        if let address = try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port) {
            return [address]
        }
        return (self.names[endpoint.host] ?? []).map { address in
            var address = address
            address.port = endpoint.port
            return address
        }
    }
}
