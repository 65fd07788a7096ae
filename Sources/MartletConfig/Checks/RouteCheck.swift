/// What holds for one route as a whole, checked when all its keys have been read.
enum RouteCheck {
    static func check(
        _ node: ConfigNode, _ route: inout RouteConfig, _ decoder: inout ConfigDecoder
    ) {
        route.source = node.location
        self.checkTarget(node, &decoder)
        self.checkPrefix(node, route, &decoder)
        self.checkCaptures(node, route, &decoder)
        SecretCheck.checkHeaders(node["headers"]?["request"], &decoder)
        self.checkWholeBodies(node, route, &decoder)
        self.checkHeldBody(node, route, &decoder)
        self.closeNeeds(node, route, &decoder)
        if let name = node["name"] {
            if !route.name.isEmpty {
                decoder.declare(.route, route.name, at: name.location, shown: name.quoted)
            }
        }
        decoder.templates = []
    }

    private static let targets = ["upstream", "redirect", "respond"]

    /// Keys that change what an upstream is sent.
    private static let upstreamKeys = [
        "rewrite", "query", "cookies", "host", "forwarded", "timeouts", "branches", "retries",
        "fallback", "mirror", "release", "version", "fault",
    ]

    private static func checkTarget(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        let given = self.targets.filter { node[$0] != nil }
        guard let target = given.first else {
            decoder.add(
                at: node, "this route leads nowhere",
                hint: "give `upstream`, `redirect` or `respond`")
            return
        }
        if given.count > 1 {
            let names = given.map { "`\($0)`" }.joined(separator: " and ")
            decoder.add(
                at: node[given[1]] ?? node, "this route has \(names)",
                hint: "keep exactly one", related: node[target]?.location)
            return
        }
        guard target != "upstream", case .mapping(let entries) = node.value else { return }
        for entry in entries where self.upstreamKeys.contains(entry.key) {
            decoder.add(
                at: entry.keyLocation,
                "`\(entry.key)` changes what an upstream is sent, but this route has `\(target)`",
                hint: "leave it out, or give `upstream` in place of `\(target)`")
        }
        if let request = node["headers"]?["request"] {
            decoder.add(
                at: request,
                "`headers.request` changes what an upstream is sent, "
                    + "but this route has `\(target)`",
                hint: "leave it out, or give `upstream` in place of `\(target)`")
        }
    }

    /// Streams have no end that could be waited for: what is not looked at is told.
    private static func checkWholeBodies(
        _ node: ConfigNode, _ route: RouteConfig, _ decoder: inout ConfigDecoder
    ) {
        let wants = [
            route.validation?.body == nil ? nil : "validate",
            route.inspection?.body == true ? "inspect" : nil,
        ].compactMap { $0 }
        guard let key = wants.first else { return }
        if route.webSocket, let webSocket = node["websocket"] {
            decoder.add(
                .warning, at: webSocket, "`\(key)` does not look at what WebSockets carry",
                hint: "serve WebSockets by a route of their own")
        }
        let isGRPC = route.match.contentTypes.contains { $0.hasPrefix("application/grpc") }
        if isGRPC, let value = node[key] {
            decoder.add(
                .warning, at: value, "`\(key)` does not look at the messages of gRPC, which flow",
                hint: "serve gRPC by a route of its own")
        }
        if let limit = route.maxBodyBytes, limit > route.maxHeldBodyBytes {
            decoder.add(
                .warning, at: node["limits"] ?? node,
                "`\(key)` wants whole bodies, which may be smaller than `limits.max-body`",
                hint: "set `limits.max-held-body` to the same size, or lower `limits.max-body`")
        }
    }

    /// What a rule allows and a limit refuses all the same.
    private static func checkHeldBody(
        _ node: ConfigNode, _ route: RouteConfig, _ decoder: inout ConfigDecoder
    ) {
        guard let bytes = route.validation?.body?.maxBytes,
            let place = node["validate"]?["body"]?["max-size"]
        else { return }
        let limits = [
            ("limits.max-held-body", route.maxHeldBodyBytes),
            ("limits.max-body", route.maxBodyBytes ?? .max),
        ]
        guard let (key, limit) = limits.min(by: { $0.1 < $1.1 }), bytes > limit else { return }
        decoder.add(
            .warning, at: place,
            "the route's `\(key)` of \(SizeText.format(limit)) refuses larger bodies all the same",
            hint: "raise `\(key)` to \(SizeText.format(bytes)), or lower `max-size`")
    }

    private static func closeNeeds(
        _ node: ConfigNode, _ route: RouteConfig, _ decoder: inout ConfigDecoder
    ) {
        if case .mapping(let entries) = node.value {
            for entry in entries {
                switch entry.key {
                case "access" where !route.access.isEmpty,
                    "branches" where !route.branches.isEmpty:
                    decoder.need(
                        .knownCaller(key: entry.key), at: entry.keyLocation,
                        path: "\(decoder.pathText).\(entry.key)")
                default: break
                }
            }
        }
        // What is malformed has been reported, and says nothing of what was meant.
        let isPathKnown =
            !route.match.paths.isEmpty
            || (node["match"]?["path"] == nil && node["match"]?["prefix"] == nil)
        let isCallerKnown = node["authentication"] == nil || route.authentication != .inherited
        decoder.closeNeeds(of: node.location) { kind in
            switch kind {
            case .rateLimit: isPathKnown && isCallerKnown
            case .caller, .knownCaller: isCallerKnown
            default: true
            }
        }
    }

    /// `prefix` puts a text in the place of what `match.prefix` matched.
    private static func checkPrefix(
        _ node: ConfigNode, _ route: RouteConfig, _ decoder: inout ConfigDecoder
    ) {
        let allPrefixes = node["match"]?["prefix"] != nil && node["match"]?["path"] == nil
        guard !allPrefixes else { return }
        for key in ["rewrite", "redirect"] {
            guard let prefix = node[key]?["prefix"] else { continue }
            decoder.add(
                at: prefix, "`\(key).prefix` replaces what `match.prefix` matched",
                hint: "match by `prefix` alone, or use `path`")
        }
    }

    private static func checkCaptures(
        _ node: ConfigNode, _ route: RouteConfig, _ decoder: inout ConfigDecoder
    ) {
        var sets: [(pattern: PathPatternConfig, names: [String])] = []
        for path in route.match.paths {
            guard let pattern = try? PathPattern.parse(path.text) else { return }
            sets.append((path, pattern.captureNames))
        }
        // A malformed pattern has been reported and defines nothing that could be relied on.
        let written = [node["match"]?["path"], node["match"]?["prefix"]].compactMap { $0 }
        guard written.isEmpty || !sets.isEmpty else { return }
        for template in decoder.templates {
            for name in template.names {
                let isCaptured = sets.contains { $0.names.contains(name) }
                if !isCaptured, IdentityName.isIdentity(name) {
                    let isEarly =
                        template.path.contains(".maintenance.")
                        || template.path.contains(".fallback.")
                    decoder.need(
                        isEarly ? .callerTooEarly(name) : .caller(name),
                        at: template.node.location, path: template.path)
                    continue
                }
                self.checkCapture(name, template, sets, &decoder)
            }
        }
    }

    private static func checkCapture(
        _ name: String, _ template: ConfigDecoder.Template,
        _ sets: [(pattern: PathPatternConfig, names: [String])], _ decoder: inout ConfigDecoder
    ) {
        guard sets.isEmpty || sets.contains(where: { !$0.names.contains(name) }) else { return }
        let known = sets.first?.names ?? []
        let shared = known.filter { name in sets.allSatisfy { $0.names.contains(name) } }
        let nearest =
            EditDistance.nearest(to: name, among: shared) ?? IdentityName.nearest(to: name)
        let name = template.node.scalar?.isSecret == true ? "<secret>" : name
        let message: String
        var hint: String
        if let pattern = sets.first(where: { !$0.names.contains(name) })?.pattern {
            let shown = pattern.isSecret ? "`<secret>`" : ConfigNode.quote(pattern.text)
            message = "`{\(name)}` is not captured by the path \(shown)"
            hint = "every path of the route must capture it; a literal brace is `{{`"
        } else {
            message = "`{\(name)}` is not captured: the route has no `match.path`"
            hint = "capture it in `match.path`; a literal brace is `{{`"
        }
        if template.node.scalar?.isSecret != true, let nearest {
            hint = "did you mean `{\(nearest)}`?"
        }
        let diagnostic = Diagnostic(
            .error, at: template.node.location, path: template.path, message, hint: hint)
        decoder.diagnostics.append(diagnostic)
    }
}
