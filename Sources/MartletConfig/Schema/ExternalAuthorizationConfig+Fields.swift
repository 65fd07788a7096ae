extension ExternalAuthorizationConfig {
    static let record = Record(
        "`external-authorization`", "Asks another server whether a request may pass.",
        fields: [
            Field(
                "url", \.url, TokenIssuerConfig.urlKind,
                """
                What is fetched by GET for each request; 2xx lets it pass.
                """, isRequired: true),
            Field(
                "timeout", \.timeout, .duration(50...60_000),
                """
                How long the server may take.
                """),
            Field(
                "headers", \.headers, .oneOrMany(APIKeyMethodConfig.headerName),
                """
                Fields of the request that the server sees, beside method, address and client.
                """),
            Field(
                "response-headers", \.responseHeaders,
                .oneOrMany(APIKeyMethodConfig.headerName),
                """
                Fields of the server's answer that the upstream sees; clients cannot send them.
                """),
            Field(
                "cache", \.cache, .duration(0...ValueKind<Duration>.day),
                """
                How long a yes is believed for the same method, address and fields; `0s` asks each \
                time.
                """),
            Field(
                "on-failure", \.onFailure, .choice,
                """
                What happens when the server does not answer: `deny` answers 503.
                """),
        ],
        initial: { ExternalAuthorizationConfig() },
        check: { node, config, decoder in
            config.source = node.location
            guard config.onFailure == .allow, let field = node["on-failure"] else { return }
            decoder.add(
                .warning, at: field, "while the server is down, everybody is let through",
                hint: "write `deny`, or leave it out")
        })
}
