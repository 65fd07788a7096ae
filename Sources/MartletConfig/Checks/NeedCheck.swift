/// Looks up what places of a configuration need of the rest of it.
struct NeedCheck {
    private let document: ConfigDocument
    private let root: ConfigNode
    private let routes: [SourceLocation: RouteConfig]
    /// Every name of `metadata`.
    private let metadataNames: Set<String>

    static func check(
        _ document: ConfigDocument, root: ConfigNode, _ decoder: inout ConfigDecoder
    ) {
        let check = NeedCheck(document, root)
        for need in decoder.needs {
            let route = need.route.flatMap { check.routes[$0] }
            guard let diagnostic = check.diagnostic(need, route) else { continue }
            decoder.diagnostics.append(diagnostic)
        }
        check.checkKeys(&decoder)
    }

    private init(_ document: ConfigDocument, _ root: ConfigNode) {
        self.document = document
        self.root = root
        self.routes = Dictionary(
            document.routes.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        self.metadataNames = Set(document.consumers.flatMap { $0.metadata.map(\.name) })
    }

    private func diagnostic(_ need: ConfigDecoder.Need, _ route: RouteConfig?) -> Diagnostic? {
        switch need.kind {
        case .caller(let name): return self.caller(name, need, route)
        case .callerTooEarly(let name):
            return Self.error(
                need, "`{\(name)}` tells of the caller, which is not known here",
                hint: "leave it out: this answer is made without asking who calls")
        case .knownCaller(let key):
            guard let route, !self.document.asksWhoCalls(route) else { return nil }
            return Self.error(
                need,
                "`\(key)` is for callers that are known, but this route has no `authentication`",
                hint: Self.authenticationHint)
        case .keySecret:
            guard self.isMissing("key-secret", self.document.authentication.keySecret) else {
                return nil
            }
            return Self.error(
                need, "there is no secret that API keys are hashed with", hint: Self.secretHint)
        case .issuers:
            guard self.document.authentication.issuers.isEmpty,
                self.root["authentication"]?["issuers"] == nil
            else { return nil }
            return Self.error(
                need, "there is nobody whose tokens are taken",
                hint: "add one under `authentication.issuers`")
        case .rateLimit(let name): return route.flatMap { self.rateLimit(name, need, $0) }
        case .weight(let weight, let name): return self.weight(weight, name, need)
        case .revealingField(let name): return route.flatMap { self.revealing(name, need, $0) }
        }
    }

    private static let authenticationHint =
        "name a policy in `authentication`, of the route or as `authentication.default`"
    private static let secretHint =
        "give `authentication.key-secret`, such as `openssl rand -hex 32` prints"

    private static func error(
        _ need: ConfigDecoder.Need, _ message: String, hint: String,
        related: SourceLocation? = nil
    ) -> Diagnostic {
        Diagnostic(
            .error, at: need.location, path: need.path, message, hint: hint, related: related)
    }

    /// What is there and malformed has been reported.
    private func isMissing(_ key: String, _ value: SecretTextConfig?) -> Bool {
        value == nil && self.root["authentication"]?[key] == nil
    }

    /// Keys without what they are hashed with; told once, as there may be thousands.
    private func checkKeys(_ decoder: inout ConfigDecoder) {
        guard self.isMissing("key-secret", self.document.authentication.keySecret),
            let consumer = self.document.consumers.first(where: { !$0.apiKeys.isEmpty }),
            let key = consumer.apiKeys.first
        else { return }
        decoder.diagnostics.append(
            Diagnostic(
                .error, at: key.source, path: "consumers.\(consumer.name).api-keys",
                "there are API keys, but no secret that they are hashed with",
                hint: Self.secretHint))
    }

    // MARK: Templates

    /// - `route`: `nil` in `identity-headers`, which are for every route that asks who calls.
    private func caller(
        _ name: String, _ need: ConfigDecoder.Need, _ route: RouteConfig?
    ) -> Diagnostic? {
        if let route, !self.document.asksWhoCalls(route) {
            return Self.error(
                need, "`{\(name)}` tells of the caller, but this route has no `authentication`",
                hint: Self.authenticationHint)
        }
        let prefix = "consumer.metadata."
        guard name.hasPrefix(prefix) else { return nil }
        let isUsed =
            route != nil
            || self.document.routes.contains {
                $0.upstream != nil && self.document.asksWhoCalls($0)
            }
        let key = String(name.dropFirst(prefix.count))
        guard isUsed, !self.metadataNames.contains(key) else { return nil }
        let nearest = EditDistance.nearest(to: key, among: self.metadataNames.sorted())
        return Self.error(
            need, "no consumer has `metadata` called \(ConfigNode.quote(key))",
            hint: nearest.map { "did you mean `{\(prefix)\($0)}`?" }
                ?? "give it to one under `consumers`")
    }

    // MARK: Rate limits

    private func limit(_ name: String) -> RateLimitConfig? {
        self.document.rateLimits.first { $0.name == name }
    }

    private func rateLimit(
        _ name: String, _ need: ConfigDecoder.Need, _ route: RouteConfig
    ) -> Diagnostic? {
        guard let limit = self.limit(name), let key = limit.key else { return nil }
        let sets = route.match.paths.map { path in
            (path: path, names: (try? PathPattern.parse(path.text))?.captureNames ?? [])
        }
        let shown = "the key of \(ConfigNode.quote(name))"
        for capture in key.captureNames {
            let lacking = sets.first { !$0.names.contains(capture) }
            guard sets.isEmpty || lacking != nil else { continue }
            if IdentityName.isIdentity(capture) {
                guard !self.document.asksWhoCalls(route) else { continue }
                return Self.error(
                    need,
                    "\(shown) asks for `{\(capture)}` of the caller, "
                        + "but this route has no `authentication`",
                    hint: Self.authenticationHint, related: limit.keySource)
            }
            let place: String =
                if let path = lacking?.path {
                    path.isSecret ? "`<secret>`" : ConfigNode.quote(path.text)
                } else {
                    "a route without `match.path`"
                }
            return Self.error(
                need, "\(shown) needs `{\(capture)}`, which is not captured by \(place)",
                hint: Self.captureHint(capture, lacking?.names ?? []), related: limit.keySource)
        }
        return nil
    }

    private static func captureHint(_ name: String, _ captured: [String]) -> String {
        if let nearest = EditDistance.nearest(to: name, among: captured) {
            return "did you mean `{\(nearest)}`? The path and the key have to call it the same"
        }
        let words = RateLimitKeyText.words.map(\.text) + IdentityName.fixed
        if let nearest = EditDistance.nearest(to: name, among: words) {
            return "did you mean `{\(nearest)}`?"
        }
        return "capture it in `match.path`, or use another limit here"
    }

    private func weight(
        _ weight: Int, _ name: String, _ need: ConfigDecoder.Need
    ) -> Diagnostic? {
        let windows = self.limit(name)?.windows ?? []
        guard let smallest = windows.min(by: { $0.weightMax < $1.weightMax }),
            weight > smallest.weightMax
        else { return nil }
        return Self.error(
            need,
            "a request costs \(weight) of \(ConfigNode.quote(name)), which never has more than "
                + "\(smallest.weightMax): every one would be refused",
            hint: "lower `weight` to \(smallest.weightMax) or less, or raise the limit",
            related: smallest.source)
    }

    // MARK: Responses

    private func revealing(
        _ name: String, _ need: ConfigDecoder.Need, _ route: RouteConfig
    ) -> Diagnostic? {
        guard self.document.listeners(of: route).contains(where: { !$0.address.isLoopback }) else {
            return nil
        }
        return Diagnostic(
            .warning, at: need.location, path: need.path,
            "`\(name)` tells clients from outside of this machine about the software behind it",
            hint: "leave it out, or give the route only `listeners` on 127.0.0.1")
    }
}
