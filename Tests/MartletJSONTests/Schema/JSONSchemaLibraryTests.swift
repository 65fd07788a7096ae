import MartletJSON
import Testing

@Suite struct JSONSchemaLibraryTests {
    /// Each refers to a schema that takes texts only.
    @Test(arguments: [
        ##"{"$ref":"#/$defs/a~1b%25","$defs":{"a/b%":{"type":"string"}}}"##,
        ##"{"$ref":"#name","$defs":{"a":{"$anchor":"name","type":"string"}}}"##,
        ##"{"$ref":"inner","$defs":{"a":{"$id":"inner","type":"string"}}}"##,
        ##"{"$id":"http://x/a/b","$ref":"../c#n","$defs":"##
            + ##"{"a":{"$id":"http://x/c","$anchor":"n","type":"string"}}}"##,
        ##"{"$ref":"in#/$defs/b","$defs":{"a":{"$id":"in","$defs":{"b":{"type":"string"}}}}}"##,
        ##"{"$ref":"#/x-unknown/0","x-unknown":[{"type":"string"}]}"##,
        ##"{"$ref":"urn:a:b#n","$defs":{"a":{"$id":"urn:a:b","$dynamicAnchor":"n","##
            + ##""type":"string"}}}"##,
    ])
    func reference(schema: String) throws {
        #expect(try Checked.outcome(#""a""#, schema) == .valid)
        #expect(try Checked.outcome("1", schema) == .invalid)
    }

    /// What looks like an identifier where no schema stands is none.
    @Test func valuesHaveNoNames() throws {
        let schema = ##"{"const":{"$id":"inner","$anchor":"n"},"$defs":{"a":{"$id":"inner"}}}"##
        #expect(try Checked.outcome(##"{"$id":"inner","$anchor":"n"}"##, schema) == .valid)
    }
}
