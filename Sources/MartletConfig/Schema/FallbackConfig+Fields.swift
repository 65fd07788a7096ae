extension FallbackConfig {
    static let record = Record(
        "`fallback`", "What a client gets when the route's upstream does not answer.",
        fields: [
            Field(
                "upstream", \.upstream,
                ValueKind<String>.string("the name of an upstream").checked { _, node, decoder in
                    decoder.refer(to: .upstream, node)
                }.optional,
                """
                Asked in its place, once all tries have failed or none can be made.
                """),
            Field(
                "respond", \.respond, StaticReplyConfig.kind.optional,
                """
                Answered when no other upstream is given, or it does not answer either: a status, \
                or a mapping.
                """),
            Field(
                "statuses", \.statuses, .oneOrMany(.integer(400...599), isEmptyAllowed: true),
                """
                Answers of the upstream that count as none, such as `[502, 503, 504]`.
                """),
            Field(
                "unsafe", \.includesUnsafe, .boolean,
                """
                Also methods that are not idempotent, such as `POST`, where the upstream may have \
                looked at the request: they may take effect twice.
                """),
        ],
        initial: { FallbackConfig() },
        check: { node, fallback, decoder in
            fallback.source = node.location
            if fallback.upstream == nil, fallback.respond == nil {
                decoder.add(
                    at: node, "this fallback does nothing", hint: "give `upstream` or `respond`")
            }
            guard let unsafe = node["unsafe"], fallback.includesUnsafe else { return }
            guard fallback.upstream != nil else {
                decoder.add(
                    at: unsafe, "`unsafe` says what another upstream gets, and there is none",
                    hint: "leave it out, or give `upstream`")
                return
            }
            decoder.add(
                .warning, at: unsafe,
                "requests that are not idempotent may take effect more than once",
                hint: "keep it only if both upstreams know repeated requests")
        })
}
