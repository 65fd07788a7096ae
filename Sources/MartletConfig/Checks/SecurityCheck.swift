/// What is valid and yet opens more than may be meant (row P2): warnings, which `--strict` makes
/// errors.
///
/// What one value shows is told by its own field (`trusted-proxies` of everybody, CORS with
/// credentials for wildcards); here is what only the whole shows.
enum SecurityCheck {
    static func check(_ document: ConfigDocument, _ decoder: inout ConfigDecoder) {
        for (index, route) in document.routes.enumerated() {
            decoder.path = [.key("routes"), .index(index)]
            self.checkPlainText(route, document, &decoder)
            self.checkHosts(route, &decoder)
            self.checkOpen(route, document, &decoder)
        }
        decoder.path = []
    }

    /// A credential in plain text, over a network.
    private static func checkPlainText(
        _ route: RouteConfig, _ document: ConfigDocument, _ decoder: inout ConfigDecoder
    ) {
        guard SecretCheck.sendsCredentials(route),
            let upstream = document.upstreams.first(where: { $0.name == route.upstream }),
            let endpoint = upstream.endpoints.first(where: {
                !$0.isSecure && !self.isLocal($0.host)
            })
        else { return }
        decoder.add(
            .warning, at: route.source,
            "this route sends a credential to \(ConfigNode.quote(upstream.name)) in plain text",
            hint: "use `https://` for \(ConfigNode.quote(endpoint.host))", related: endpoint.source)
    }

    /// This machine, where nobody else listens in.
    private static func isLocal(_ host: String) -> Bool {
        host == "localhost" || (IPAddressText.parse(host).map(IPAddressText.isLoopback) ?? false)
    }

    /// Where callers are told apart, a route that says nothing may have been forgotten.
    private static func checkOpen(
        _ route: RouteConfig, _ document: ConfigDocument, _ decoder: inout ConfigDecoder
    ) {
        let authentication = document.authentication
        guard !authentication.policies.isEmpty || !document.consumers.isEmpty,
            authentication.defaultPolicy == nil, route.authentication == .inherited,
            route.upstream != nil, route.externalAuthorization == nil, route.ipFilter == nil
        else { return }
        decoder.add(
            .warning, at: route.source, "this route is open to everybody",
            hint: "name a policy in `authentication`, of the route or as "
                + "`authentication.default`; or write `authentication: none`")
    }

    /// `*.com` is nobody's.
    private static func checkHosts(_ route: RouteConfig, _ decoder: inout ConfigDecoder) {
        for host in route.match.hosts where host.hasPrefix("*.") && !host.dropFirst(2).contains(".")
        {
            decoder.add(
                .warning, at: route.source,
                "\(ConfigNode.quote(host)) is every host of a whole top-level domain",
                hint: "name the domain, such as `*.example\(host.dropFirst())`")
        }
    }
}
