extension TokenIssuerConfig {
    static let record = Record(
        "an issuer", "Who makes tokens, and what its tokens must be like.",
        fields: keyFields + claimFields + consumerFields,
        initial: { TokenIssuerConfig() },
        check: { node, issuer, decoder in issuer.check(node, &decoder) })

    private static let keyFields: [Field<TokenIssuerConfig>] = [
        Field(
            "issuer", \.issuer,
            ValueKind<String>.string("a text such as `https://id.example.com`")
                .optional,
            """
            What `iss` has to be; without it the keys alone tell who it is.
            """),
        keysField(
            "jwks-url", urlKind.map { Keys.url($0) },
            """
            Where its keys are (RFC 7517); fetched again and again.
            """),
        keysField(
            "jwks-file", ValueKind<FileTextConfig>.file.map { Keys.set($0) },
            """
            A file with its keys, which is watched.
            """),
        keysField(
            "secret",
            ValueKind<SecretTextConfig>.secret("a secret", bytesMin: 32).map {
                Keys.secret($0)
            },
            """
            What it shares with Martlet, for HS256, HS384 and HS512.
            """),
        keysField(
            "introspection", IntrospectionConfig.record.kind.map { Keys.introspection($0) },
            """
            Asks the issuer about each token (RFC 7662), for tokens that only it can read.
            """),
        Field(
            "algorithms", \.algorithms, .oneOrMany(algorithm),
            """
            Those that are taken; without it RS, PS, ES and EdDSA with public keys, HS256 with a \
            secret.
            """),
        Field(
            "refresh-interval", \.refreshInterval, .duration(1000...ValueKind<Duration>.day),
            """
            How often `jwks-url` is fetched; after failures less and less often, up to this.
            """),
        Field(
            "fetch-timeout", \.fetchTimeout, .duration(100...60_000),
            """
            How long one fetch may take, and a request that waits for it.
            """),
        Field(
            "unknown-key-interval", \.unknownKeyInterval, .duration(1000...3_600_000),
            """
            How soon a token with a `kid` that is not known may have the keys fetched again.
            """),
    ]

    private static let claimFields: [Field<TokenIssuerConfig>] = [
        Field(
            "audiences", \.audiences, .oneOrMany(.string()),
            """
            One of them has to be in `aud`.
            """),
        Field(
            "type", \.type, ValueKind<String>.string("a type such as `at+jwt`").optional,
            """
            What the header's `typ` has to be.
            """),
        Field(
            "leeway", \.leeway, .duration(0...600_000),
            """
            How far clocks may differ.
            """),
        Field(
            "max-age", \.maxAge, ValueKind<Duration>.duration().optional,
            """
            How long ago `iat` may be.
            """),
        Field(
            "require-expiry", \.$requiresExpiry, .boolean(unsafe: false),
            """
            Whether a token has to have `exp`.
            """),
        Field(
            "claims", \.claims, ClaimRuleConfig.kind,
            """
            Claims by name, or by JSON pointer if it begins with `/`, to what they have to be: a \
            text, a list of which one is enough, or `{ present: true }`.
            """),
    ]

    private static let consumerFields: [Field<TokenIssuerConfig>] = [
        Field(
            "subject-claim", \.subjectClaim, .string("a claim's name"),
            """
            The claim that consumers are found by, under `subjects`.
            """),
        Field(
            "scope-claims", \.scopeClaims, .oneOrMany(.string("a claim's name")),
            """
            The claims that hold scopes: a list, or a text with spaces.
            """),
        Field(
            "group-claim", \.groupClaim, ValueKind<String>.string("a claim's name").optional,
            """
            A claim that holds groups, beside those of the consumer.
            """),
        Field(
            "consumer", \.consumer, ConsumerConfig.reference.optional,
            """
            Whose tokens are that belong to no consumer by their subject.
            """),
    ]

    private static func keysField(
        _ key: String, _ kind: ValueKind<Keys>, _ documentation: String
    ) -> Field<TokenIssuerConfig> {
        Field(
            key, documentation, shape: kind.shape,
            apply: { node, issuer, decoder in
                guard let keys = kind.decode(node, &decoder) else { return }
                issuer.keys = keys
            })
    }

    private func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        let given = ["jwks-url", "jwks-file", "secret", "introspection"].filter { node[$0] != nil }
        if given.count != 1 {
            decoder.add(
                at: given.last.flatMap { node[$0] } ?? node,
                given.isEmpty
                    ? "there are no keys to check the issuer's tokens with"
                    : "an issuer has its keys in one place",
                hint: "give one of `jwks-url`, `jwks-file`, `secret` and `introspection`")
        }
        if !self.requiresExpiry, self.$requiresExpiry.exception == nil,
            let field = node["require-expiry"]
        {
            decoder.add(
                .warning, at: field, "a token without `exp` is good for ever",
                hint: ExceptionConfig.hint(
                    "have the issuer set `exp`, or bound the age with `max-age`", or: "false"))
        }
        if node["audiences"] == nil {
            decoder.add(
                .warning, at: node,
                "no `audiences`: tokens that the issuer made for others are taken too",
                hint: "name what `aud` says of tokens for this API (RFC 8725 section 3.9)")
        }
        if self.issuer == nil, node["jwks-url"] != nil {
            decoder.add(
                .warning, at: node, "`iss` is not looked at",
                hint: "give `issuer`, so that tokens of others with the same keys are refused")
        }
        self.checkSecret(node, &decoder)
    }

    /// A key of an HMAC is no shorter than its hash (RFC 7518 §3.2); with a shorter one, tokens of
    /// that algorithm would never be taken.
    private func checkSecret(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        guard case .secret(let secret) = self.keys, let place = node["secret"] else { return }
        let needs = [("HS384", 48), ("HS512", 64)].filter { algorithm, bytes in
            self.algorithms.contains(algorithm) && secret.text.utf8.count < bytes
        }
        guard let (algorithm, bytes) = needs.last else { return }
        decoder.add(
            at: place, "`<secret>` is too short for \(algorithm)",
            hint: "at least \(bytes) bytes (RFC 7518 section 3.2), such as "
                + "`openssl rand -hex \(bytes / 2)` prints",
            related: node["algorithms"]?.location)
    }

    private static let algorithm = ValueKind<String>.choice(
        [
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
            "EdDSA", "HS256", "HS384", "HS512",
        ].map { ($0, $0) })

    static let urlKind = ValueKind<String>.text(
        "a URL such as `https://id.example.com/jwks`", pattern: "^https?://",
        encode: { .string($0) },
        parse: URLText.parse
    ).checked { text, node, decoder in
        guard text.hasPrefix("http://"), !URLText.isOfThisMachine(text) else { return }
        decoder.add(
            .warning, at: node, "what comes over plain HTTP can be changed on the way",
            hint: "use `https://`")
    }
}

extension IntrospectionConfig {
    static let record = Record(
        "`introspection`", "Where an issuer says what a token means (RFC 7662).",
        fields: [
            Field("url", \.url, TokenIssuerConfig.urlKind, "Its endpoint.", isRequired: true),
            Field(
                "client-id", \.clientID, .string("a text"), "What Martlet is called there.",
                isRequired: true),
            Field(
                "client-secret", \.clientSecret, .secret("a secret"),
                """
                Shown by Basic.
                """, isRequired: true),
            Field(
                "cache", \.cache, .duration(0...ValueKind<Duration>.day),
                """
                How long an answer is believed, if the token does not end before; a token that is \
                revoked lives on for so long.
                """),
        ],
        initial: { IntrospectionConfig() })
}

extension ClaimRuleConfig {
    private struct Presence: Sendable {
        var isPresent = true
    }

    private static let presence = Record(
        "a claim's rule", "That the claim is there, whatever its value.",
        fields: [
            Field("present", \Presence.isPresent, .boolean, "`true`: it has to be there.")
        ],
        initial: { Presence() },
        check: { node, presence, decoder in
            guard !presence.isPresent else { return }
            decoder.add(at: node, "a claim cannot be forbidden", hint: "write `present: true`")
        })

    static let kind: ValueKind<[ClaimRuleConfig]> = {
        let values = ValueKind<[String]>.oneOrMany(.string())
        let present = ValueKind<[String]>(Self.presence.shape) { node, decoder in
            var presence = Presence()
            return Self.presence.decode(node, into: &presence, &decoder) ? [] : nil
        }
        let either = ValueKind<[String]>(.either([values.shape, present.shape])) { node, decoder in
            if case .mapping = node.value { return present.decode(node, &decoder) }
            return values.decode(node, &decoder)
        }
        return ValueKind<[Named<[String]>]>.map(
            names: "a claim to what it has to be", either,
            checkName: { name throws(TextProblem) in
                guard !name.isEmpty else { throw TextProblem("a claim has a name") }
            }
        ).map { named in named.map { ClaimRuleConfig(place: $0.name, values: $0.value) } }
    }()
}

extension ConsumerConfig {
    static let reference = ValueKind<String>.string("the name of a consumer").checked {
        _, node, decoder in decoder.refer(to: .consumer, node)
    }
}
