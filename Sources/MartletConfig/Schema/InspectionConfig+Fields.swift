extension InspectionConfig {
    private static let record = Record(
        "`inspect`", "Looks for attacks in path, query, headers, cookies and body.",
        fields: [
            Field(
                "action", \.action, .choice,
                """
                `block` answers 403; `report` only says it in log and metrics.
                """),
            Field(
                "threshold", \.threshold, .integer(1...1000),
                """
                The score from which a request counts as an attack; a single sure sign scores 5.
                """),
            Field(
                "strict", \.isStrict, .boolean,
                """
                Also looks for what some ordinary requests have: for routes whose values are \
                numbers, dates and names.
                """),
            Field(
                "body", \.body, .boolean,
                """
                Whether the body is looked at, which is held until all of it is there.
                """),
            Field(
                "max-values", \.maxValues, .integer(1...1_000_000),
                """
                Values that are looked at, names included; a request with more counts as an attack.
                """),
            Field(
                "exceptions", \.exceptions, .list(InspectionExceptionConfig.record.kind),
                """
                Rules that do not count for a parameter, each with a reason and an end.
                """),
        ],
        initial: { InspectionConfig() })

    /// Short form: what is done.
    static let kind = ValueKind<InspectionConfig>.either(
        ValueKind<FindingActionConfig>.choice.map { action in
            var inspection = InspectionConfig()
            inspection.action = action
            return inspection
        },
        when: { $0.scalar != nil }, otherwise: record.kind)
}

extension InspectionExceptionConfig {
    static let record = Record(
        "an exception", "Rules that do not count for a parameter.",
        fields: [
            Field(
                "parameter", \.parameter,
                .text(
                    "a parameter's name",
                    parse: { text throws(TextProblem) in
                        guard !text.isEmpty, text.filter({ $0 == "*" }).count <= 1 else {
                            throw TextProblem(
                                "\(ConfigNode.quote(text)) is no name of a parameter",
                                hint: "`*` stands once, for any bytes")
                        }
                        return text
                    }),
                """
                Name of the parameter, one `*` for any bytes.
                """, isRequired: true),
            Field(
                "part", \.part, ValueKind<String>.choice(parts.map { ($0, $0) }).optional,
                """
                Where in the request, such as `json` or `query`; everywhere if it is left out.
                """),
            Field(
                "rules", \.rules, .oneOrMany(.string("the id of a rule")),
                """
                Ids of rules, such as `sql-statement`.
                """, isRequired: true),
        ] + Field<InspectionExceptionConfig>.exceptionFields,
        initial: { InspectionExceptionConfig() },
        check: { node, exception, decoder in
            exception.source = node.location
            exception.exception.check(node, &decoder)
            if exception.parameter == "*", exception.part == nil {
                decoder.add(
                    .warning, at: node, "this exception turns its rules off in the whole request",
                    hint: "name the parameter, or the part")
            }
        })
}

extension BotFilterConfig {
    private static let record = Record(
        "`bots`", "Judges a request by its user agent and by the headers that are missing.",
        fields: [
            Field(
                "action", \.action, .choice,
                """
                `block` answers 403; `report` only says it in log and metrics.
                """),
            Field(
                "threshold", \.threshold, .integer(1...100),
                """
                The score from which a request is a bot's.
                """),
            Field(
                "allow", \.allow, .oneOrMany(agentKind),
                """
                Parts of user agents that are let through, whatever else speaks against them.
                """),
            Field(
                "deny", \.deny, .oneOrMany(agentKind),
                """
                Parts of user agents that are not wanted.
                """),
            Field(
                "signs", \.signs,
                ValueKind<[String]>.oneOrMany(
                    ValueKind<String>.choice(signNames.map { ($0, $0) })
                ).optional,
                """
                The signs that count; all but `library` if it is left out.
                """),
        ],
        initial: { BotFilterConfig() })

    private static let agentKind = ValueKind<String>.text(
        "a part of a user agent",
        parse: { text throws(TextProblem) in
            guard 2...256 ~= text.utf8.count else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) says too little, or too much",
                    hint: "2 to 256 bytes")
            }
            return text
        })

    /// Short form: what is done.
    static let kind = ValueKind<BotFilterConfig>.either(
        ValueKind<FindingActionConfig>.choice.map { action in
            var filter = BotFilterConfig()
            filter.action = action
            return filter
        },
        when: { $0.scalar != nil }, otherwise: record.kind)
}
