import MartletConfig
import MartletHTTP
import MartletSecurity

extension AuthenticationPolicy {
    convenience init(
        _ config: AuthenticationPolicyConfig, index: UInt32, context: ProgramBuilder.CallerContext
    ) throws(InvalidPolicy) {
        guard config.methods.count <= SideAnswers.methodsMax else {
            throw InvalidPolicy("more than \(SideAnswers.methodsMax) methods in one policy")
        }
        var methods: [Method] = []
        for method in config.methods {
            methods.append(try Self.method(method, config, context))
        }
        let anonymous = config.anonymous.flatMap { name in
            context.document.consumers.firstIndex { $0.name == name }.map(Int32.init)
        }
        let authentication = context.document.authentication
        self.init(
            config, methods: methods, anonymous: anonymous, index: index,
            withheld: Self.withheld(methods, context.plan),
            challenges: Self.challenges(config, authentication, error: nil),
            errorChallenges: Self.challenges(config, authentication, error: .invalidToken))
    }

    private static func method(
        _ config: AuthenticationMethodConfig, _ policy: AuthenticationPolicyConfig,
        _ context: ProgramBuilder.CallerContext
    ) throws(InvalidPolicy) -> Method {
        switch config {
        case .apiKey(let config):
            guard context.plan.hasher != nil else {
                throw InvalidPolicy("`api-key` needs `authentication.key-secret`")
            }
            var places: [CredentialPlace] = []
            for place in config.places {
                switch place {
                case .header(let name): places.append(CredentialPlace(header: name))
                case .query(let name): places.append(try CredentialPlace(query: name))
                case .cookie(let name): places.append(try CredentialPlace(cookie: name))
                case .authorization: break
                }
            }
            return .apiKey(
                APIKeyMethod(
                    places: places, usesAuthorization: config.places.contains(.authorization),
                    sharesBearer: policy.methods.contains { Self.readsBearerTokens($0) },
                    forwards: config.forwards))
        case .jwt(let config):
            let all = context.plan.issuers
            let rows = all.indices.filter {
                config.issuers.isEmpty || config.issuers.contains(all[$0].name)
            }
            guard !rows.isEmpty else {
                throw InvalidPolicy("`jwt` needs one of `authentication.issuers`")
            }
            var place: CredentialPlace?
            if let header = config.header { place = CredentialPlace(header: header) }
            if let cookie = config.cookie { place = try CredentialPlace(cookie: cookie) }
            return .jwt(JWTMethod(issuers: rows, place: place, forwards: config.forwards))
        case .basic(let config): return .basic(BasicMethod(forwards: config.forwards))
        case .signature(let config): return .signature(SignatureMethod(config))
        case .hmac(let config): return .hmac(try HMACMethod(config, context.plan))
        case .session(let config):
            guard let row = context.plan.logins.firstIndex(where: { $0.name == config.login })
            else { throw InvalidPolicy("there is no login `\(config.login)`") }
            return .session(SessionMethod(login: row, forwards: config.forwards))
        case .clientCertificate: return .clientCertificate
        }
    }

    private static func readsBearerTokens(_ method: AuthenticationMethodConfig) -> Bool {
        guard case .jwt(let method) = method else { return false }
        return method.header == nil && method.cookie == nil
    }

    /// One for each kind of credentials; a certificate is asked for by TLS, not by a field.
    private static func challenges(
        _ config: AuthenticationPolicyConfig, _ authentication: AuthenticationConfig,
        error: Challenge.BearerError?
    ) -> [[UInt8]] {
        let realm = authentication.realm
        var challenges: [String] = []
        for method in config.methods {
            switch method {
            case .apiKey: challenges.append(Challenge.apiKey(realm: realm))
            case .jwt:
                challenges.append(
                    Challenge.bearer(
                        realm: realm, error: error,
                        resourceMetadata: authentication.resourceMetadata))
            case .basic: challenges.append(Challenge.basic(realm: realm))
            case .signature: challenges.append(Challenge.signature(realm: realm))
            case .session(let session):
                challenges.append(Challenge.session(realm: realm, login: session.login))
            // RFC 9110 has no scheme for codes in fields of their own.
            case .hmac, .clientCertificate: break
            }
        }
        var seen: [String] = []
        for challenge in challenges where !seen.contains(challenge) { seen.append(challenge) }
        return seen.map { Array($0.utf8) }
    }
}
