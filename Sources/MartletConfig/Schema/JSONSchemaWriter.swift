/// Turns shapes into JSON Schema.
enum JSONSchemaWriter {
    typealias Member = JSONValue.Member

    static func schema(of shape: Shape) -> JSONValue { .object(self.members(of: shape)) }

    static func members(of shape: Shape) -> [Member] {
        switch shape {
        case .text(let expected, let pattern): self.text(expected, pattern)
        case .integer(let range): self.orEnvironment(self.integer(range))
        case .boolean: self.orEnvironment([Member("type", .string("boolean"))])
        case .choice(let values):
            self.orEnvironment([Member("enum", .array(values.map(self.word)))])
        case .oneOrMany(let element):
            [Member("anyOf", .array([self.schema(of: element), .object(self.list(element))]))]
        case .list(let element): self.list(element)
        case .map(_, let element):
            [
                Member("type", .string("object")),
                Member("additionalProperties", self.schema(of: element)),
            ]
        case .record(let record): self.record(record)
        case .either(let shapes): [Member("anyOf", .array(shapes.map(self.schema)))]
        case .anything(let expected): [Member("description", .string(expected))]
        }
    }

    /// Without a pattern any scalar is taken as text, so numbers need no quotes.
    private static func text(_ expected: String, _ pattern: String?) -> [Member] {
        guard let pattern else {
            return [
                Member("type", .array(["string", "number", "boolean"].map { .string($0) })),
                Member("description", .string(expected)),
            ]
        }
        return [
            Member("type", .string("string")), Member("pattern", .string(#"\#(pattern)|\$\{"#)),
            Member("description", .string(expected)),
        ]
    }

    private static func integer(_ range: ClosedRange<Int>) -> [Member] {
        var members = [Member("type", .string("integer"))]
        if range.lowerBound > Int.min {
            members.append(Member("minimum", .integer(range.lowerBound)))
        }
        if range.upperBound < Int.max {
            members.append(Member("maximum", .integer(range.upperBound)))
        }
        return members
    }

    private static func orEnvironment(_ members: [Member]) -> [Member] {
        [
            Member(
                "anyOf",
                .array([
                    .object(members), .object([Member("$ref", .string("#/$defs/environment"))]),
                ]))
        ]
    }

    private static func word(_ text: String) -> JSONValue {
        Int(text).map { .integer($0) } ?? .string(text)
    }

    private static func list(_ element: Shape) -> [Member] {
        [Member("type", .string("array")), Member("items", self.schema(of: element))]
    }

    private static func record(_ record: RecordShape) -> [Member] {
        var members = [
            Member("type", .string("object")), Member("description", .string(record.documentation)),
            Member("additionalProperties", .boolean(false)),
        ]
        let required = record.fields.filter(\.isRequired).map { JSONValue.string($0.key) }
        if !required.isEmpty { members.append(Member("required", .array(required))) }
        let properties = record.fields.map { Member($0.key, self.property($0)) }
        members.append(Member("properties", .object(properties)))
        return members
    }

    private static func property(_ field: FieldShape) -> JSONValue {
        var members = self.members(of: field.shape).filter { $0.name != "description" }
        members.insert(Member("description", .string(field.documentation)), at: 0)
        if let value = field.defaultValue { members.append(Member("default", value)) }
        return .object(members)
    }
}
