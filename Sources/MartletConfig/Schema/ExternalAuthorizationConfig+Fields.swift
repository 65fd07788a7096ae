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
                "headers", \.headers, .oneOrMany(fieldName),
                """
                Fields of the request that the server sees, beside method, address and client.
                """),
            Field(
                "response-headers", \.responseHeaders,
                .oneOrMany(fieldName),
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
                "on-failure", \.$onFailure, ValueKind<Failure>.choice.excepted { $0 == .allow },
                """
                What happens when the server does not answer: `deny` answers 503.
                """),
        ],
        initial: { ExternalAuthorizationConfig() },
        check: { node, config, decoder in
            config.source = node.location
            guard config.onFailure == .allow, config.$onFailure.exception == nil,
                let field = node["on-failure"]
            else { return }
            decoder.add(
                .warning, at: field, "while the server is down, everybody is let through",
                hint: ExceptionConfig.hint("write `deny`, or leave it out", or: "allow"))
        })

    /// What frames a message or is for one connection is no part of what servers tell each other.
    private static let fieldName = ValueKind<String>.text(
        "a header name", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            let name = try NameText.header(text)
            guard !HeaderEditConfig.reserved.contains(name), !Self.ofOneHop.contains(name) else {
                throw TextProblem(
                    "`\(name)` belongs to one message and its connection, not to another's",
                    hint: "leave it out")
            }
            return name
        })

    private static let ofOneHop: Set<String> = [
        "host", "proxy-authenticate", "proxy-authorization",
    ]
}
