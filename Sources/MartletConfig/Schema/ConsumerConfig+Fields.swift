extension ConsumerConfig {
    static let record = Record(
        "a consumer", "Somebody who calls, with all that it may show of itself.",
        fields: [
            Field(
                "groups", \.groups, .oneOrMany(.name("a group's name")),
                """
                What it belongs to; groups exist by being named.
                """),
            Field(
                "metadata", \.metadata, metadata,
                """
                Free texts by name, for headers and logs: `{consumer.metadata.NAME}`.
                """),
            Field(
                "api-keys", \.apiKeys, .oneOrMany(APIKeyConfig.kind),
                """
                Its API keys, several while one is replaced by another. `martlet keys` makes them.
                """),
            Field(
                "passwords", \.passwords, .oneOrMany(PasswordConfig.record.kind),
                """
                User names with the hashes of their passwords, for Basic.
                """),
            Field(
                "subjects", \.subjects, .oneOrMany(TokenSubjectConfig.record.kind),
                """
                The subjects of tokens that are this consumer's.
                """),
            Field(
                "signing-keys", \.signingKeys, .oneOrMany(SigningKeyConfig.record.kind),
                """
                The keys that its requests are signed with (RFC 9421).
                """),
            Field(
                "certificates", \.certificates, .oneOrMany(certificate),
                """
                Client certificates: an alternative name (`dns:…`, `uri:…`, `email:…`, `ip:…`), a \
                `subject:…`, or a fingerprint `sha256:…`.
                """),
        ],
        initial: { ConsumerConfig() })

    private static let metadata = ValueKind<[Named<String>]>.map(
        names: "a name to a text",
        .text(
            "a text",
            parse: { text throws(TextProblem) in
                try ValueKind<String>.checkHeaderValue(text)
                return text
            }), checkName: NameText.check
    ).map { named in named.map { HeaderValueConfig(name: $0.name, value: $0.value) } }

    private static let certificateKinds = ["dns:", "uri:", "email:", "ip:", "subject:", "sha256:"]

    private static let certificate = ValueKind<String>.text(
        "a name such as `dns:client.example.com`", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            guard let kind = Self.certificateKinds.first(where: { text.hasPrefix($0) }),
                text.count > kind.count
            else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) names no certificate",
                    hint: "begin with `dns:`, `uri:`, `email:`, `ip:`, `subject:` or `sha256:`")
            }
            guard kind == "sha256:" else { return text }
            let digits = text.dropFirst(kind.count).replacing(":", with: "").lowercased()
            guard digits.count == 64, digits.allSatisfy(\.isHexDigit) else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) is no fingerprint",
                    hint: "64 hexadecimal digits, as `openssl x509 -fingerprint -sha256` prints")
            }
            return kind + digits
        })
}

extension ValueKind<String> {
    /// A name as listeners and upstreams have it.
    static func name(_ expected: String) -> ValueKind {
        .text(
            expected, encode: { .string($0) },
            parse: { text throws(TextProblem) in
                try NameText.check(text)
                return text
            })
    }

    /// An OAuth scope (RFC 6749 §3.3).
    static let scope = ValueKind<String>.text(
        "a scope such as `orders:read`", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            let isToken = text.utf8.allSatisfy {
                0x21...0x7e ~= $0 && $0 != 0x22 && $0 != 0x5c
            }
            guard isToken, 1...128 ~= text.utf8.count else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) is not a scope",
                    hint: "no spaces, quotes and backslashes; several are a list")
            }
            return text
        })
}

extension ValueKind<Int64> {
    /// A moment, or the beginning of a day.
    static let beginning = ValueKind<Int64>.text(
        "a time such as `2027-01-31T12:00:00Z`", pattern: #"^\d{4}-\d\d-\d\d"#,
        parse: MomentText.start)

    /// A moment, or the end of a day.
    static let ending = ValueKind<Int64>.text(
        "a time such as `2027-01-31T12:00:00Z`", pattern: #"^\d{4}-\d\d-\d\d"#,
        parse: MomentText.end)
}

extension APIKeyConfig {
    private static let record = Record(
        "an API key", "An API key, of which only the hash is kept.",
        fields: [
            Field(
                "name", \.name, .name("a name"),
                """
                What logs call it; `martlet keys` prints the part of a key that may be shown.
                """),
            Field(
                "hash", \.hash, hash,
                """
                `hmac-sha256:` and 64 hexadecimal digits, by `authentication.key-secret`.
                """, isRequired: true),
            Field("scopes", \.scopes, .oneOrMany(.scope), "What it may be used for."),
            Field(
                "not-before", \.notBefore, ValueKind<Int64>.beginning.optional,
                "From when it is taken; a day begins at midnight UTC."),
            Field(
                "expires", \.expires, ValueKind<Int64>.ending.optional,
                "From when it is not taken any more; a day counts to its end, by UTC."),
        ],
        initial: { APIKeyConfig() },
        check: { node, key, decoder in
            guard let now = decoder.now, let end = key.expires, end <= now,
                let expires = node["expires"]
            else { return }
            decoder.add(
                .warning, at: expires, "this key has expired: nobody can use it any more",
                hint: "remove it, or give a later date")
        })

    private static let hash = ValueKind<String>.text(
        "a hash as `martlet keys` prints it", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            let prefix = "hmac-sha256:"
            let digits = text.utf8.dropFirst(prefix.utf8.count)
            let areHexadecimal = digits.allSatisfy {
                0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 | 0x20
            }
            guard text.hasPrefix(prefix), digits.count == 64, areHexadecimal else {
                throw TextProblem(
                    "this is no hash of an API key",
                    hint: "`martlet keys create` prints one: `hmac-sha256:` and 64 digits",
                    neutral: "is no hash of an API key")
            }
            return text
        })

    static let kind: ValueKind<APIKeyConfig> = {
        let short = Self.hash.map { hash in
            var key = APIKeyConfig()
            key.hash = hash
            return key
        }
        let either = ValueKind<APIKeyConfig>.either(
            short, when: { $0.scalar != nil }, otherwise: APIKeyConfig.record.kind)
        return ValueKind(either.shape) { node, decoder in
            var key = either.decode(node, &decoder)
            key?.source = node.location
            return key
        }
    }()
}

extension PasswordConfig {
    static let record = Record(
        "a password", "A user name with the hash of its password.",
        fields: [
            Field(
                "user", \.user,
                .text(
                    "a user name",
                    parse: { text throws(TextProblem) in
                        guard !text.isEmpty, !text.contains(":") else {
                            throw TextProblem(
                                "\(ConfigNode.quote(text)) is no user name",
                                hint: "it has no colon (RFC 7617)")
                        }
                        return text
                    }), "The user name.", isRequired: true),
            Field(
                "hash", \.hash, hash,
                """
                bcrypt (`$2b$…`), yescrypt (`$y$…`) or Argon2id (`$argon2id$…`).
                """, isRequired: true),
            Field("scopes", \.scopes, .oneOrMany(.scope), "What it may be used for."),
        ],
        initial: { PasswordConfig() },
        check: { node, password, _ in password.source = node.location })

    /// Whether it is one that can be checked is found out when it is compiled.
    private static let hash = ValueKind<String>.text(
        "a password's hash", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            let kinds = ["$2a$", "$2b$", "$2y$", "$y$", "$argon2id$"]
            guard kinds.contains(where: text.hasPrefix) else {
                // Not quoted: it may be the password itself.
                throw TextProblem(
                    "this is no password's hash",
                    hint: "bcrypt, yescrypt or Argon2id; `htpasswd -nbB` and `argon2` make them",
                    neutral: "is no password's hash")
            }
            return text
        })
}

extension SigningKeyConfig {
    static let record = Record(
        "a signing key", "A key that requests are signed with.",
        fields: [
            Field(
                "id", \.identifier, .string("a text"),
                "What `keyid` of a signature says, or `key` of `hmac`.",
                isRequired: true),
            Field(
                "algorithm", \.algorithm, .choice(algorithms.map { ($0, $0) }),
                """
                The one algorithm that it is for; `hmac-sha384` and `hmac-sha512` for the method \
                `hmac` alone.
                """),
            Field(
                "secret", "What it shares with Martlet, for HMAC.",
                shape: secret.shape,
                apply: { node, key, decoder in
                    key.material = secret.decode(node, &decoder).map { .secret($0) }
                }),
            Field(
                "jwk-file", "A file with its public key as a JSON Web Key.",
                shape: ValueKind<FileTextConfig>.file.shape,
                apply: { node, key, decoder in
                    let file = ValueKind<FileTextConfig>.file.decode(node, &decoder)
                    key.material = file.map { .publicKey($0) }
                }),
            Field("scopes", \.scopes, .oneOrMany(.scope), "What it may be used for."),
        ],
        initial: { SigningKeyConfig() },
        check: { node, key, decoder in
            key.source = node.location
            let given = ["secret", "jwk-file"].filter { node[$0] != nil }
            guard given.count != 1 else { return }
            decoder.add(
                at: node, "a signing key has a `secret` or a `jwk-file`",
                hint: given.isEmpty ? "add one of them" : "keep one of them")
        })

    private static let algorithms = [
        "hmac-sha256", "hmac-sha384", "hmac-sha512", "ed25519", "ecdsa-p256-sha256",
        "ecdsa-p384-sha384", "rsa-pss-sha512", "rsa-v1_5-sha256",
    ]

    private static let secret = ValueKind<SecretTextConfig>.secret("a secret", bytesMin: 32)
}

extension TokenSubjectConfig {
    static let record = Record(
        "a subject", "What a token of an issuer says of its subject.",
        fields: [
            Field(
                "issuer", \.issuer, issuerReference, "One of `authentication.issuers`.",
                isRequired: true),
            Field(
                "subject", \.subject, .string("a text"),
                """
                The text of the issuer's `subject-claim`.
                """, isRequired: true),
        ],
        initial: { TokenSubjectConfig() },
        check: { node, subject, _ in subject.source = node.location })

    static let issuerReference = ValueKind<String>.string("the name of an issuer").checked {
        _, node, decoder in decoder.refer(to: .issuer, node)
    }
}
