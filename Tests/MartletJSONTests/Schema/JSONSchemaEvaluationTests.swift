import MartletJSON
import Testing

/// Where keywords meet, and numbers that are no binary fractions.
@Suite struct JSONSchemaEvaluationTests {
    static let cases: [(schema: String, document: String, isValid: Bool)] = [
        (#"{"multipleOf":0.01}"#, "19.99", true),
        (#"{"multipleOf":0.01}"#, "19.999", false),
        (#"{"multipleOf":0.1}"#, "0.3", true),
        (#"{"multipleOf":3}"#, "1e40", false),
        (#"{"maximum":9007199254740992}"#, "9007199254740993", false),
        (#"{"exclusiveMaximum":1e-30}"#, "0.9999999999999999999999999e-30", true),
        (#"{"const":1}"#, "1.0", true),
        (#"{"enum":[[1,{"a":2}]]}"#, #"[1.0,{"a":2e0}]"#, true),
        (#"{"type":"integer"}"#, "1.0", true),
        (#"{"type":"integer"}"#, "1e-1", false),
        (#"{"uniqueItems":true}"#, "[1,1.0]", false),
        (#"{"uniqueItems":true}"#, #"[{"a":1,"b":2},{"b":2,"a":1}]"#, false),
        (#"{"uniqueItems":true}"#, "[0,false,null,[],{}]", true),
        (#"{"maxLength":1}"#, #""😀""#, true),
        (#"{"minLength":2}"#, #""\ud83d\ude00""#, false),
        // The branch of `if` counts for what is evaluated, that of a failed `anyOf` does not.
        (
            #"{"if":{"properties":{"a":{"const":1}},"required":["a"]},"#
                + #""unevaluatedProperties":false}"#,
            #"{"a":1}"#, true
        ),
        (
            #"{"anyOf":[{"properties":{"a":true},"required":["b"]},true],"#
                + #""unevaluatedProperties":false}"#,
            #"{"a":1}"#, false
        ),
        (#"{"contains":{"const":1},"unevaluatedItems":{"const":2}}"#, "[1,2,1]", true),
        (#"{"contains":{"const":1},"unevaluatedItems":{"const":2}}"#, "[1,3]", false),
        (#"{"contains":{"const":1},"maxContains":1}"#, "[1,1]", false),
        (#"{"contains":{"const":1},"minContains":0}"#, "[]", true),
        (#"{"oneOf":[{"minimum":1},{"minimum":2}]}"#, "2", false),
        (#"{"dependentSchemas":{"a":{"required":["b"]}}}"#, #"{"a":1}"#, false),
        (#"{"dependentRequired":{"a":["b","c"]}}"#, #"{"a":1,"b":2}"#, false),
        (#"{"propertyNames":{"maxLength":1}}"#, #"{"ab":1}"#, false),
        (
            #"{"patternProperties":{"^x-":{"type":"null"}},"additionalProperties":false}"#,
            #"{"x-a":null}"#, true
        ),
        (
            #"{"patternProperties":{"^x-":{"type":"null"}},"additionalProperties":false}"#,
            #"{"y":null}"#, false
        ),
        // A name that is asked for and not described is still additional.
        (#"{"required":["a"],"additionalProperties":false}"#, #"{"a":1}"#, false),
    ]

    @Test(arguments: cases)
    func holds(schema: String, document: String, isValid: Bool) throws {
        #expect(try Checked.outcome(document, schema) == (isValid ? .valid : .invalid))
    }

    @Test func manyMembersAreFoundByHash() throws {
        let members = (0..<500).map { #""k\#($0)":{"const":\#($0)}"# }.joined(separator: ",")
        let names = (0..<500).map { #""k\#($0)""# }.joined(separator: ",")
        let schema =
            #"{"properties":{\#(members)},"required":[\#(names)],"additionalProperties":false}"#
        let all = (0..<500).map { #""k\#($0)":\#($0)"# }
        #expect(try Checked.outcome("{\(all.joined(separator: ","))}", schema) == .valid)
        #expect(
            try Checked.outcome("{\(all.dropLast().joined(separator: ","))}", schema) == .invalid)
    }
}
