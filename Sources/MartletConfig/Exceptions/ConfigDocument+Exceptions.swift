/// What a document says at a moment.
extension ConfigDocument {
    /// The document without the exceptions that are over.
    ///
    /// - `now`: seconds since 1970.
    package func strict(at now: Int64) -> ConfigDocument {
        var document = self
        var walk = ExceptionWalk(now: now)
        document.take(&walk)
        return document
    }

    /// Every exception with terms, those that are over included.
    package var exceptions: [StatedException] {
        var document = self
        var walk = ExceptionWalk(now: nil)
        document.take(&walk)
        return walk.found
    }

    private mutating func take(_ walk: inout ExceptionWalk) {
        walk.visit(&self.egress.$allow, .egress)
        for index in self.listeners.indices {
            walk.visit(&self.listeners[index].$trustedProxies, .trustedProxies)
            walk.visit(&self.listeners[index].$exposeInternals, .exposeInternals, strict: false)
        }
        for index in self.upstreams.indices {
            walk.visit(&self.upstreams[index].egress.$allow, .egress)
            walk.visit(&self.upstreams[index].tls.$isInsecure, .insecure, strict: false)
        }
        self.authentication.take(&walk)
        for index in self.routes.indices { self.routes[index].take(&walk) }
    }
}

extension AuthenticationConfig {
    fileprivate mutating func take(_ walk: inout ExceptionWalk) {
        for index in self.issuers.indices {
            walk.visit(&self.issuers[index].$requiresExpiry, .endlessTokens, strict: true)
        }
        for index in self.logins.indices {
            walk.visit(&self.logins[index].session.$isSecure, .plainSession, strict: true)
        }
        for index in self.policies.indices { self.policies[index].take(&walk) }
    }
}

extension AuthenticationPolicyConfig {
    fileprivate mutating func take(_ walk: inout ExceptionWalk) {
        walk.visit(&self.$anonymous, .anonymous, strict: nil)
        for index in self.methods.indices {
            switch self.methods[index] {
            case .apiKey(var method):
                guard let terms = method.queryException, walk.isOver(terms, .keyInQuery) else {
                    continue
                }
                method.removeQuery()
                self.methods[index] = .apiKey(method)
            case .signature(var method):
                walk.visit(&method.$requiresDigest, .unsignedBodies, strict: true)
                self.methods[index] = .signature(method)
            case .jwt, .basic, .hmac, .session, .clientCertificate: continue
            }
        }
    }
}

extension RouteConfig {
    fileprivate mutating func take(_ walk: inout ExceptionWalk) {
        if case .inline(var policy) = self.authentication {
            policy.take(&walk)
            self.authentication = .inline(policy)
        }
        walk.visit(&self.$authentication, .openRoute, strict: .inherited)
        if var external = self.externalAuthorization {
            walk.visit(&external.$onFailure, .onFailure, strict: .deny)
            self.externalAuthorization = external
        }
        if var cors = self.cors {
            walk.visit(&cors.$credentials, .corsCredentials, strict: false)
            walk.visit(&cors.$privateNetwork, .corsPrivateNetwork, strict: false)
            self.cors = cors
        }
        walk.visit(&self.$allow, .pathSpelling)
        guard var inspection = self.inspection else { return }
        inspection.exceptions.removeAll { walk.isOver($0.exception, .inspection) }
        self.inspection = inspection
    }
}
