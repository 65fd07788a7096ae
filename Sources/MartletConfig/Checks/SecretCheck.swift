/// Finds what looks like a secret in the text of a configuration (row P2).
///
/// What came from the environment or a file is none: it stands elsewhere. Values are never shown.
enum SecretCheck {
    /// How issuers mark their tokens, so that they are found when they leak.
    private static let prefixes: [(text: String, what: String)] = [
        ("sk_live_", "a secret key of Stripe"), ("rk_live_", "a restricted key of Stripe"),
        ("AKIA", "an access key of AWS"), ("ghp_", "a token of GitHub"),
        ("gho_", "a token of GitHub"), ("ghs_", "a token of GitHub"),
        ("github_pat_", "a token of GitHub"), ("glpat-", "a token of GitLab"),
        ("xoxb-", "a token of Slack"), ("xoxp-", "a token of Slack"),
        ("xapp-", "a token of Slack"), ("AIza", "an API key of Google"),
        ("SG.", "an API key of SendGrid"), ("eyJhbGciOi", "a JSON Web Token"),
        ("-----BEGIN", "a private key"),
    ]
    /// Shorter ones are words.
    private static let tokenCountMin = 16

    /// Headers whose value is a credential.
    private static let credentialHeaders: Set<String> = [
        "authorization", "proxy-authorization", "x-api-key", "api-key", "apikey", "x-auth-token",
        "x-access-token", "x-secret-token",
    ]

    /// Looks at every scalar below a node.
    static func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        switch node.value {
        case .scalar(let scalar): self.check(scalar, node, &decoder)
        case .sequence(let children):
            for child in children { self.check(child, &decoder) }
        case .mapping(let entries):
            for entry in entries { self.check(entry.node, &decoder) }
        }
    }

    private static func check(
        _ scalar: ConfigNode.Scalar, _ node: ConfigNode, _ decoder: inout ConfigDecoder
    ) {
        guard !scalar.isSecret, !scalar.isSubstituted else { return }
        for part in scalar.text.split(whereSeparator: \.isWhitespace) {
            guard let found = self.prefixes.first(where: { part.hasPrefix($0.text) }),
                part.utf8.count >= self.tokenCountMin || found.text == "-----BEGIN"
            else { continue }
            return decoder.add(
                .warning, at: node, "this looks like \(found.what), for all to read in the file",
                hint: "write `${NAME}` or `file:NAME`, and have the issuer replace this one")
        }
    }

    /// Looks at headers that a route sets.
    static func checkHeaders(_ edits: ConfigNode?, _ decoder: inout ConfigDecoder) {
        for key in ["set", "add"] {
            guard case .mapping(let entries)? = edits?[key]?.value else { continue }
            for entry in entries where self.credentialHeaders.contains(entry.key.lowercased()) {
                guard let scalar = entry.node.scalar, !scalar.isSecret, !scalar.isSubstituted,
                    !scalar.text.hasPrefix("file:"), !scalar.text.isEmpty,
                    // A capture is the client's own.
                    !scalar.text.contains("{")
                else { continue }
                decoder.add(
                    .warning, at: entry.node,
                    "the credential for \(ConfigNode.quote(entry.key)) stands in the file",
                    hint: "write `${NAME}`, or `file:/run/secrets/NAME`")
            }
        }
    }

    /// Parameters whose value is a credential.
    private static let credentialParameters: Set<String> = [
        "api_key", "api-key", "apikey", "key", "token", "access_token", "auth_token", "auth",
        "secret", "client_secret", "password", "signature",
    ]

    /// Whether a route sends a credential of its own to its upstream.
    static func sendsCredentials(_ route: RouteConfig) -> Bool {
        let headers = route.requestHeaders
        let names = (headers.set + headers.add).map(\.name) + headers.rename.map(\.value)
        return names.contains { self.credentialHeaders.contains($0.lowercased()) }
            || (route.query.set + route.query.add).contains {
                self.credentialParameters.contains($0.name.lowercased())
            } || route.cookies.set.contains { self.isCredentialCookie($0.name.lowercased()) }
    }

    /// `session`, `JSESSIONID`, `connect.sid`, `access-token`; what guards forms is no credential.
    private static func isCredentialCookie(_ name: String) -> Bool {
        guard !name.contains("csrf"), !name.contains("xsrf") else { return false }
        return name.hasSuffix("sid")
            || ["sess", "token", "auth", "jwt"].contains { name.contains($0) }
    }
}
