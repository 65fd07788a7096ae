extension AuthenticationMethodConfig {
    /// What the long form says; exactly one is given.
    private struct Choice: Sendable {
        var methods: [AuthenticationMethodConfig] = []
    }

    private static let record = Record(
        "a method", "One way to show who one is; exactly one key is given.",
        fields: [
            field(
                "api-key", APIKeyMethodConfig.record, "A key that was handed out.",
                { .apiKey($0) }),
            field("jwt", JWTMethodConfig.record, "A signed token (RFC 7519).", { .jwt($0) }),
            field(
                "basic", BasicMethodConfig.record, "User name and password (RFC 7617).",
                { .basic($0) }),
            field(
                "signature", SignatureMethodConfig.record, "A signed request (RFC 9421).",
                { .signature($0) }),
            field(
                "hmac", HMACMethodConfig.record,
                "A request signed with a shared secret, as webhooks are.", { .hmac($0) }),
            field(
                "session", SessionMethodConfig.record,
                "A session of somebody who has logged in with a browser (OpenID Connect).",
                { .session($0) }),
        ],
        initial: { Choice() },
        check: { node, choice, decoder in
            guard case .mapping(let entries) = node.value, entries.count != 1 else { return }
            decoder.add(
                at: node, "a method has exactly one key, found \(entries.count)",
                hint: "write each method as an element of its own, with `- `")
        })

    private static func field<Value: Sendable>(
        _ key: String, _ record: Record<Value>, _ documentation: String,
        _ make: @escaping @Sendable (Value) -> AuthenticationMethodConfig
    ) -> Field<Choice> {
        Field(
            key, documentation, shape: record.shape,
            apply: { node, choice, decoder in
                var value = record.initial()
                if record.decode(node, into: &value, &decoder) {
                    choice.methods.append(make(value))
                }
            })
    }

    private static let words: [(text: String, value: AuthenticationMethodConfig)] = [
        ("api-key", .apiKey(APIKeyMethodConfig())), ("jwt", .jwt(JWTMethodConfig())),
        ("basic", .basic(BasicMethodConfig())),
        ("signature", .signature(SignatureMethodConfig())),
        ("client-certificate", .clientCertificate),
    ]

    static let kind: ValueKind<AuthenticationMethodConfig> = {
        let long = ValueKind<AuthenticationMethodConfig>(Self.record.shape) { node, decoder in
            var choice = Choice()
            Self.record.decode(node, into: &choice, &decoder)
            return choice.methods.first
        }
        let either = ValueKind<AuthenticationMethodConfig>.either(
            .choice(Self.words), when: { $0.scalar != nil }, otherwise: long)
        return ValueKind(either.shape, encode: either.encode) { node, decoder in
            guard node.scalar?.text != "session" else {
                decoder.add(
                    at: node, "`session` alone does not say whose login it is",
                    hint: "write `{ session: { login: NAME } }`, "
                        + "with one of `authentication.logins`")
                return nil
            }
            let method = either.decode(node, &decoder)
            switch method {
            case .apiKey: decoder.need(.keySecret, at: node.location)
            case .jwt(let jwt) where jwt.issuers.isEmpty:
                decoder.need(.issuers, at: node.location)
            default: break
            }
            return method
        }
    }()
}

extension APIKeyMethodConfig {
    static let record = Record(
        "`api-key`", "Where an API key is looked for.",
        fields: [
            placeField(
                "header", headerName.map { Place.header($0) },
                """
                A field with the key alone; `x-api-key` if no place is given.
                """),
            queryField,
            placeField(
                "cookie", ValueKind<String>.string("a cookie's name").map { Place.cookie($0) },
                """
                A cookie.
                """),
            Field(
                "authorization",
                """
                Whether `Authorization: Bearer` and `ApiKey` are looked at.
                """,
                shape: .boolean,
                apply: { node, method, decoder in
                    guard let isOn = ValueKind<Bool>.boolean.decode(node, &decoder), isOn else {
                        return
                    }
                    method.places.append(.authorization)
                }),
            Field(
                "forward", \.forwards, .boolean,
                """
                Whether the upstream sees the key.
                """),
        ],
        initial: {
            var method = APIKeyMethodConfig()
            method.places = []
            return method
        },
        check: { node, method, decoder in
            if method.places.isEmpty { method.places = defaultPlaces }
            if method.queryException == nil, let query = node["query"] {
                decoder.add(
                    .warning, at: query,
                    "keys in addresses come to stand in logs, histories and `Referer`",
                    hint: ExceptionConfig.hint("have clients send a header", or: "…"))
            }
        })

    private static let queryField: Field<APIKeyMethodConfig> = {
        let kind = ValueKind<String>.string("a parameter's name").excepted()
        return Field(
            "query",
            "A parameter; addresses are written into logs and histories, so fields are better.",
            shape: kind.shape,
            apply: { node, method, decoder in
                guard let name = kind.decode(node, &decoder) else { return }
                method.places.append(.query(name.wrappedValue))
                method.queryException = name.exception
            })
    }()

    private static func placeField(
        _ key: String, _ kind: ValueKind<Place>, _ documentation: String
    ) -> Field<APIKeyMethodConfig> {
        Field(
            key, documentation, shape: kind.shape,
            apply: { node, method, decoder in
                if let place = kind.decode(node, &decoder) { method.places.append(place) }
            })
    }

    static let headerName = ValueKind<String>.text(
        "a header name", encode: { .string($0) },
        parse: { text throws(TextProblem) in try NameText.header(text) })
}

extension JWTMethodConfig {
    static let record = Record(
        "`jwt`", "Whose tokens are taken, and where they are looked for.",
        fields: [
            Field(
                "issuers", \.issuers, .oneOrMany(TokenSubjectConfig.issuerReference),
                """
                Some of `authentication.issuers`; all of them if it is left out.
                """),
            Field(
                "header", \.header, APIKeyMethodConfig.headerName.optional,
                """
                A field with the token alone, in place of `Authorization: Bearer`.
                """),
            Field(
                "cookie", \.cookie, ValueKind<String>.string("a cookie's name").optional,
                """
                A cookie with the token, in place of `Authorization: Bearer`.
                """),
            Field(
                "forward", \.forwards, .boolean,
                """
                Whether the upstream sees the token.
                """),
        ],
        initial: { JWTMethodConfig() },
        check: { node, _, decoder in
            guard let header = node["header"], let cookie = node["cookie"] else { return }
            decoder.add(
                at: cookie, "a token is looked for in one place", hint: "keep one of them",
                related: header.location)
        })
}

extension BasicMethodConfig {
    static let record = Record(
        "`basic`", "User name and password.",
        fields: [
            Field(
                "forward", \.forwards, .boolean,
                """
                Whether the upstream sees them.
                """)
        ],
        initial: { BasicMethodConfig() })
}

extension SignatureMethodConfig {
    static let record = Record(
        "`signature`", "What a signed request has to be like.",
        fields: [
            Field(
                "covered", \.covered, .oneOrMany(component),
                """
                What a signature has to cover: `@method`, `@authority`, `@scheme`, `@path`, \
                `@query`, `@target-uri`, `@request-target`, or a field's name in lower case.
                """),
            Field(
                "max-age", \.maxAge, .duration(1000...3_600_000),
                """
                How old a signature may be; none is taken twice meanwhile.
                """),
            Field(
                "require-digest", \.$requiresDigest, .boolean(unsafe: false),
                """
                Whether a body needs a `Content-Digest` that is covered.
                """),
        ],
        initial: { SignatureMethodConfig() },
        check: { node, method, decoder in
            guard !method.requiresDigest, method.$requiresDigest.exception == nil,
                let field = node["require-digest"]
            else { return }
            decoder.add(
                .warning, at: field, "bodies can be changed on the way",
                hint: ExceptionConfig.hint(
                    "have clients send and sign `Content-Digest` (RFC 9530)", or: "false"))
        })

    private static let component = ValueKind<String>.text(
        "a component such as `@method`", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            let derived = [
                "@method", "@authority", "@scheme", "@path", "@query", "@target-uri",
                "@request-target",
            ]
            guard !derived.contains(text) else { return text }
            let name = text.hasPrefix("@") ? "" : try NameText.header(text)
            guard name == text else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) cannot be covered",
                    hint: "one of \(derived.joined(separator: ", ")), or a field in lower case")
            }
            return text
        })
}
