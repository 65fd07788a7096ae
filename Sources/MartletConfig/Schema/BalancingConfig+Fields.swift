extension BalancingConfig {
    private static let record = Record(
        "`balancing`", "How an endpoint is chosen.",
        fields: [
            Field(
                "algorithm", \.algorithm, .choice,
                """
                `round-robin` in turn, `random` by chance, `least-request` the less busy of two, \
                `least-request-of-all` the least busy, `peak-ewma` the one with the shorter \
                expected wait of two, `consistent-hash` the one that the request's hash belongs to.
                """),
            Field(
                "hash-on", \.hashOn, .oneOrMany(HashSourceConfig.kind),
                """
                What `consistent-hash` goes by, the first that a request has: `header:NAME`, \
                `cookie:NAME`, `query:NAME`, `capture:NAME` or `client-address`. A request that \
                has none of them goes anywhere.
                """),
            Field(
                "bounded-load", \.boundedLoadPercent, ValueKind<Int>.integer(101...10_000).optional,
                """
                For `consistent-hash`: percent of its fair share of requests in flight that an \
                endpoint may have; what is beyond goes to the next.
                """),
            Field(
                "latency-decay", \.latencyDecay, .duration(100...ValueKind<Duration>.day),
                """
                For `peak-ewma`: after this time an old latency counts for about a third.
                """),
            Field(
                "failure-latency", \.failureLatency, .duration(),
                """
                For `peak-ewma`: what a failed request counts as.
                """),
            Field(
                "sticky", \.sticky, StickySessionConfig.record.kind.optional,
                """
                A cookie that binds a client to the endpoint that answered it first.
                """),
            Field(
                "slow-start", \.slowStart, SlowStartConfig.record.kind.optional,
                """
                A share of the traffic that grows while an endpoint is new or has just come back.
                """),
            Field(
                "overprovisioning", \.overprovisioningPercent, .integer(100...1000),
                """
                Percent: a priority is whole, and the next gets nothing, while its available \
                weight times this is no less than its weight.
                """),
            Field(
                "panic-threshold", \.panicThresholdPercent, .integer(0...100),
                """
                Percent of a priority's weight: with less available than this, and nothing \
                better elsewhere, also endpoints are used that are thought to be unhealthy; 0 \
                never does so.
                """),
        ],
        initial: { BalancingConfig() },
        check: { node, balancing, decoder in balancing.check(node, &decoder) })

    private func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        if self.algorithm == .consistentHash, node["hash-on"] == nil {
            decoder.add(
                at: node, "`consistent-hash` needs `hash-on`",
                hint: "say what goes to the same endpoint, such as `hash-on: client-address`")
        }
        for (key, algorithm) in [
            ("hash-on", Algorithm.consistentHash), ("bounded-load", .consistentHash),
            ("latency-decay", .peakEWMA), ("failure-latency", .peakEWMA),
        ] {
            guard let given = node[key], self.algorithm != algorithm else { continue }
            decoder.add(
                at: given, "`\(key)` is for `\(algorithm.rawValue)` only",
                hint: "write `algorithm: \(algorithm.rawValue)`, or leave `\(key)` out")
        }
        if let sticky = node["sticky"], self.algorithm == .consistentHash {
            decoder.add(
                at: sticky, "`sticky` and `consistent-hash` both bind clients to endpoints",
                hint: "use one of them")
        }
    }

    private static let wordKind = ValueKind<BalancingConfig>(
        ValueKind<Algorithm>.choice.shape, encode: { .string($0.algorithm.rawValue) },
        decode: { node, decoder in
            guard let algorithm = ValueKind<Algorithm>.choice.decode(node, &decoder) else {
                return nil
            }
            var balancing = BalancingConfig()
            balancing.algorithm = algorithm
            guard algorithm != .consistentHash else {
                decoder.add(
                    at: node, "`consistent-hash` needs `hash-on`",
                    hint: "write `{ algorithm: consistent-hash, hash-on: client-address }`")
                return nil
            }
            return balancing
        })

    /// Short form: the algorithm's name.
    static let kind = ValueKind<BalancingConfig>.either(
        wordKind, when: { $0.scalar != nil }, otherwise: record.kind)
}

extension HashSourceConfig {
    private static let expected = "a part of the request such as `header:x-user`"

    static let kind = ValueKind<HashSourceConfig>.text(
        expected, pattern: "^((header|cookie|query|capture):.+|client-address|consumer)$",
        encode: { .string($0.text) }, parse: Self.parse)

    private static func parse(_ text: String) throws(TextProblem) -> HashSourceConfig {
        if text == "client-address" { return .clientAddress }
        if text == "consumer" { return .consumer }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw Self.problem(text) }
        switch parts[0] {
        case "header": return .header(try NameText.header(parts[1]).lowercased())
        case "cookie": return .cookie(try NameText.token(parts[1], what: "a cookie name"))
        case "query": return .query(parts[1])
        case "capture": return .capture(parts[1])
        default: throw Self.problem(text)
        }
    }

    private static func problem(_ text: String) -> TextProblem {
        TextProblem(
            "\(ConfigNode.quote(text)) is no part of a request",
            hint: "write `header:NAME`, `cookie:NAME`, `query:NAME`, `capture:NAME`,"
                + " `client-address` or `consumer`",
            neutral: "it is no part of a request")
    }
}

extension StickySessionConfig {
    static let record = Record(
        "`sticky`", "A cookie that binds a client to the endpoint that answered it first.",
        fields: [
            Field(
                "cookie", \.cookie,
                .text(
                    "a cookie name", encode: { .string($0) },
                    parse: { text throws(TextProblem) in
                        try NameText.token(text, what: "a cookie name")
                    }),
                "The cookie's name."),
            Field(
                "secret", \.secret,
                .text(
                    "a secret of 16 characters or more",
                    parse: { text throws(TextProblem) in
                        guard text.utf8.count >= 16 else {
                            throw TextProblem(
                                "a secret has 16 characters or more",
                                hint: "write `${NAME}` and set the variable to a random text")
                        }
                        return text
                    }),
                """
                What the cookie's value is made with, so that nobody can make one up; the same \
                in every process that serves the client.
                """, isRequired: true),
            Field(
                "max-age", \.maxAge,
                ValueKind<Duration>.duration(1000...ValueKind<Duration>.year).optional,
                """
                How long the browser keeps it; until it is closed if this is left out.
                """),
        ],
        initial: { StickySessionConfig() })
}

extension SlowStartConfig {
    static let record = Record(
        "`slow-start`",
        "A share of the traffic that grows while an endpoint is new or has just come back.",
        fields: [
            Field(
                "window", \.window, .duration(1...ValueKind<Duration>.day),
                "How long until it has all of its weight."),
            Field(
                "minimum", \.minimumPercent, .integer(1...100),
                "Percent of its weight that it begins with."),
        ],
        initial: { SlowStartConfig() })
}

extension LocalityConfig {
    static let record = Record(
        "`locality`", "Where this process is.",
        fields: [
            Field("region", \.region, nameKind, "Its region, as endpoints name theirs."),
            Field("zone", \.zone, nameKind, "Its zone, as endpoints name theirs."),
        ],
        initial: { LocalityConfig() })

    static let nameKind = ValueKind<String>.text(
        "a name", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            try NameText.check(text)
            return text
        }
    ).optional
}
