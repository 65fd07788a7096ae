extension HMACMethodConfig {
    static let record = Record(
        "`hmac`", "How a sender signs its requests with a secret that it shares.",
        fields: [
            Field(
                "header", \.header, APIKeyMethodConfig.headerName,
                """
                The field with the signature.
                """, isRequired: true),
            Field(
                "prefix", \.prefix, .string("a text"),
                """
                What stands before the signature in its field, such as `sha256=`.
                """),
            Field(
                "pairs", \.pairs, HMACPairsConfig.record.kind.optional,
                """
                Where the field holds pairs with commas between, such as `t=1700000000,v1=9a0b`: \
                which of them count.
                """),
            Field(
                "encoding", \.encoding, .choice,
                """
                How the signature is written.
                """),
            Field(
                "signed", \.signed, template,
                """
                What is signed: a text with `{method}`, `{path}`, `{query}`, `{target}`, `{host}`, \
                `{header:NAME}`, `{body}`, `{body-sha256}`, `{timestamp}`, `{key-id}`.
                """, isRequired: true),
            Field(
                "timestamp", \.timestamp, APIKeyMethodConfig.headerName.optional,
                """
                The field that says when it was signed, in seconds since 1970 or as an HTTP date.
                """),
            Field(
                "max-age", \.maxAge, .duration(1000...3_600_000),
                """
                How old a signature may be, where there is a timestamp.
                """),
            Field(
                "key", \.key, ValueKind<String>.string("the id of a signing key").optional,
                """
                The `id` of the consumer's signing key; `key` or `key-header` is given.
                """),
            Field(
                "key-header", \.keyHeader, APIKeyMethodConfig.headerName.optional,
                """
                The field in which requests name their key.
                """),
            Field(
                "once", \.once, ValueKind<Bool>.boolean.optional,
                """
                Whether a signature is taken once only; if it is left out, where there is a \
                timestamp.
                """),
            Field(
                "forward", \.forwards, .boolean,
                """
                Whether the upstream sees the signature.
                """),
        ],
        initial: { HMACMethodConfig() },
        check: { node, method, decoder in
            guard node["header"] != nil, node["signed"] != nil else { return }
            method.checkKey(node, &decoder)
            method.checkTimestamp(node, &decoder)
            method.checkCovered(node, &decoder)
        })

    private func checkKey(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        guard (self.key == nil) == (self.keyHeader == nil) else { return }
        let isMalformed = self.key == nil && (node["key"] ?? node["key-header"]) != nil
        guard !isMalformed else { return }
        decoder.add(
            at: node["key-header"] ?? node, "a signature has one key",
            hint: self.key == nil
                ? "give `key`, or `key-header` if requests name it" : "keep one of the two")
    }

    private func checkTimestamp(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        let names = (try? TemplateText.captureNames(in: self.signed)) ?? []
        if self.timestamp != nil, self.pairs?.timestamp != nil, let field = node["timestamp"] {
            decoder.add(
                at: field, "the time of a signature stands in one place", hint: "keep one of them",
                related: node["pairs"]?.location)
        }
        if self.hasTimestamp, !names.contains("timestamp"), let signed = node["signed"] {
            decoder.add(
                at: signed, "the time is not signed, so anybody can change it",
                hint: "put `{timestamp}` where the sender has it")
        }
        guard !self.hasTimestamp else { return }
        if names.contains("timestamp"), let signed = node["signed"] {
            decoder.add(
                at: signed, "nothing says where `{timestamp}` stands",
                hint: "give `timestamp`, or `pairs.timestamp`")
        }
        if let maxAge = node["max-age"] {
            decoder.add(
                at: maxAge, "there is no time by which a signature has an age",
                hint: "give `timestamp`, or `pairs.timestamp`")
        }
        if self.once == nil {
            decoder.add(
                .warning, at: node,
                "without a time, whoever has seen a request can send it again at any time",
                hint: "have senders sign a `{timestamp}`; or write `once: false` if they cannot, "
                    + "and have the upstream drop what it has seen")
        }
    }

    private static let bodyNames = ["body", "body-sha256"]

    private func checkCovered(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        guard let signed = node["signed"],
            let names = try? TemplateText.captureNames(in: self.signed)
        else { return }
        guard names.contains(where: { $0 != "timestamp" && $0 != "key-id" }) else {
            decoder.add(
                at: signed, "nothing of the request is signed",
                hint: "write what the sender signs, such as `{body}`")
            return
        }
        guard !names.contains(where: Self.bodyNames.contains) else { return }
        decoder.add(
            .warning, at: signed, "bodies can be changed on the way",
            hint: "have senders sign `{body}` or `{body-sha256}`")
    }

    private static let names = [
        "method", "path", "query", "target", "host", "timestamp", "key-id", "body", "body-sha256",
    ]

    private static let template = ValueKind<String>.text(
        "a text such as `v0:{timestamp}:{body}`",
        parse: { text throws(TextProblem) in
            for name in try TemplateText.captureNames(in: text) where !Self.names.contains(name) {
                guard name.hasPrefix("header:") else {
                    let nearest = EditDistance.nearest(to: name, among: Self.names)
                    throw TextProblem(
                        "`{\(name)}` is no part of a request",
                        hint: nearest.map { "did you mean `{\($0)}`?" }
                            ?? "such as `{method}`, `{path}`, `{header:date}`, `{body}`")
                }
                _ = try NameText.header(String(name.dropFirst("header:".count)))
            }
            return text
        })
}

extension HMACPairsConfig {
    static let record = Record(
        "`pairs`", "Which pairs of a field count.",
        fields: [
            Field(
                "signature", \.signature, .string("a name such as `v1`"),
                """
                The name of the signature; one of several is enough.
                """, isRequired: true),
            Field(
                "timestamp", \.timestamp, ValueKind<String>.string("a name such as `t`").optional,
                """
                The name of the time, in seconds since 1970.
                """),
        ],
        initial: { HMACPairsConfig() })
}
