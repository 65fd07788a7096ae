/// What the checks, and the plan's compiler, ask of a document as a whole.
extension ConfigDocument {
    /// What holds for a route: its own `authentication`, or that of its listeners, or the default.
    ///
    /// `inherited` if nobody says anything.
    func authentication(of route: RouteConfig) -> RouteAuthenticationConfig {
        guard route.authentication == .inherited else { return route.authentication }
        // Those with different ones have been reported.
        guard let listener = self.servingListeners(of: route).first else {
            return self.defaultAuthentication
        }
        return self.authentication(on: listener)
    }

    /// What holds for routes on a listener that say nothing themselves.
    func authentication(on listener: ListenerConfig) -> RouteAuthenticationConfig {
        listener.authentication == .inherited
            ? self.defaultAuthentication : listener.authentication
    }

    private var defaultAuthentication: RouteAuthenticationConfig {
        self.authentication.defaultPolicy.map { .named($0) } ?? .inherited
    }

    /// The policy by which a route knows its callers; `nil` where it knows none, or where it names
    /// one that is not there, which has been reported.
    package func policy(of route: RouteConfig) -> AuthenticationPolicyConfig? {
        switch self.authentication(of: route) {
        case .none, .inherited: nil
        case .named(let name): self.authentication.policies.first { $0.name == name }
        case .inline(let policy): policy
        }
    }

    /// All of them: those with a name, and those of one route.
    package var policies: [AuthenticationPolicyConfig] {
        self.authentication.policies
            + self.routes.compactMap { route in
                if case .inline(let policy) = route.authentication { policy } else { nil }
            }
    }

    /// Whether a route has `authentication`, of its own, of its listeners or by default.
    func asksWhoCalls(_ route: RouteConfig) -> Bool {
        switch self.authentication(of: route) {
        case .none, .inherited: false
        case .named, .inline: true
        }
    }

    /// Those that have a route.
    func listeners(of route: RouteConfig) -> [ListenerConfig] {
        guard !route.listeners.isEmpty else { return self.listeners }
        return self.listeners.filter { route.listeners.contains($0.name) }
    }

    /// Those of them where requests come to a route.
    func servingListeners(of route: RouteConfig) -> [ListenerConfig] {
        self.listeners(of: route).filter { $0.tcp == nil && $0.httpsRedirect == nil }
    }
}
