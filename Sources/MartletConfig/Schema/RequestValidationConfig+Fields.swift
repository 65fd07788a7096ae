extension RequestValidationConfig {
    static let record = Record(
        "`validate`", "What a request has to look like to reach the upstream.",
        fields: [
            Field(
                "action", \.action, .choice,
                """
                `block` answers what is wrong; `report` only says it in log and metrics.
                """),
            Field(
                "methods", \.methods,
                .oneOrMany(.text("a method such as `GET`", parse: NameText.method)),
                """
                Others are answered 405; every method if it is left out.
                """),
            Field(
                "content-types", \.contentTypes,
                .oneOrMany(
                    .text("a media type such as `application/json`", parse: NameText.mediaType)),
                """
                Of bodies, `text/*` for all of a type; others are answered 415. Those of JSON if \
                it is left out and there is a schema, otherwise every one.
                """),
            Field(
                "headers", \.headers,
                FieldRuleConfig.kind(
                    names: "a header name to its rule",
                    checkName: { name throws(TextProblem) in _ = try NameText.header(name) },
                    spelling: { $0.lowercased() }), "Rules for header fields, by name."),
            Field(
                "query", \.query, QueryRulesConfig.record.kind.optional,
                """
                Rules for the query; parameters without a rule are then refused.
                """),
            Field(
                "body", \.body, BodyRulesConfig.record.kind.optional,
                """
                Rules for the body, which is held until all of it was seen.
                """),
        ],
        initial: { RequestValidationConfig() },
        check: { node, validation, decoder in
            validation.source = node.location
            validation.check(node, &decoder)
        })

    private func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        if case .mapping(let entries) = node.value, !entries.contains(where: { $0.key != "action" })
        {
            decoder.add(
                .warning, at: node, "this validation checks nothing",
                hint: "give `methods`, `content-types`, `headers`, `query` or `body`")
        }
        if self.body?.schema != nil, let types = node["content-types"] {
            for type in self.contentTypes where !Self.canBeJSON(type) {
                decoder.add(
                    at: types,
                    "a body of \(ConfigNode.quote(type)) is no JSON, so no schema fits it",
                    hint: "leave it out, or give such bodies a route of their own")
            }
        }
        for rule in self.headers where Self.connectionFields.contains(rule.name) {
            guard let headers = node["headers"] else { continue }
            decoder.add(
                .warning, at: headers,
                "\(ConfigNode.quote(rule.name)) belongs to the connection and is never seen here",
                hint: "leave it out")
        }
    }

    /// Removed from each request before it is looked at (RFC 9110 §7.6.1).
    private static let connectionFields: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "trailer", "transfer-encoding",
    ]

    /// `text/*` may be `text/json`, and `image/*` something with `+json`.
    private static func canBeJSON(_ type: String) -> Bool {
        ["application/json", "text/json"].contains(type)
            || type.hasSuffix("+json") || type.hasSuffix("/*")
    }
}

extension FieldRuleConfig {
    static func kind(
        names: String, checkName: @escaping @Sendable (String) throws(TextProblem) -> Void,
        spelling: @escaping @Sendable (String) -> String = { $0 }
    ) -> ValueKind<[FieldRuleConfig]> {
        ValueKind<[Named<FieldRuleConfig>]>.map(names: names, record.kind, checkName: checkName)
            .map { rules in
                rules.map { named in
                    var rule = named.value
                    rule.name = spelling(named.name)
                    return rule
                }
            }
            .checked { rules, node, decoder in
                let names = rules.map(\.name)
                for (index, name) in names.enumerated() where names[..<index].contains(name) {
                    decoder.add(
                        at: node, "there are two rules for \(ConfigNode.quote(name))",
                        hint: "header names compare without case; make them one rule")
                }
            }
    }

    private static let record = Record(
        "a rule", "What a header field or query parameter has to look like.",
        fields: [
            Field("required", \.isRequired, .boolean, "It has to be there."),
            Field("repeatable", \.isRepeatable, .boolean, "It may be there more than once."),
            Field(
                "type", \.type, .choice,
                """
                `integer` and `number` as JSON writes them, `boolean` is `true` or `false`.
                """),
            Field(
                "pattern", \.pattern, ValueKind<String>.string("a regular expression").optional,
                """
                A regular expression of ECMA-262 that matches somewhere; `^` and `$` tie it to \
                both ends.
                """),
            Field(
                "format", \.format,
                ValueKind<String>.choice(formats.map { ($0, $0) }).optional,
                """
                A format of JSON Schema, such as `uuid` or `date`.
                """),
            Field(
                "minimum", \.minimum, ValueKind<Int>.integer(Int.min...Int.max).optional,
                "Of a number."),
            Field(
                "maximum", \.maximum, ValueKind<Int>.integer(Int.min...Int.max).optional,
                "Of a number."),
            Field("min-length", \.minLength, .integer(0...1_000_000), "Bytes, decoded."),
            Field("max-length", \.maxLength, .integer(0...1_000_000), "Bytes, decoded."),
            Field("one-of", \.oneOf, .oneOrMany(.string()), "The values there are."),
        ],
        initial: { FieldRuleConfig() },
        check: { node, rule, decoder in
            rule.source = node.location
            rule.check(node, &decoder)
        })

    private func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        let isNumber = self.type == .integer || self.type == .number
        for key in ["minimum", "maximum"] {
            guard let value = node[key], !isNumber else { continue }
            decoder.add(
                at: value, "`\(key)` is for numbers", hint: "add `type: integer` or `type: number`")
        }
        if let minimum, let maximum, minimum > maximum, let value = node["maximum"] {
            decoder.add(at: value, "`maximum` is below `minimum`: nothing passes")
        }
        if self.minLength > self.maxLength, let value = node["max-length"] ?? node["min-length"] {
            decoder.add(at: value, "`max-length` is below `min-length`: nothing passes")
        }
    }
}

extension QueryRulesConfig {
    static let record = Record(
        "`query` of `validate`", "What the query has to look like.",
        fields: [
            Field(
                "parameters", \.parameters,
                FieldRuleConfig.kind(
                    names: "a parameter name to its rule", checkName: FieldName.checkParameter),
                """
                Rules for parameters, by name; names and values compare decoded.
                """),
            Field(
                "allow-unknown", \.allowsUnknown, .boolean,
                """
                Lets parameters through that have no rule.
                """),
        ],
        initial: { QueryRulesConfig() })
}

extension BodyRulesConfig {
    static let record = Record(
        "`body` of `validate`", "What the body has to look like.",
        fields: [
            Field("required", \.isRequired, .boolean, "A request without a body is refused."),
            Field(
                "max-size", \.maxBytes, ValueKind<Int>.size(1...(1 << 30)).optional,
                """
                A larger one is answered 413; the route's `limits.max-held-body` bounds it too.
                """),
            Field(
                "schema", \.schema, SchemaTextConfig.kind.optional,
                """
                The JSON Schema 2020-12 of JSON bodies: `file:NAME`, or the schema itself.
                """),
            Field(
                "references", \.references, .oneOrMany(SchemaTextConfig.fileKind),
                """
                Files that the schema refers to, `file:NAME`; nothing is ever fetched.
                """),
            Field(
                "formats", \.checksFormats, .boolean,
                """
                Whether `format` is checked, or only a note.
                """),
            Field(
                "status", \.status, ValueKind<Int>.choice([("400", 400), ("422", 422)]),
                """
                The answer to a body that is not as the schema has it.
                """),
            Field(
                "json", \.json, BodyBoundsConfig.record.kind.optional,
                """
                How much a JSON body may hold; without `content-types` and a schema also one \
                that does not say that it is JSON.
                """),
            Field(
                "xml", \.xml, BodyBoundsConfig.record.kind.optional,
                """
                Reads XML bodies and bounds them; a document type is refused, so that no entity \
                is ever expanded. Without `content-types` also one that does not say that it is XML.
                """),
        ],
        initial: { BodyRulesConfig() },
        check: { node, body, decoder in
            guard body.schema == nil, node["schema"] == nil else { return }
            if let references = node["references"] {
                decoder.add(at: references, "`references` without `schema`", hint: "give `schema`")
            }
            for key in ["status", "formats"] {
                guard let value = node[key] else { continue }
                decoder.add(
                    .warning, at: value, "`\(key)` says nothing without `schema`",
                    hint: "give `schema`, or leave it out")
            }
        })
}

extension BodyBoundsConfig {
    static let record = Record(
        "bounds of a body", "How much structure a body may have.",
        fields: [
            Field(
                "max-depth", \.maxDepth, .integer(1...500),
                "Arrays and objects, or elements, open at once."),
            Field(
                "max-nodes", \.maxNodes, .integer(1...10_000_000),
                "Values and keys, or elements and attributes."),
            Field(
                "max-members", \.maxMembers, .integer(1...1_000_000),
                "Keys of one object, or attributes of one element."),
        ],
        initial: { BodyBoundsConfig() })
}

extension SchemaTextConfig {
    static let fileKind = ValueKind<SchemaTextConfig>(
        .text(expected: "`file:NAME`", pattern: "^file:"),
        decode: { node, decoder in
            guard let scalar = node.scalar, scalar.text.hasPrefix("file:") else {
                decoder.addMismatch(node, expected: "`file:NAME`")
                return nil
            }
            let name = String(scalar.text.dropFirst("file:".count))
            guard let text = decoder.contents(of: node)?.scalar, !text.isMissing else { return nil }
            let path = decoder.files.resolve(name, in: node.location.file)
            return SchemaTextConfig(
                uri: path.hasPrefix("/") ? "file://\(path)" : "file:///\(path)", text: text.text,
                source: node.location)
        })

    static let kind: ValueKind<SchemaTextConfig> = {
        let expected = "`file:NAME`, or a JSON Schema as a mapping"
        return ValueKind(.anything(expected: expected)) { node, decoder in
            switch node.value {
            case .scalar: return SchemaTextConfig.fileKind.decode(node, &decoder)
            case .sequence:
                decoder.addMismatch(node, expected: expected)
                return nil
            case .mapping:
                return SchemaTextConfig(
                    uri: "file:///", text: InlineJSON.text(node), source: node.location)
            }
        }
    }()
}
