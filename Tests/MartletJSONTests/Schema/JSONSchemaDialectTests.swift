import MartletJSON
import Testing

@Suite struct JSONSchemaDialectTests {
    private func metaschema(_ vocabularies: String) -> JSONSchema.Source {
        let text = #"{"$id":"https://example.com/meta","$vocabulary":{\#(vocabularies)}}"#
        return .init(uri: "schema:meta", text: ContiguousArray(text.utf8))
    }

    private static let vocabulary = "https://json-schema.org/draft/2020-12/vocab/"

    @Test func onlyItsVocabulariesCount() throws {
        let schema = #"{"$schema":"https://example.com/meta","type":"string","format":"ipv4"}"#
        let without = self.metaschema(#""\#(Self.vocabulary)core":true"#)
        #expect(try Checked.outcome("1", schema, others: [without]) == .valid)
        let with = self.metaschema(
            #""\#(Self.vocabulary)validation":true,"\#(Self.vocabulary)format-assertion":false"#)
        #expect(try Checked.outcome("1", schema, others: [with]) == .invalid)
        #expect(try Checked.outcome(#""1.2.3""#, schema, others: [with]) == .invalid)
        #expect(try Checked.outcome(#""1.2.3.4""#, schema, others: [with]) == .valid)
    }

    @Test func whatIsRequiredMustBeKnown() throws {
        let schema = #"{"$schema":"https://example.com/meta"}"#
        let required = self.metaschema(#""https://example.com/vocab":true"#)
        #expect(throws: JSONSchema.Failure.self) {
            try Checked.outcome("1", schema, others: [required])
        }
        let optional = self.metaschema(#""https://example.com/vocab":false"#)
        #expect(try Checked.outcome("1", schema, others: [optional]) == .valid)
    }
}
