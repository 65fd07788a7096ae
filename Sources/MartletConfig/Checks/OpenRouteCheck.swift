/// Routes to upstreams that anybody may use.
enum OpenRouteCheck {
    static func check(_ document: ConfigDocument, _ decoder: inout ConfigDecoder) {
        let authentication = document.authentication
        let areCallersKnown =
            !authentication.policies.isEmpty || !document.consumers.isEmpty
            || document.routes.contains { document.asksWhoCalls($0) }
        let open = document.routes.enumerated().filter { self.isOpen($0.element, document) }
        if areCallersKnown {
            // Where callers are told apart, a route that says nothing may have been forgotten.
            for (index, route) in open {
                decoder.path = [.key("routes"), .index(index)]
                decoder.add(
                    .warning, at: route.source, "this route is open to everybody",
                    hint: "name a policy in `authentication`, of the route or of its listener, or "
                        + "as `authentication.default`; or write `authentication: none`")
            }
        } else {
            self.checkWithoutCallers(open, document, &decoder)
        }
    }

    private static func isOpen(_ route: RouteConfig, _ document: ConfigDocument) -> Bool {
        route.upstream != nil && document.authentication(of: route) == .inherited
            && route.externalAuthorization == nil && !self.isFiltered(route)
    }

    /// Only known addresses are let in; a list of those that are not leaves everybody else.
    private static func isFiltered(_ route: RouteConfig) -> Bool {
        guard let allowed = route.ipFilter?.allow, !allowed.isEmpty else { return false }
        return !NetworkRange.isNearlyEverything(allowed)
    }

    /// Where nobody is told apart Martlet is a plain proxy, and its upstreams may ask who calls.
    ///
    /// Only what changes something or is an administrator's is told, and once.
    private static func checkWithoutCallers(
        _ open: [(offset: Int, element: RouteConfig)], _ document: ConfigDocument,
        _ decoder: inout ConfigDecoder
    ) {
        let found = open.compactMap { index, route in
            self.publicListener(of: route, document).flatMap { listener in
                self.reason(route).map { (index, route, listener, $0) }
            }
        }
        guard let (index, route, listener, reason) = found.first else { return }
        decoder.path = [.key("routes"), .index(index)]
        let others = found.count - 1
        let rest =
            others == 0
            ? "" : "; so \(others == 1 ? "is another route" : "are \(others) other routes")"
        decoder.add(
            .warning, at: route.source,
            "this route \(reason) and is open to everybody on "
                + "\(ConfigNode.quote(listener.name)), as nothing here asks who calls\(rest)",
            hint: "give `authentication` or an `ip-filter` with `allow`, or put it on a listener "
                + "that only your network reaches; or write `authentication: none`",
            related: listener.source)
    }

    /// One that anybody can reach, without a certificate of their own.
    private static func publicListener(
        of route: RouteConfig, _ document: ConfigDocument
    ) -> ListenerConfig? {
        document.listeners(of: route).first { listener in
            listener.address.isPublic && listener.tcp == nil && listener.httpsRedirect == nil
                && listener.tls?.clientCertificates?.mode != .required
        }
    }

    private static let safeMethods: Set<String> = ["GET", "HEAD", "OPTIONS", "TRACE"]
    private static let innerSegments: Set<String> = [
        "admin", "administrator", "administration", "_admin", "internal", "_internal", "actuator",
        "debug", "_debug", "manage", "management", "metrics", "console", "private", "pprof",
        "server-status",
    ]

    private static func reason(_ route: RouteConfig) -> String? {
        for path in route.match.paths where !path.isSecret {
            let segments = path.text.split(separator: "/").map { $0.lowercased() }
            guard let segment = segments.first(where: self.innerSegments.contains) else { continue }
            return "is for \(ConfigNode.quote("/\(segment)"))"
        }
        guard let method = route.match.methods.first(where: { !self.safeMethods.contains($0) })
        else { return nil }
        return "takes `\(method)`"
    }
}
