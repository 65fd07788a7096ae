/// What the checks, and the plan's compiler, ask of a document as a whole.
extension ConfigDocument {
    /// The policy by which a route knows its callers; `nil` where it knows none, or where it names
    /// one that is not there, which has been reported.
    package func policy(of route: RouteConfig) -> AuthenticationPolicyConfig? {
        let named = { (name: String) in
            self.authentication.policies.first { $0.name == name }
        }
        return switch route.authentication {
        case .none: nil
        case .named(let name): named(name)
        case .inline(let policy): policy
        case .inherited: self.authentication.defaultPolicy.flatMap(named)
        }
    }

    /// Whether a route has `authentication`, of its own or by default.
    func asksWhoCalls(_ route: RouteConfig) -> Bool {
        switch route.authentication {
        case .none: false
        case .named, .inline: true
        case .inherited: self.authentication.defaultPolicy != nil
        }
    }

    /// Those that have a route.
    func listeners(of route: RouteConfig) -> [ListenerConfig] {
        guard !route.listeners.isEmpty else { return self.listeners }
        return self.listeners.filter { route.listeners.contains($0.name) }
    }
}
