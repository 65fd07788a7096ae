extension AbuseDetectionConfig {
    static let record = Record(
        "`abuse-detection`", "Keeps clients out for a while that behave badly again and again.",
        fields: [
            Field(
                "action", \.action, .choice,
                """
                `block` answers 429; `report` only says it in log and metrics.
                """),
            Field(
                "threshold", \.threshold, .integer(2...1_000_000),
                """
                The points at which a client is kept out.
                """),
            Field(
                "decay", \.decay, .duration(1000...ValueKind<Duration>.day),
                """
                The time in which as many points are forgotten, one after the other.
                """),
            Field(
                "block-for", \.blockFor, .duration(1000...(30 * ValueKind<Duration>.day)),
                """
                How long a client is kept out.
                """),
            Field(
                "by", \.keys, .oneOrMany(.choice),
                """
                What points are counted for: the client's real address, and who has shown \
                credentials that were taken.
                """),
            Field(
                "exempt", \.exempt, exemptKind,
                """
                Networks such as `10.0.0.0/8`, or `file:NAME` with one in each line, whose clients \
                are never counted nor kept out.
                """),
            Field(
                "max-tracked", \.maxTracked, .integer(1000...10_000_000),
                """
                How many clients are told apart.
                """),
            Field(
                "scores", \.scores, AbuseScoresConfig.record,
                """
                The points of each sign; 0 turns it off.
                """),
        ],
        initial: { AbuseDetectionConfig() },
        check: { node, detection, decoder in
            detection.source = node.location
            detection.warn(node, &decoder)
        })

    private static let exemptKind = IPFilterConfig.blocksKind.checked { blocks, node, decoder in
        guard NetworkRange.isNearlyEverything(blocks) else { return }
        decoder.add(
            .warning, at: node, "these networks together exempt nearly every client",
            hint: "name only those that are your own")
    }

    private func warn(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        for (key, points) in self.scores.byKey where points >= self.threshold {
            decoder.add(
                .warning, at: node["scores"]?[key] ?? node["threshold"] ?? node,
                "`\(key)` alone has the points at which a client is kept out",
                hint: "give it fewer points; for what only attackers ask for, give a route "
                    + "`abuse-score`")
        }
    }
}

extension AbuseScoresConfig {
    static let record = Record(
        "`scores`", "The points of each sign; 0 turns it off.",
        fields: [
            score(
                "not-found", \.notFound,
                """
                No route fits, answered 404; each path once.
                """),
            score(
                "method-not-allowed", \.methodNotAllowed,
                """
                The method is not served, answered 405 or 501; each path once.
                """),
            score(
                "malformed", \.malformed,
                """
                A request that cannot be read, or whose path is refused, answered 400.
                """),
            score(
                "invalid", \.invalid,
                """
                A request that `validate` refuses.
                """),
            score(
                "wrong-credentials", \.wrongCredentials,
                """
                Credentials that are wrong, answered 401; not those that are missing or have \
                expired.
                """),
            score(
                "forbidden", \.forbidden,
                """
                `access`, `ip-filter` or another server denies it, answered 403; each path once.
                """),
            score(
                "rate-limited", \.rateLimited,
                """
                A rate limit refuses it, answered 429.
                """),
            score(
                "injection", \.injection,
                """
                `inspect` has found an attack and blocked it.
                """),
            score(
                "bot", \.bot,
                """
                `bots` has blocked a program.
                """),
            score(
                "reported", \.reported,
                """
                `inspect` or `bots` with `action: report` has found something.
                """),
            score(
                "slow", \.slow,
                """
                A request that does not arrive in time, answered 408.
                """),
            score(
                "upstream-unauthorized", \.upstreamUnauthorized,
                """
                An upstream answers 401.
                """),
            score(
                "upstream-not-found", \.upstreamNotFound,
                """
                An upstream answers 404; each path once.
                """),
        ],
        initial: { AbuseScoresConfig() })

    private static func score(
        _ key: String, _ path: any WritableKeyPath<AbuseScoresConfig, Int> & Sendable,
        _ documentation: String
    ) -> Field<AbuseScoresConfig> {
        Field(key, path, .integer(0...AbuseScoresConfig.scoreMax), documentation)
    }

    /// Of a sign or a route.
    static let scoreMax = 10_000

    var byKey: [(key: String, points: Int)] {
        [
            ("not-found", self.notFound),
            ("method-not-allowed", self.methodNotAllowed),
            ("malformed", self.malformed),
            ("invalid", self.invalid),
            ("wrong-credentials", self.wrongCredentials),
            ("forbidden", self.forbidden),
            ("rate-limited", self.rateLimited),
            ("injection", self.injection),
            ("bot", self.bot),
            ("reported", self.reported),
            ("slow", self.slow),
            ("upstream-unauthorized", self.upstreamUnauthorized),
            ("upstream-not-found", self.upstreamNotFound),
        ]
    }
}
