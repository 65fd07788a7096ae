import MartletJSON
import Testing

/// Schemas and documents in one line each.
enum Checked {
    static func schema(
        _ text: String, others: [JSONSchema.Source] = [], assertsFormat: Bool = false
    ) throws -> JSONSchema {
        var options = JSONSchema.Options()
        options.assertsFormat = assertsFormat
        return try JSONSchema(
            .init(uri: "schema:test", text: ContiguousArray(text.utf8)), others: others,
            options: options)
    }

    static func outcome(
        _ document: String, _ schema: String, others: [JSONSchema.Source] = [],
        assertsFormat: Bool = false
    ) throws -> JSONSchemaValidator.Outcome {
        let schema = try self.schema(schema, others: others, assertsFormat: assertsFormat)
        var validator = JSONSchemaValidator()
        return validator.validate(
            try JSONDocument(ContiguousArray(document.utf8).span), against: schema)
    }
}

@Suite struct JSONSchemaTests {
    @Test func eachSchemaIsCompiledOnce() throws {
        let schema = try Checked.schema(
            ##"{"$ref":"#/$defs/a","items":{"$ref":"#/$defs/a"},"$defs":{"a":{"type":"array"}}}"##)
        // Two for true and false, the root, its items, and a.
        #expect(schema.subschemaCount == 5)
    }

    @Test func referencesLeadToWhatWasHandedIn() throws {
        let other = JSONSchema.Source(
            uri: "file:///schemas/name.json", text: ContiguousArray(#"{"type":"string"}"#.utf8))
        let schema = #"{"$id":"file:///schemas/main.json","$ref":"name.json"}"#
        #expect(try Checked.outcome(#""a""#, schema, others: [other]) == .valid)
        #expect(try Checked.outcome("1", schema, others: [other]) == .invalid)
        #expect(throws: JSONSchema.Failure.self) { try Checked.outcome("1", schema) }
    }

    @Test func patternsWithoutATableAreTold() throws {
        let schema = try Checked.schema(#"{"pattern":"(a|b)*a(a|b){16}$"}"#)
        #expect(schema.slowPatterns == ["(a|b)*a(a|b){16}$"])
        #expect(try Checked.schema(#"{"pattern":"^[a-z]+$"}"#).slowPatterns.isEmpty)
    }
}
