extension ReleaseConfig {
    static let record = Record(
        "`release`", "How a route's traffic is shared out among releases of an upstream.",
        fields: [
            Field(
                "name", \.name,
                .text(
                    "a name",
                    parse: { text throws(TextProblem) in
                        try NameText.check(text)
                        return text
                    }),
                "For `/v1/releases`, logs and metrics; the route's name if it is left out."),
            Field(
                "canary", \.canary, upstreamReference.optional,
                "The upstream that is tried out; the route's own is the baseline."),
            Field(
                "share", \.share, ShareText.kind.optional,
                "Percent of the users who get the canary, such as `5` or `0.5`, for good."),
            Field(
                "steps", \.steps, .oneOrMany(ShareText.kind),
                """
                Percentages that the canary is led through by the gate, rising; after the last it \
                gets everything, and at the first sign of trouble nothing.
                """),
            Field(
                "hold", \.hold, .duration(1...ValueKind<Duration>.year),
                "How long it stays at each step at least."),
            Field(
                "split", \.split, .oneOrMany(ReleaseVariantConfig.record.kind),
                "Fixed shares of several upstreams; what is left over is the route's own."),
            Field(
                "cohort", \.cohort, .oneOrMany(HashSourceConfig.kind),
                """
                What keeps a user on the same side, the first that a request has: `consumer`, \
                `header:NAME`, `cookie:NAME`, `query:NAME` or `client-address`. A request that \
                has none of them goes by chance.
                """),
            Field(
                "always", \.always, .oneOrMany(RequestConditionConfig.kind),
                """
                Requests that get the canary whatever its share, such as testers': one of these \
                conditions holds.
                """),
            Field(
                "among", \.among, .oneOrMany(RequestConditionConfig.kind),
                """
                Requests that take part at all: one of these conditions holds. The others get the \
                route's own upstream.
                """),
            Field("gate", \.gate, ReleaseGateConfig.record, "When the canary is taken back."),
        ],
        initial: { ReleaseConfig() },
        check: { node, release, decoder in
            release.source = node.location
            release.check(node, &decoder)
        })

    static let upstreamReference = ValueKind<String>.string("the name of an upstream").checked {
        _, node, decoder in
        decoder.refer(to: .upstream, node)
    }

    private func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        if node["canary"] == nil, node["split"] == nil {
            decoder.add(
                at: node, "this release has neither `canary` nor `split`",
                hint: "name the upstream that is tried out: `canary: …`")
        }
        if let split = node["split"], node["canary"] != nil {
            decoder.add(
                at: split, "`split` and `canary` both share out the traffic",
                hint: "keep exactly one")
        }
        if let always = node["always"], node["split"] != nil {
            decoder.add(
                at: always, "`always` chooses the canary, and a `split` has none",
                hint: "give such requests a route of their own")
        }
        let isByConditionsAlone =
            node["always"] != nil && node["share"] == nil && node["steps"] == nil
        if node["canary"] != nil, !isByConditionsAlone,
            (node["share"] == nil) == (node["steps"] == nil)
        {
            decoder.add(
                at: node, "a canary has either a `share` for good or `steps`",
                hint: "write `share: 5`, `steps: [1, 5, 25, 50]`, or only `always`")
        }
        if let steps = node["steps"], self.steps != self.steps.sorted() {
            decoder.add(at: steps, "`steps` do not rise", hint: "begin with the smallest")
        }
        if let split = node["split"], self.split.reduce(0, { $0 + $1.share }) > 10_000 {
            decoder.add(at: split, "the shares are more than 100 % together")
        }
        if let cohort = node["cohort"] {
            for source in self.cohort {
                guard case .capture = source else { continue }
                decoder.add(
                    at: cohort, "a cohort is not chosen by a capture",
                    hint: "use a header, a cookie, a query parameter or `client-address`")
            }
        }
    }
}

extension ReleaseVariantConfig {
    static let record = Record(
        "a variant", "One upstream and its share.",
        fields: [
            Field(
                "upstream", \.upstream, ReleaseConfig.upstreamReference, "Who answers.",
                isRequired: true),
            Field("share", \.share, ShareText.kind, "Percent of the users.", isRequired: true),
        ],
        initial: { ReleaseVariantConfig() })
}

extension ReleaseGateConfig {
    static let record = Record(
        "`gate`", "When a canary is taken back by itself, and when it goes on.",
        fields: [
            Field(
                "window", \.window, .duration(200...3_600_000),
                "How often the canary is compared with the baseline."),
            Field(
                "min-requests", \.requestCountMin, .integer(1...10_000_000),
                """
                Requests of the canary below which nothing is decided: in all for taking it \
                back, in a step for going on.
                """),
            Field(
                "error-tolerance", \.errorTolerancePercent, .integer(0...10_000),
                "Percent by which its errors may be more frequent than the baseline's."),
            Field(
                "error-difference", \.errorDifferenceMin, ShareText.kind,
                "Percent of its requests by which they must be more frequent to matter."),
            Field(
                "latency-tolerance", \.latencyTolerancePercent, .integer(0...10_000),
                "Percent by which it may be slower than the baseline's median and 95th percentile."
            ),
            Field("latency", \.comparesLatency, .boolean, "Whether latency is compared."),
        ],
        initial: { ReleaseGateConfig() })
}

/// Percentages with up to two decimals.
enum ShareText {
    static let kind = ValueKind<Int>.text(
        "a percentage such as `5` or `0.5`", pattern: #"^\d{1,3}(\.\d{1,2})?$"#,
        encode: { .string(Self.format($0)) }, parse: Self.points)

    /// - Returns: hundredths of a percent.
    static func points(_ text: String) throws(TextProblem) -> Int {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first.flatMap({ Int($0) }), 0...100 ~= whole,
            parts.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } && !$0.isEmpty }),
            parts.count == 1 || parts[1].utf8.count <= 2
        else { throw Self.problem(text) }
        var points = whole * 100
        if parts.count == 2, let rest = Int(parts[1]) {
            points += parts[1].utf8.count == 1 ? rest * 10 : rest
        }
        guard points <= 10_000 else { throw Self.problem(text) }
        return points
    }

    static func format(_ points: Int) -> String {
        guard points % 100 != 0 else { return "\(points / 100)" }
        let rest = points % 100
        return rest % 10 == 0
            ? "\(points / 100).\(rest / 10)" : "\(points / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func problem(_ text: String) -> TextProblem {
        TextProblem(
            "\(ConfigNode.quote(text)) is no percentage",
            hint: "write a number from 0 to 100 with two decimals at most, such as `0.5`",
            neutral: "it is no percentage")
    }
}
