extension MirrorConfig {
    static let record = Record(
        "`mirror`",
        "Another upstream that gets a copy of some requests, and whose answers are compared.",
        fields: [
            Field(
                "name", \.name, .text("a name", encode: { _ in nil }, parse: NameText.route),
                "In `/v1/mirrors`, logs and metrics; the route's name if it is left out."),
            Field(
                "upstream", \.upstream,
                ValueKind<String>.string("the name of an upstream").checked { _, node, decoder in
                    decoder.refer(to: .upstream, node)
                },
                "Who gets the copies; its answers reach nobody. It has to speak HTTP/1.1.",
                isRequired: true),
            Field("share", \.share, ShareText.kind, "Percent of the requests."),
            Field(
                "unsafe", \.includesUnsafe, .boolean,
                """
                Also methods that are not safe, such as `POST`: they take effect in both upstreams.
                """),
            Field(
                "max-body", \.bodyBytesMax, .size(1...(64 << 20)),
                """
                Of a body, the request's or an answer's; with a larger one a request is not \
                mirrored.
                """),
            Field(
                "max-in-flight", \.inFlightMax, .integer(1...100_000),
                """
                Copies kept or under way at the same time, shared out among the workers; beyond \
                that no more are made.
                """),
            Field("timeout", \.timeout, .duration(1...600_000), "For the whole of a copy."),
            Field(
                "headers", \.headers,
                .oneOrMany(
                    .text("a header name", parse: NameText.header), isEmptyAllowed: true),
                "Fields of the answers that have to be the same."),
            Field(
                "ignore", \.ignore,
                .oneOrMany(
                    .text(
                        "a place such as `/items/*/updated_at`", pattern: "^/",
                        parse: Self.place), isEmptyAllowed: true),
                """
                Places in JSON bodies that may differ: JSON Pointers, with `*` for any key or \
                index and `**` for any number of them.
                """),
            Field(
                "show-values", \.showsValues, .boolean,
                """
                Samples show what stood in both bodies; it may be personal data.
                """),
        ],
        initial: { MirrorConfig() },
        check: { node, mirror, decoder in
            mirror.source = node.location
            if mirror.includesUnsafe, let unsafe = node["unsafe"] {
                decoder.add(
                    .warning, at: unsafe,
                    "requests that change something are sent to both upstreams",
                    hint: "keep it only if the other upstream changes data of its own")
            }
        })

    private static func place(_ text: String) throws(TextProblem) -> String {
        guard text.hasPrefix("/") else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is not a place in a JSON body",
                hint: "write it as `/items/*/updated_at`")
        }
        return text
    }
}
