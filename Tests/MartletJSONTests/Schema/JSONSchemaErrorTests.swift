import MartletJSON
import Testing

@Suite struct JSONSchemaErrorTests {
    static let cases: [(schema: String, pointer: String, part: String)] = [
        ("[]", "", "A schema is an object"),
        (#"{"properties":{"a":1}}"#, "/properties/a", "A schema is an object"),
        (#"{"type":"text"}"#, "/type", "type takes one or more of"),
        (#"{"minLength":-1}"#, "/minLength", "not negative"),
        (#"{"minLength":1.5}"#, "/minLength", "whole number"),
        (#"{"multipleOf":0}"#, "/multipleOf", "above 0"),
        (#"{"multipleOf":1234567890.123456789}"#, "/multipleOf", "18 digits"),
        (#"{"maximum":"1"}"#, "/maximum", "a number"),
        (#"{"enum":1}"#, "/enum", "a list of values"),
        (#"{"required":[1]}"#, "/required", "a list of names"),
        (#"{"required":"a"}"#, "/required", "a list of names"),
        (#"{"properties":[]}"#, "/properties", "an object of schemas"),
        (#"{"dependentRequired":{"a":"b"}}"#, "/dependentRequired/a", "a list of names"),
        (#"{"uniqueItems":1}"#, "/uniqueItems", "true or false"),
        (#"{"allOf":[]}"#, "/allOf", "not empty"),
        (#"{"pattern":"("}"#, "/pattern", ""),
        (#"{"pattern":"(?=a)"}"#, "/pattern", "Look-ahead"),
        (#"{"pattern":1}"#, "/pattern", "regular expression"),
        (#"{"format":1}"#, "/format", "name of a format"),
        (#"{"$ref":1}"#, "/$ref", "a reference"),
        (#"{"$ref":"http://example.com/x"}"#, "", "nothing is fetched"),
        (##"{"$ref":"#/$defs/none"}"##, "", "schema:test#/$defs/none"),
        (##"{"$id":"#a"}"##, "", "must not have a fragment"),
        (#"{"$anchor":"1a"}"#, "", "An anchor begins"),
        (#"{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}"#, "/$defs/b", "has this anchor"),
        (#"{"$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}}"#, "/$defs/b", "has this $id"),
        (#"{"$schema":"http://json-schema.org/draft-07/schema#"}"#, "", "is not known"),
        (##"{"$ref":"#"}"##, "", "refers to itself"),
        (
            ##"{"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"not":{"$ref":"#"}}}}"##, "",
            "to itself"
        ),
        (##"{"$defs":{"a":{"if":{"$dynamicRef":"#"}}},"$ref":"#/$defs/a"}"##, "", "to itself"),
        (#"{"a":}"#, "", "It is no JSON text"),
    ]

    @Test(arguments: cases)
    func isToldWithItsPlace(schema: String, pointer: String, part: String) {
        let result = Result { () throws(JSONSchema.Failure) in
            try JSONSchema(.init(uri: "schema:test", text: ContiguousArray(schema.utf8)))
        }
        guard case .failure(let failure) = result else {
            Issue.record("compiled: \(schema)")
            return
        }
        let places = failure.errors.map(\.pointer)
        #expect(places.contains(pointer) || pointer.isEmpty, "\(schema): \(failure.errors)")
        #expect(failure.errors.contains { $0.sentence.contains(part) }, "\(failure.errors)")
        #expect(failure.errors.allSatisfy { $0.resource == "schema:test" })
    }

    @Test func allAreToldUpToTheLimit() {
        let many = (0..<100).map { #""p\#($0)":{"minLength":-1}"# }.joined(separator: ",")
        let text = ContiguousArray(#"{"properties":{\#(many)}}"#.utf8)
        let result = Result { () throws(JSONSchema.Failure) in
            try JSONSchema(.init(uri: "schema:test", text: text))
        }
        guard case .failure(let failure) = result else {
            Issue.record("compiled")
            return
        }
        #expect(failure.errors.count == 20)
    }
}
