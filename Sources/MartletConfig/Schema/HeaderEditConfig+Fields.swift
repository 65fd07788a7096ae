extension HeaderEditConfig {
    static let requestRecord = record(isRequest: true)
    static let responseRecord = record(isRequest: false)

    private static func record(isRequest: Bool) -> Record<HeaderEditConfig> {
        let name = nameKind(isRequest: isRequest)
        let checkName = nameCheck(isRequest: isRequest)
        let renames = ValueKind<[Named<String>]>.map(
            names: "an old name to a new one", name, checkName: checkName)
        var fields: [Field<HeaderEditConfig>] = [
            Field(
                "remove", \.remove, .oneOrMany(patternKind(isRequest: isRequest)),
                """
                Names; `x-internal-*` is every name that begins so.
                """),
            Field("rename", \.rename, renames.map(values), "Old name to new name."),
            Field(
                "set", \.set, valuesKind(isRequest: isRequest),
                """
                Name to value, in place of any that is there. Captures are written `{name}`, a \
                brace `{{`; `file:NAME` is a file's content.
                """),
            Field(
                "add", \.add, valuesKind(isRequest: isRequest),
                """
                Name to value, beside any that is there.
                """),
            Field(
                "map", \.map,
                ValueMapConfig.kind(
                    names: "a header name to a mapping of values", checkName: checkName,
                    spelling: { $0.lowercased() }, checkValue: ValueKind<String>.checkHeaderValue),
                """
                Name to a mapping from the values found to those put in their place.
                """),
        ]
        if !isRequest {
            fields.append(
                Field(
                    "keep", \.keep, .oneOrMany(RevealingField.checkedName(name)),
                    """
                    Names that are hidden by default (`server`, `x-powered-by` …), shown here.
                    """))
        }
        return Record(
            isRequest ? "`headers.request`" : "`headers.response`",
            "Edits, done in the order remove, rename, set, add.", fields: fields,
            initial: { HeaderEditConfig() })
    }

    /// Names to values with captures.
    static func valuesKind(isRequest: Bool) -> ValueKind<[HeaderValueConfig]> {
        let kind = ValueKind<[Named<String>]>.map(
            names: "a header name to a value", .headerValue,
            checkName: nameCheck(isRequest: isRequest))
        return (isRequest ? kind : RevealingField.checkedValues(kind)).map(values)
    }

    private static let values: @Sendable ([Named<String>]) -> [HeaderValueConfig] = { named in
        named.map { HeaderValueConfig(name: $0.name.lowercased(), value: $0.value) }
    }

    private static func nameKind(isRequest: Bool) -> ValueKind<String> {
        .text(
            "a header name", encode: { .string($0) },
            parse: { text throws(TextProblem) in
                try checkEditable(text, isRequest: isRequest)
            })
    }

    private static func patternKind(isRequest: Bool) -> ValueKind<String> {
        .text(
            "a header name",
            parse: { text throws(TextProblem) in
                guard text.hasSuffix("*") else {
                    return try checkEditable(text, isRequest: isRequest)
                }
                let stem = String(text.dropLast())
                guard !stem.isEmpty, !stem.contains("*") else {
                    throw TextProblem(
                        "\(ConfigNode.quote(text)) is not a header name",
                        hint: "`*` stands once, at the end, after the beginning of a name")
                }
                return try NameText.header(stem) + "*"
            })
    }

    private static func nameCheck(
        isRequest: Bool
    ) -> @Sendable (String) throws(TextProblem) -> Void {
        { name throws(TextProblem) in _ = try checkEditable(name, isRequest: isRequest) }
    }

    /// Those that frame messages or belong to one hop are Martlet's own (RFC 9110 §7.6.1).
    static let reserved: Set<String> = [
        "connection", "content-length", "http2-settings", "keep-alive", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade",
    ]

    static func checkEditable(_ text: String, isRequest: Bool) throws(TextProblem) -> String {
        let name = try NameText.header(text)
        guard !self.reserved.contains(name) else {
            throw TextProblem(
                "`\(name)` frames the message or belongs to one connection; Martlet sets it itself",
                hint: "leave it out")
        }
        guard !isRequest || name != "host" else {
            throw TextProblem(
                "`host` is not edited as a header",
                hint: "use the route's `host:` key: `preserve`, `upstream` or a host")
        }
        return name
    }
}

extension ValueMapConfig {
    /// For each name, values found to values put in their place; both are taken as they are.
    static func kind(
        names: String,
        checkName: @escaping @Sendable (String) throws(TextProblem) -> Void,
        spelling: @escaping @Sendable (String) -> String = { $0 },
        checkValue: @escaping @Sendable (String) throws(TextProblem) -> Void = { _ in }
    ) -> ValueKind<[ValueMapConfig]> {
        let value = ValueKind<String>.text(
            "a value",
            parse: { text throws(TextProblem) in
                try checkValue(text)
                return text
            })
        let values = ValueKind<[Named<String>]>.map(
            names: "a value to another", value, checkName: checkValue
        ).map { named in
            named.map { HeaderValueConfig(name: $0.name, value: $0.value) }
        }
        return ValueKind<[Named<[HeaderValueConfig]>]>.map(
            names: names, values, checkName: checkName
        ).map { maps in
            maps.map { ValueMapConfig(name: spelling($0.name), values: $0.value) }
        }
    }
}

extension QueryEditConfig {
    static let record: Record<QueryEditConfig> = {
        let name = ValueKind<String>.string("a parameter name").checked { text, node, decoder in
            if text.isEmpty { decoder.add(at: node, "a parameter has a name") }
        }
        let values = FieldEdits.values(
            names: "a parameter name to a value", .template("a value"),
            checkName: FieldName.checkParameter)
        return Record(
            "`query`", "Edits of query parameters; values are percent-encoded by Martlet.",
            fields: [
                Field("remove", \.remove, .oneOrMany(name), "Names."),
                Field(
                    "rename", \.rename,
                    FieldEdits.values(
                        names: "an old name to a new one", name,
                        checkName: FieldName.checkParameter), "Old name to new name."),
                Field("set", \.set, values, "Name to value, in place of any that is there."),
                Field("add", \.add, values, "Name to value, beside any that is there."),
                Field(
                    "map", \.map,
                    ValueMapConfig.kind(
                        names: "a parameter name to a mapping of values",
                        checkName: FieldName.checkParameter),
                    """
                    Name to a mapping from the values found to those put in their place.
                    """),
            ],
            initial: { QueryEditConfig() })
    }()
}

extension CookieEditConfig {
    static let record: Record<CookieEditConfig> = {
        let name = ValueKind<String>.text(
            "a cookie name",
            parse: { text throws(TextProblem) in
                try NameText.token(text, what: "a cookie name")
            })
        return Record(
            "`cookies`", "Edits of request cookies.",
            fields: [
                Field("remove", \.remove, .oneOrMany(name), "Names."),
                Field(
                    "rename", \.rename,
                    FieldEdits.values(
                        names: "an old name to a new one", name, checkName: FieldName.checkCookie),
                    """
                    Old name to new name.
                    """),
                Field(
                    "set", \.set,
                    FieldEdits.values(
                        names: "a cookie name to a value",
                        .template("a cookie value", check: checkValue),
                        checkName: FieldName.checkCookie), "Name to value."),
            ],
            initial: { CookieEditConfig() })
    }()

    /// `cookie-octet` of RFC 6265 §4.1.1.
    private static func checkValue(_ text: String) throws(TextProblem) {
        let isClean = text.utf8.allSatisfy {
            0x21...0x7e ~= $0 && $0 != 0x22 && $0 != 0x2c && $0 != 0x3b && $0 != 0x5c
        }
        guard isClean else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is not a cookie value",
                hint: "no spaces, quotes, commas, semicolons or backslashes: percent-encode them")
        }
    }
}

/// Name-to-value edits of query parameters and cookies.
enum FieldEdits {
    static func values(
        names: String, _ value: ValueKind<String>,
        checkName: @escaping @Sendable (String) throws(TextProblem) -> Void
    ) -> ValueKind<[HeaderValueConfig]> {
        ValueKind<[Named<String>]>.map(names: names, value, checkName: checkName).map { named in
            named.map { HeaderValueConfig(name: $0.name, value: $0.value) }
        }
    }
}
