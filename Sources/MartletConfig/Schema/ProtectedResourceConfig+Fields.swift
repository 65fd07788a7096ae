extension ProtectedResourceConfig {
    static let record = Record(
        "`protected-resource`",
        "What clients are told of the API: who gives tokens for it (RFC 9728). Served at "
            + "`/.well-known/oauth-protected-resource`, and named in challenges.",
        fields: [
            Field(
                "resource", \.resource, TokenIssuerConfig.urlKind,
                """
                What clients call: scheme, host and the path that all of it begins with.
                """, isRequired: true),
            Field(
                "authorization-servers", \.authorizationServers,
                .oneOrMany(TokenIssuerConfig.urlKind),
                """
                Who gives tokens; the `issuer` of each of `authentication.issuers` if it is left \
                out.
                """),
            Field(
                "scopes", \.scopes, .oneOrMany(.string("a scope")),
                """
                Scopes that may be asked for; those of the routes' `access` if it is left out.
                """),
            Field(
                "name", \.name, ValueKind<String>.string("a text").optional,
                """
                What people call it.
                """),
            Field(
                "documentation", \.documentation, TokenIssuerConfig.urlKind.optional,
                """
                Where developers read about it.
                """),
        ],
        initial: { ProtectedResourceConfig() },
        check: { node, resource, _ in resource.source = node.location })
}
