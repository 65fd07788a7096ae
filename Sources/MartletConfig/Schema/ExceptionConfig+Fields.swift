extension Field where Root: ExceptionCarrying {
    /// `until` and `reason`, to be added to the fields of a record.
    static var exceptionFields: [Field<Root>] {
        [
            Field(
                "until", \Root.exception.end, ValueKind<Int64>.moment.optional,
                """
                The last day of the exception (`2026-12-31`, to its end by UTC), or the moment of \
                its end (`2026-12-31T18:00:00Z`). Then it ends by itself, without a reload.
                """),
            Field(
                "reason", \Root.exception.reason,
                ValueKind<String>.text(
                    "a sentence", encode: { _ in nil }, parse: ExceptionConfig.parseReason),
                """
                Why the exception is made; for people, never sent to a client.
                """, isRequired: true),
        ]
    }
}

extension ExceptionConfig {
    fileprivate static func parseReason(_ text: String) throws(TextProblem) -> String {
        let hasControl = text.unicodeScalars.contains { $0.value < 0x20 || 0x7f...0x9f ~= $0.value }
        guard 1...500 ~= text.utf8.count, !hasControl, text.contains(where: { $0 != " " }) else {
            throw TextProblem(
                "this is no reason", hint: "say in a sentence why the exception is made")
        }
        return text
    }

    /// A hint with both ways out: what is better, and the terms with which nobody is warned.
    static func hint(_ better: String, or value: String) -> String {
        "\(better); or for a while: `{ value: \(value), until: …, reason: … }`"
    }

    /// Notes where it stands, and tells of an exception that never ends or has ended: for the check
    /// of its record.
    ///
    /// - `node`: the mapping that holds `until` and `reason`.
    mutating func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        self.place = decoder.pathText
        self.source = node.location
        guard let end = self.end else {
            // A moment that cannot be read has been reported.
            guard node["until"] == nil else { return }
            return decoder.add(
                .warning, at: node, "this exception never ends",
                hint: "give `until` with a date, such as `until: 2026-12-31`")
        }
        guard let now = decoder.now, end <= now, let until = node["until"] else { return }
        decoder.add(
            .warning, at: until, "this exception is over: it changes nothing any more",
            hint: "remove it, or give a later date")
    }
}

extension ValueKind<Int64> {
    /// A moment, as seconds since 1970.
    static let moment = ValueKind<Int64>.text(
        "a date such as `2026-12-31`",
        pattern: #"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$"#,
        parse: MomentText.end)
}
