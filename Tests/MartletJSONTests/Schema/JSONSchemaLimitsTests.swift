import MartletJSON
import Testing

@Suite struct JSONSchemaLimitsTests {
    private func reasons(
        _ schema: String, _ change: (inout JSONSchemaLimits) -> Void
    ) -> [JSONSchemaError.Reason] {
        var options = JSONSchema.Options()
        change(&options.limits)
        let source = JSONSchema.Source(uri: "schema:test", text: ContiguousArray(schema.utf8))
        let result = Result { () throws(JSONSchema.Failure) in
            try JSONSchema(
                source, others: [.init(uri: "schema:other", text: source.text)], options: options)
        }
        guard case .failure(let failure) = result else { return [] }
        return failure.errors.map(\.reason)
    }

    @Test func eachHolds() {
        let two = #"{"not":{"not":{"not":{"type":"null"}}}}"#
        #expect(self.reasons(two) { $0.subschemaCountMax = 3 }.contains(.tooLarge))
        #expect(self.reasons("{}") { $0.documentCountMax = 1 }.contains(.tooLarge))
        let deep = self.reasons(two) { $0.json.depthMax = 2 }
        guard case .invalidJSON(let error)? = deep.first else {
            Issue.record("\(deep)")
            return
        }
        #expect(error.reason == .tooDeep)
    }
}
