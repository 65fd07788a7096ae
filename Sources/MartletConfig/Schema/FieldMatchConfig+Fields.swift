extension FieldMatchConfig {
    /// The keys by which requests are told apart, wherever that is configured.
    static func fields<Root>(
        _ headers: any WritableKeyPath<Root, [FieldMatchConfig]> & Sendable,
        query: any WritableKeyPath<Root, [FieldMatchConfig]> & Sendable,
        cookies: any WritableKeyPath<Root, [FieldMatchConfig]> & Sendable
    ) -> [Field<Root>] {
        [
            Field(
                "headers", headers,
                self.kind(
                    names: "a header name to a condition",
                    checkName: { name throws(TextProblem) in _ = try NameText.header(name) },
                    spelling: { $0.lowercased() }),
                "Conditions on headers, by name."),
            Field(
                "query", query,
                self.kind(
                    names: "a parameter name to a condition", checkName: FieldName.checkParameter),
                "Conditions on query parameters, by name."),
            Field(
                "cookies", cookies,
                self.kind(
                    names: "a cookie name to a condition", checkName: FieldName.checkCookie),
                "Conditions on cookies, by name."),
        ]
    }

    /// Conditions by name: a text is equality, a list is one of, a mapping says how.
    static func kind(
        names: String,
        checkName: @escaping @Sendable (String) throws(TextProblem) -> Void,
        spelling: @escaping @Sendable (String) -> String = { $0 }
    ) -> ValueKind<[FieldMatchConfig]> {
        ValueKind<[Named<Test>]>.map(names: names, testKind, checkName: checkName).map { tests in
            tests.map { FieldMatchConfig(name: spelling($0.name), test: $0.value) }
        }
    }

    /// What the long form of a condition says; exactly one is given.
    private struct Condition: Sendable {
        var tests: [Test] = []
    }

    private static let record = Record(
        "a condition", "How a value is compared; exactly one key is given.",
        fields: [
            field("equals", text, "The whole value, in this case.") { .equals($0) },
            field("one-of", .list(text), "One of these is the whole value.") { .oneOf($0) },
            field("prefix", text, "The value begins so.") { .hasPrefix($0) },
            field("suffix", text, "The value ends so.") { .hasSuffix($0) },
            field("contains", text, "The value holds this.") { .contains($0) },
            field("present", .boolean, "Whether it is there at all, whatever its value.") {
                $0 ? .isPresent : .isAbsent
            },
        ],
        initial: { Condition() },
        check: { node, condition, decoder in
            guard case .mapping(let entries) = node.value, entries.count != 1 else { return }
            decoder.add(
                at: node, "a condition has exactly one key, found \(entries.count)",
                hint: "two conditions on one name are two routes, or one `one-of`")
        })

    private static let text = ValueKind<String>.string()

    private static func field<Value: Sendable>(
        _ key: String, _ kind: ValueKind<Value>, _ documentation: String,
        _ test: @escaping @Sendable (Value) -> Test
    ) -> Field<Condition> {
        Field(
            key, documentation, shape: kind.shape,
            apply: { node, condition, decoder in
                if let value = kind.decode(node, &decoder) { condition.tests.append(test(value)) }
            })
    }

    private static let testKind: ValueKind<Test> = {
        let oneOf = ValueKind<[String]>.list(text).map { Test.oneOf($0) }
        let long = ValueKind<Test>(record.shape) { node, decoder in
            var condition = Condition()
            record.decode(node, into: &condition, &decoder)
            return condition.tests.first
        }
        return ValueKind(.either([text.shape, oneOf.shape, record.shape])) { node, decoder in
            switch node.value {
            case .scalar: text.decode(node, &decoder).map { .equals($0) }
            case .sequence: oneOf.decode(node, &decoder)
            case .mapping: long.decode(node, &decoder)
            }
        }
    }()
}
