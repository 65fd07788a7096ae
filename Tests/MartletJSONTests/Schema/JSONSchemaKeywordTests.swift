import MartletJSON
import Testing

@Suite struct JSONSchemaKeywordTests {
    /// Words that are no keywords are annotations, whatever they hold (core §6.5).
    @Test(arguments: [
        #"{"minLenght":5}"#, #"{"x-note":{"$id":"::"}}"#, #"{"false":false}"#, #"{"$comment":1}"#,
        #"{"const":"a","examples":[{"$ref":"nowhere"}]}"#,
    ])
    func unknownWordsMeanNothing(schema: String) throws {
        #expect(try Checked.outcome(#""a""#, schema) == .valid)
    }

    @Test func eachIsNamedAsItIsWritten() {
        #expect(JSONSchemaKeyword.reference.rawValue == "$ref")
        #expect(JSONSchemaKeyword.enum.rawValue == "enum")
        #expect(
            Set(JSONSchemaKeyword.allCases.map(\.rawValue)).count
                == JSONSchemaKeyword.allCases.count)
    }
}
