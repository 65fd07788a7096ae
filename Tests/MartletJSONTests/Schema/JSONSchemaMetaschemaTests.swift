import MartletJSON
import Testing

/// Schemas checked by the metaschema: what it says is what the compiler says.
@Suite struct JSONSchemaMetaschemaTests {
    static let uri = "https://json-schema.org/draft/2020-12/schema"

    @Test(arguments: [
        (#"{"type":"string"}"#, true), (#"true"#, true), (#"1"#, false),
        (#"{"type":"text"}"#, false), (#"{"minLength":-1}"#, false),
        (#"{"properties":{"a":{"items":{"maximum":"1"}}}}"#, false),
        (#"{"properties":{"a":{"items":{"maximum":1}}}}"#, true),
        (#"{"$defs":{"a":1}}"#, false), (#"{"allOf":[]}"#, false), (#"{"$id":"a#b"}"#, false),
        (#"{"required":["a","a"]}"#, false), (#"{"unevaluatedItems":1}"#, false),
        (#"{"title":1}"#, false), (#"{"contentSchema":1}"#, false), (#"{"format":1}"#, false),
        (#"{"dependencies":{"a":["b"]}}"#, true),
    ])
    func accepts(schema: String, expected: Bool) throws {
        let outcome = try Checked.outcome(schema, #"{"$ref":"\#(Self.uri)"}"#)
        #expect(outcome == (expected ? .valid : .invalid))
    }

    @Test func aPartCanBeReferredTo() throws {
        let part = "https://json-schema.org/draft/2020-12/meta/validation#/$defs/stringArray"
        #expect(try Checked.outcome(#"["a"]"#, #"{"$ref":"\#(part)"}"#) == .valid)
        #expect(try Checked.outcome(#"["a",1]"#, #"{"$ref":"\#(part)"}"#) == .invalid)
    }
}
