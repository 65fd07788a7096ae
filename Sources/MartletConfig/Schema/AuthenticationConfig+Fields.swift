extension AuthenticationConfig {
    static let record = Record(
        "`authentication`", "How callers are known.",
        fields: [
            Field(
                "key-secret", \.keySecret,
                ValueKind<SecretTextConfig>.secret("a secret of 32 bytes or more", bytesMin: 32)
                    .optional,
                """
                What API keys are hashed with; whoever changes it makes every key invalid.
                """),
            Field(
                "realm", \.realm, .string("a text"),
                """
                What `WWW-Authenticate` calls the protected part.
                """),
            Field(
                "resource-metadata", \.resourceMetadata, TokenIssuerConfig.urlKind.optional,
                """
                The URL of a document that says who gives tokens (RFC 9728); challenges name it.
                """),
            Field(
                "protected-resource", \.protectedResource,
                ProtectedResourceConfig.record.kind.optional,
                """
                That document, made and served here; `resource-metadata` is its URL then.
                """),
            Field(
                "issuers", "Who makes tokens, by name.",
                shape: .map(names: "a name to an issuer", TokenIssuerConfig.record.shape),
                apply: { node, root, decoder in
                    decoder.decodeNamed(node, .issuer, expected: "a name to an issuer") {
                        entry, decoder in
                        var issuer = TokenIssuerConfig()
                        issuer.name = entry.key
                        issuer.source = entry.keyLocation
                        guard
                            TokenIssuerConfig.record.decode(entry.node, into: &issuer, &decoder)
                        else { return }
                        root.issuers.append(issuer)
                    }
                }),
            Field(
                "logins", "How people log in with a browser, by name.",
                shape: .map(names: "a name to a login", LoginConfig.record.shape),
                apply: { node, root, decoder in
                    decoder.decodeNamed(node, .login, expected: "a name to a login") {
                        entry, decoder in
                        var login = LoginConfig()
                        guard LoginConfig.record.decode(entry.node, into: &login, &decoder) else {
                            return
                        }
                        login.name = entry.key
                        login.source = entry.keyLocation
                        root.logins.append(login)
                    }
                }),
            Field(
                "policies", "Which credentials are taken, by name, for routes to refer to.",
                shape: .map(names: "a name to a policy", AuthenticationPolicyConfig.kind.shape),
                apply: { node, root, decoder in
                    decoder.decodeNamed(node, .policy, expected: "a name to a policy") {
                        entry, decoder in
                        guard
                            var policy = AuthenticationPolicyConfig.kind.decode(
                                entry.node, &decoder)
                        else { return }
                        policy.name = entry.key
                        policy.source = entry.keyLocation
                        if policy.name == "none" {
                            decoder.diagnostics.append(
                                Diagnostic(
                                    .error, at: entry.keyLocation,
                                    path: "authentication.policies.none",
                                    "a policy cannot be called `none`: routes are open by it",
                                    hint: "give it another name"))
                        }
                        root.policies.append(policy)
                    }
                }),
            Field(
                "default", \.defaultPolicy, AuthenticationPolicyConfig.reference.optional,
                """
                The policy of routes that have no `authentication`; without it they are open.
                """),
            Field(
                "identity-headers",
                "Fields that tell upstreams who calls, by name: a value with "
                    + "`{consumer.name}`, `{subject}`, `{claims.NAME}` and the like. Clients "
                    + "cannot send them, in no spelling and on no route.",
                shape: headersKind.shape,
                apply: { node, root, decoder in
                    guard let headers = headersKind.decode(node, &decoder) else { return }
                    root.identityHeaders = headers
                    root.identityHeadersSource = node.location
                }),
            Field(
                "cached-credentials", \.cachedCredentials, .integer(0...1_000_000),
                """
                Verified tokens and passwords that each worker remembers, never beyond their \
                expiry.
                """),
            Field(
                "lockout", \.lockout, LockoutConfig.record.kind.optional,
                """
                Turns callers away for a while after failed credentials.
                """),
        ],
        initial: { AuthenticationConfig() },
        check: { _, authentication, decoder in
            if authentication.resourceMetadata == nil {
                authentication.resourceMetadata = authentication.protectedResource?.metadataURL
            }
            for template in decoder.templates {
                for name in template.names where !IdentityName.isIdentity(name) {
                    let nearest = IdentityName.nearest(to: name)
                    decoder.add(
                        at: template.node, "`{\(name)}` says nothing of the caller",
                        hint: nearest.map { "did you mean `{\($0)}`?" }
                            ?? "such as `{consumer.name}`, `{consumer.groups}`, "
                            + "`{consumer.metadata.NAME}`, `{subject}`, `{scopes}`, "
                            + "`{claims.NAME}`")
                }
                for name in template.names where IdentityName.isIdentity(name) {
                    decoder.need(.caller(name), at: template.node.location, path: template.path)
                }
            }
            decoder.templates = []
            decoder.closeNeeds(of: nil) { _ in true }
        })

    /// Clients' credentials would be taken away, or the field be there twice.
    private static let ownFields: Set<String> = [
        "authorization", "cookie", "forwarded", "proxy-authorization", "traceparent", "tracestate",
        "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto",
        "x-real-ip", "x-request-id",
    ]

    private static let headersKind = ValueKind<[Named<String>]>.map(
        names: "a header name to a value", .template("a value such as `{consumer.name}`"),
        checkName: { name throws(TextProblem) in
            _ = try HeaderEditConfig.checkEditable(name, isRequest: true)
            guard !Self.ownFields.contains(name.lowercased()) else {
                throw TextProblem(
                    "`\(name)` is no field for who calls: clients send it, or Martlet itself does",
                    hint: "give it a name of its own, such as `x-user`")
            }
        }
    ).map { named in
        named.map { HeaderValueConfig(name: $0.name.lowercased(), value: $0.value) }
    }
}

extension LockoutConfig {
    static let record = Record(
        "`lockout`", "Turns callers away for a while after failed credentials.",
        fields: [
            Field(
                "attempts", \.attempts, .integer(1...10_000),
                """
                Failures that are forgiven; the next try is answered 429.
                """),
            Field(
                "decay", \.decay, .duration(1000...ValueKind<Duration>.day),
                """
                The time in which all of them are forgotten, one after the other.
                """),
            Field(
                "by", \.keys, .oneOrMany(.choice),
                """
                What failures are counted for.
                """),
            Field(
                "max-tracked", \.maxTracked, .integer(1000...10_000_000),
                """
                Addresses, and as many credentials, that are told apart.
                """),
        ],
        initial: { LockoutConfig() })
}

extension AuthenticationPolicyConfig {
    private static let record = Record(
        "an authentication policy", "Which credentials are taken.",
        fields: [
            Field(
                "methods", \.methods, .oneOrMany(AuthenticationMethodConfig.kind),
                """
                The ways to show who one is, tried in this order.
                """, isRequired: true),
            Field(
                "require", \.requirement, .choice,
                """
                Whether one method that accepts is enough, or all have to, for the same consumer.
                """),
            Field(
                "anonymous", \.$anonymous, ConsumerConfig.reference.optional.excepted(),
                """
                The consumer of requests that bring no credentials at all; wrong ones are refused.
                """),
        ],
        initial: { AuthenticationPolicyConfig() },
        check: { node, policy, _ in policy.source = node.location })

    /// Short form: the methods alone.
    static let kind = ValueKind<AuthenticationPolicyConfig>.either(
        ValueKind<[AuthenticationMethodConfig]>.list(AuthenticationMethodConfig.kind).map {
            methods in
            var policy = AuthenticationPolicyConfig()
            policy.methods = methods
            return policy
        },
        when: { node in
            if case .sequence = node.value { true } else { false }
        },
        otherwise: record.kind)

    static let reference = ValueKind<String>.string("the name of a policy").checked {
        _, node, decoder in decoder.refer(to: .policy, node)
    }
}

extension RouteAuthenticationConfig {
    /// `none` with its terms.
    private static let open = ValueKind<Excepted<RouteAuthenticationConfig>>.stated(
        ValueKind<RouteAuthenticationConfig>.choice([("none", .none)]), where: { _ in true })

    static let kind: ValueKind<Excepted<RouteAuthenticationConfig>> = {
        let shape = Shape.either([
            .text(expected: "`none` or the name of a policy"),
            AuthenticationPolicyConfig.kind.shape, open.shape,
        ])
        return ValueKind(shape) { node, decoder in
            guard node["value"] == nil else { return open.decode(node, &decoder) }
            return plain.decode(node, &decoder).map { Excepted($0) }
        }
    }()

    /// Of a listener, which has no policy of its own making.
    static let listenerKind = ValueKind<RouteAuthenticationConfig>(
        .text(expected: "`none` or the name of a policy"),
        decode: { node, decoder in
            guard let scalar = node.scalar, !scalar.isNull else {
                decoder.addMismatch(node, expected: "`none` or the name of a policy")
                return nil
            }
            guard scalar.text != "none" else { return RouteAuthenticationConfig.none }
            decoder.refer(to: .policy, node)
            return .named(scalar.text)
        })

    private static let plain: ValueKind<RouteAuthenticationConfig> = {
        let inline = AuthenticationPolicyConfig.kind
        let shape = Shape.either([
            .text(expected: "`none` or the name of a policy"), inline.shape,
        ])
        return ValueKind(shape) { node, decoder in
            guard let scalar = node.scalar else {
                guard var policy = inline.decode(node, &decoder) else { return nil }
                policy.source = node.location
                return .inline(policy)
            }
            guard !scalar.isNull else {
                decoder.addMismatch(node, expected: shape.expected)
                return nil
            }
            guard scalar.text != "none" else { return RouteAuthenticationConfig.none }
            decoder.refer(to: .policy, node)
            return .named(scalar.text)
        }
    }()
}
