extension AccessRuleConfig {
    static let record = Record(
        "an access rule", "Who of those that are known may do what.",
        fields: [
            Field(
                "methods", \.methods,
                .oneOrMany(.text("a method such as `GET`", parse: NameText.method)),
                """
                The rule is for these methods; for all if it is left out.
                """),
            Field(
                "consumers", \.consumers, .oneOrMany(ConsumerConfig.reference),
                """
                One of these, or of `groups`.
                """),
            Field(
                "groups", \.groups, .oneOrMany(.name("a group's name")),
                """
                Members of one of these.
                """),
            Field(
                "deny-consumers", \.deniedConsumers, .oneOrMany(ConsumerConfig.reference),
                """
                None of these, whatever else holds.
                """),
            Field(
                "deny-groups", \.deniedGroups, .oneOrMany(.name("a group's name")),
                """
                No member of these.
                """),
            Field(
                "scopes", \.scopes, .oneOrMany(.scope),
                """
                The credentials have all of these scopes.
                """),
        ],
        initial: { AccessRuleConfig() },
        check: { node, rule, decoder in
            rule.source = node.location
            let keys = ["consumers", "groups", "deny-consumers", "deny-groups", "scopes"]
            guard keys.allSatisfy({ node[$0] == nil }) else { return }
            decoder.add(
                at: node, "this rule asks for nothing: everybody that is known may do it",
                hint: "give `consumers`, `groups`, `scopes`, `deny-consumers` or `deny-groups`, "
                    + "or leave the rule out")
        })
}

extension BranchConfig {
    static let record = Record(
        "a branch", "Another upstream for some of those that are known.",
        fields: [
            Field(
                "consumers", \.consumers, .oneOrMany(ConsumerConfig.reference),
                """
                One of these, or of `groups`.
                """),
            Field(
                "groups", \.groups, .oneOrMany(.name("a group's name")),
                """
                Members of one of these.
                """),
            Field(
                "claims", \.claims, ClaimRuleConfig.kind,
                """
                All of these claims of the token are so.
                """),
            Field(
                "upstream", \.upstream,
                ValueKind<String>.string("the name of an upstream").checked { _, node, decoder in
                    decoder.refer(to: .upstream, node)
                },
                """
                Who answers then.
                """, isRequired: true),
        ],
        initial: { BranchConfig() },
        check: { node, branch, decoder in
            branch.source = node.location
            guard branch.consumers.isEmpty, branch.groups.isEmpty, branch.claims.isEmpty else {
                return
            }
            decoder.add(
                at: node, "this branch would be taken by everybody",
                hint: "give `consumers`, `groups` or `claims`")
        })
}
