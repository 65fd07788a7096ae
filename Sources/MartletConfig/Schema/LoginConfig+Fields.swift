extension LoginConfig {
    static let record = Record(
        "a login", "How people log in with a browser (OpenID Connect), and for how long.",
        fields: [
            Field(
                "issuer", \.issuer, TokenSubjectConfig.issuerReference,
                """
                One of `authentication.issuers`: it gives the ID token, with the client's id in \
                `aud`.
                """, isRequired: true),
            Field(
                "client-id", \.clientID, .string("a text"), "What Martlet is called there.",
                isRequired: true),
            Field(
                "client-secret", \.clientSecret, .secret("a secret"),
                """
                Shown to the token endpoint by Basic.
                """, isRequired: true),
            Field(
                "authorization-endpoint", \.authorizationEndpoint,
                TokenIssuerConfig.urlKind.optional,
                """
                Where browsers are sent; as the issuer's discovery document says if it is left out.
                """),
            Field(
                "token-endpoint", \.tokenEndpoint, TokenIssuerConfig.urlKind.optional,
                """
                Where a code is exchanged for tokens; as the discovery document says if it is left \
                out.
                """),
            Field(
                "end-session-endpoint", \.endSessionEndpoint, TokenIssuerConfig.urlKind.optional,
                """
                Where browsers are sent at a logout; as the discovery document says if it is left \
                out.
                """),
            Field(
                "scopes", \.scopes, .oneOrMany(scope),
                """
                What is asked for; `openid` is always among it.
                """),
            Field(
                "path", \.path, pathKind,
                """
                Under which `/login`, `/callback` and `/logout` are answered; it has to lie in a \
                route with this login.
                """),
            Field(
                "origin", \.origin, originKind.optional,
                """
                Scheme and host that browsers see, where they are not those of the request.
                """),
            Field(
                "after-logout", \.afterLogout, pathKind,
                """
                The path that a browser is sent to after a logout.
                """),
            Field(
                "timeout", \.timeout, .duration(100...60_000),
                """
                Of a call to the issuer.
                """),
            Field(
                "session", \.session, SessionConfig.record.kind,
                """
                The cookie that holds a session.
                """, isRequired: true),
        ],
        initial: { LoginConfig() },
        check: { node, login, decoder in
            login.source = node.location
            if !login.scopes.contains("openid") { login.scopes.insert("openid", at: 0) }
        })

    private static let scope = ValueKind<String>.text(
        "a scope such as `email`", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            // RFC 6749 §3.3
            let isToken = text.utf8.allSatisfy {
                0x21...0x7e ~= $0 && $0 != 0x22 && $0 != 0x5c
            }
            guard isToken, !text.isEmpty else {
                throw TextProblem("\(ConfigNode.quote(text)) is not a scope")
            }
            return text
        })

    private static let pathKind = ValueKind<String>.text(
        "a path such as `/.login`", pattern: "^/", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            let isPlain = text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"),
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                    true
                default: false
                }
            }
            guard isPlain, text.hasPrefix("/"), !text.contains("//"), !text.contains("/../") else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) is not a plain path",
                    hint: "letters, digits, `-._~` and single `/`, which it begins with")
            }
            return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
        })

    private static let originKind = ValueKind<String>.text(
        "an origin such as `https://app.example.com`", pattern: "^https?://[^/]+$",
        encode: { .string($0) },
        parse: URLText.origin)
}

extension SessionConfig {
    static let record = Record(
        "`session`", "The cookie that holds a session, encrypted.",
        fields: [
            Field(
                "secret", \.secret, .secret("a secret of 32 bytes or more", bytesMin: 32),
                """
                What cookies are sealed with; the same for all nodes. Whoever has it can make \
                sessions.
                """, isRequired: true),
            Field(
                "previous-secret", \.previousSecret,
                ValueKind<SecretTextConfig>.secret("a secret of 32 bytes or more", bytesMin: 32)
                    .optional,
                """
                Cookies sealed with it are still taken, while the secret is changed.
                """),
            Field(
                "cookie", \.cookie, cookieName,
                """
                Its name; `__Host-` stands before it unless `secure` is off.
                """),
            Field(
                "lifetime", \.lifetime, .duration(60_000...30 * ValueKind<Duration>.day),
                """
                After which people log in again; nothing ends a session sooner but a logout, or a \
                change of the secret.
                """),
            Field(
                "secure", \.$isSecure, .boolean(unsafe: false),
                """
                Whether browsers keep the cookie to HTTPS.
                """),
        ],
        initial: { SessionConfig() },
        check: { node, session, decoder in
            guard !session.isSecure, session.$isSecure.exception == nil, let field = node["secure"]
            else { return }
            decoder.add(
                .warning, at: field, "over plain HTTP anybody on the way can take the session",
                hint: ExceptionConfig.hint(
                    "leave it out, and use a listener with TLS", or: "false"))
        })

    private static let cookieName = ValueKind<String>.text(
        "a cookie's name", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            try NameText.token(text, what: "a cookie's name")
        })
}

extension SessionMethodConfig {
    static let loginReference = ValueKind<String>.string("the name of a login").checked {
        _, node, decoder in decoder.refer(to: .login, node)
    }

    static let record = Record(
        "`session`", "A session of somebody who has logged in with a browser.",
        fields: [
            Field(
                "login", \.login, loginReference, "One of `authentication.logins`.",
                isRequired: true),
            Field(
                "forward", \.forwards, .boolean,
                """
                Whether the upstream sees the cookie.
                """),
        ],
        initial: { SessionMethodConfig() })
}
