import MartletConfig
import MartletSecurity

extension AuthenticationCompiler {
    mutating func addLogins() {
        for config in self.document.authentication.logins {
            guard let login = self.login(config) else { continue }
            self.tables.logins.append(login)
        }
    }

    private mutating func login(_ config: LoginConfig) -> LoginPlan? {
        let path = "authentication.logins.\(config.name)"
        guard let row = self.tables.issuers.firstIndex(where: { $0.name == config.issuer }) else {
            // Why it is not there has been told.
            return nil
        }
        let issuer = self.tables.issuers[row]
        guard issuer.introspection == nil, let identifier = issuer.issuer.rules.issuer else {
            self.add(
                at: config.source, "\(path).issuer",
                "the issuer `\(config.issuer)` cannot tell who has logged in",
                hint: "it needs `issuer`, the URL that is its name, and keys for its tokens")
            return nil
        }
        self.checkPlace(config, path)
        var parts = LoginPlan.Parts(
            issuer: issuer,
            endpoints: LoginEndpoints(
                issuer: String(decoding: identifier, as: UTF8.self),
                authorization: config.authorizationEndpoint, token: config.tokenEndpoint,
                endSession: config.endSessionEndpoint))
        parts.name = config.name
        parts.issuerRow = row
        parts.clientID = config.clientID
        parts.authorization = BasicCredentials.value(
            clientID: config.clientID, clientSecret: config.clientSecret.text)
        parts.scope = config.scopes.joined(separator: " ")
        parts.path = config.path == "/" ? "" : config.path
        parts.origin = config.origin
        parts.afterLogout = config.afterLogout
        parts.timeout = config.timeout
        let session = config.session
        parts.cookie = (session.isSecure ? "__Host-" : "") + session.cookie
        parts.attemptCookie = (session.isSecure ? "__Secure-" : "") + session.cookie + "-login-"
        parts.isSecure = session.isSecure
        parts.lifetimeSeconds = session.lifetime.components.seconds
        parts.secrets = [session.secret, session.previousSecret].compactMap { $0 }
            .map { Array($0.text.utf8) }
        parts.keptClaims = self.keptClaims(issuer)
        do throws(InvalidPolicy) {
            return LoginPlan(parts, place: try CredentialPlace(cookie: parts.cookie))
        } catch {
            self.add(at: config.source, "\(path).session.cookie", "\(error.message)")
            return nil
        }
    }

    /// The issuer sends browsers back to a path; some route with the login has to have it.
    private mutating func checkPlace(_ config: LoginConfig, _ path: String) {
        let callback = (config.path == "/" ? "" : config.path) + "/callback"
        let isRouted = self.document.routes.contains { route in
            guard let policy = self.document.policy(of: route) else { return false }
            let hasLogin = policy.methods.contains { method in
                guard case .session(let session) = method else { return false }
                return session.login == config.name
            }
            guard hasLogin else { return false }
            return route.match.paths.isEmpty
                || route.match.paths.contains { pattern in
                    switch pattern.kind {
                    case .prefix:
                        pattern.text == "/" || callback.hasPrefix(pattern.text + "/")
                    // With captures nobody knows before.
                    case .template: pattern.text == callback || pattern.text.contains("{")
                    }
                }
        }
        guard !isRouted else { return }
        self.add(
            at: config.source, "\(path).path",
            "no route with this login takes `\(callback)`, where browsers come back to",
            hint: "give the route's `match` the prefix `\(config.path)` too, "
                + "or set `path` to one below it")
    }

    /// Names of claims that something of the configuration asks for.
    private func keptClaims(_ issuer: IssuerPlan) -> [String] {
        var places = [issuer.subject] + issuer.scopes
        if let group = issuer.group { places.append(group) }
        places += self.tables.rules.claimPlaces
        places += self.tables.rules.claimRules.map(\.place)
        var names: [String] = []
        for place in places where !names.contains(place.memberName) {
            names.append(place.memberName)
        }
        return names
    }
}
