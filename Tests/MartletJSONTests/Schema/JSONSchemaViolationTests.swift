import MartletJSON
import Testing

@Suite struct JSONSchemaViolationTests {
    static let cases: [(schema: String, document: String, told: [String])] = [
        (#"{"type":["string","null"]}"#, "1", [": type: must be null or a string"]),
        (
            #"{"properties":{"a":{"minimum":1.50}},"required":["b"],"additionalProperties":false}"#,
            #"{"a":1,"c/d":2}"#,
            [
                "/a: minimum: must be at least 1.50", "/c~1d: additionalProperties: is not known",
                ": required: must have the member b",
            ]
        ),
        (
            #"{"items":{"maxLength":1}}"#, #"["a","bc"]"#,
            ["/1: maxLength: must have at most 1 character"]
        ),
        (#"{"prefixItems":[true],"items":false}"#, "[1,2]", ["/1: items: is one item too many"]),
        (
            #"{"anyOf":[{"type":"null"},false]}"#, "1",
            [": anyOf: must match at least one of the alternatives"]
        ),
        (
            #"{"propertyNames":{"pattern":"^a"}}"#, #"{"b":1}"#,
            ["/b: pattern: must match the pattern"]
        ),
        (#"{"enum":["secret"]}"#, #""other""#, [": enum: must be one of the allowed values"]),
        (#"{"contains":true}"#, "[]", [": contains: must have at least 1 matching item"]),
        (
            #"{"uniqueItems":true}"#, "[1,2,1]",
            ["/2: uniqueItems: must not be the same as another item"]
        ),
        ("false", "1", [": false: must not be there"]),
    ]

    @Test(arguments: cases)
    func isToldWithPlaceAndKeyword(schema: String, document: String, told: [String]) throws {
        let schema = try Checked.schema(schema)
        let document = try JSONDocument(ContiguousArray(document.utf8).span)
        var validator = JSONSchemaValidator()
        let outcome = validator.validate(document, against: schema)
        #expect(outcome == .invalid)
        let found = validator.violations.map {
            "\(document.pointer(to: $0.node)): \($0.keyword.rawValue): \($0.sentence(of: schema))"
        }
        #expect(found == told)
    }

    /// Nothing of the document comes back.
    @Test func theSentenceRepeatsNothing() throws {
        let schema = try Checked.schema(
            #"{"type":"object","properties":{"a":{"enum":[1]},"b":{"format":"ipv4"}}}"#,
            assertsFormat: true)
        let text = #"{"a":"<script>","b":"<script>"}"#
        let document = try JSONDocument(ContiguousArray(text.utf8).span)
        var validator = JSONSchemaValidator()
        _ = validator.validate(document, against: schema)
        #expect(validator.violations.count == 2)
        #expect(validator.violations.allSatisfy { !$0.sentence(of: schema).contains("script") })
    }
}
