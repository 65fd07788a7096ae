/// Credentials that a route sends over a network for all to read, of its own or of its callers.
enum PlainTextCheck {
    /// Somebody who gets what a route sends.
    private struct Target {
        let upstream: String
        let source: SourceLocation
    }

    static func check(_ document: ConfigDocument, _ decoder: inout ConfigDecoder) {
        // What callers bring is the same on every route, so it is told once for each upstream.
        var told: Set<String> = []
        let upstreams = Dictionary(
            document.upstreams.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for (index, route) in document.routes.enumerated() where route.upstream != nil {
            let isOwn = SecretCheck.sendsCredentials(route)
            let forwarded = document.policy(of: route).flatMap(self.forwarded)
            guard isOwn || forwarded != nil else { continue }
            decoder.path = [.key("routes"), .index(index)]
            var seen: Set<String> = []
            for target in self.targets(route) where seen.insert(target.upstream).inserted {
                guard let endpoint = upstreams[target.upstream].flatMap(self.plainEndpoint) else {
                    continue
                }
                let shown = ConfigNode.quote(target.upstream)
                let hint = "use `https://` for \(ConfigNode.quote(endpoint.host))"
                if isOwn {
                    decoder.add(
                        .warning, at: target.source,
                        "this route sends a credential to \(shown) in plain text", hint: hint,
                        related: endpoint.source)
                } else if let forwarded,
                    told.insert("\(forwarded) \(shown)").inserted
                {
                    decoder.add(
                        .warning, at: target.source,
                        "\(forwarded) of callers goes on to \(shown) in plain text",
                        hint: "\(hint), or take it out by `forward: false`",
                        related: endpoint.source)
                }
            }
        }
    }

    /// What a policy leaves in the request, as a message calls it.
    private static func forwarded(_ policy: AuthenticationPolicyConfig) -> String? {
        for method in policy.methods {
            switch method {
            case .jwt(let config) where config.forwards: return "the token"
            case .basic(let config) where config.forwards: return "the password"
            case .apiKey(let config) where config.forwards: return "the API key"
            case .session(let config) where config.forwards: return "the session"
            default: continue
            }
        }
        return nil
    }

    private static func targets(_ route: RouteConfig) -> [Target] {
        var targets: [Target] = []
        let add = { (name: String?, source: SourceLocation, targets: inout [Target]) in
            if let name { targets.append(Target(upstream: name, source: source)) }
        }
        add(route.upstream, route.source, &targets)
        for branch in route.branches { add(branch.upstream, branch.source, &targets) }
        if let release = route.release {
            add(release.canary, release.source, &targets)
            for variant in release.split { add(variant.upstream, release.source, &targets) }
        }
        if let fallback = route.fallback { add(fallback.upstream, fallback.source, &targets) }
        if let mirror = route.mirror { add(mirror.upstream, mirror.source, &targets) }
        return targets
    }

    private static func plainEndpoint(_ upstream: UpstreamConfig) -> EndpointConfig? {
        upstream.endpoints.first { !$0.isSecure && !IPAddressText.isThisMachine($0.host) }
    }
}
