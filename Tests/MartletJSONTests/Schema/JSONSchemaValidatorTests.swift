import MartletJSON
import Testing

@Suite struct JSONSchemaValidatorTests {
    private func check(
        _ document: String, _ schema: String, _ change: (inout JSONSchemaValidator.Limits) -> Void
    ) throws -> (outcome: JSONSchemaValidator.Outcome, validator: JSONSchemaValidator) {
        var limits = JSONLimits()
        limits.depthMax = 1000
        let document = try JSONDocument(ContiguousArray(document.utf8).span, limits: limits)
        var validator = JSONSchemaValidator()
        change(&validator.limits)
        let outcome = validator.validate(document, against: try Checked.schema(schema))
        return (outcome, validator)
    }

    @Test func depthIsBounded() throws {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        let schema = ##"{"items":{"$ref":"#"}}"##
        #expect(try self.check(deep, schema) { _ in }.outcome == .tooDeep)
        // Nor does a denial turn it into an acceptance.
        let denied = ##"{"not":{"$ref":"#/$defs/a"},"$defs":{"a":{"items":{"$ref":"#/$defs/a"}}}}"##
        #expect(try self.check(deep, denied) { _ in }.outcome == .tooDeep)
        let shallow = String(repeating: "[", count: 50) + String(repeating: "]", count: 50)
        #expect(try self.check(shallow, schema) { _ in }.outcome == .valid)
    }

    /// Schemas whose work doubles with each level end by the limit of steps.
    @Test func workIsBounded() throws {
        let levels = (0..<40).map { level in
            let next = ##"{"$ref":"#/$defs/l\##(level + 1)"}"##
            return ##""l\##(level)":{"anyOf":[{"allOf":[\##(next),false]},\##(next)]}"##
        }.joined(separator: ",")
        let schema = ##"{"$ref":"#/$defs/l0","$defs":{\##(levels),"l40":{"type":"null"}}}"##
        let result = try self.check("1", schema) { $0.stepCountMax = 100_000 }
        #expect(result.outcome == .tooMuchWork)
        #expect(result.validator.violations.isEmpty)
        #expect(result.validator.stepCount <= 100_001)
    }

    @Test func equalValuesAreNotComparedInQuadraticTime() throws {
        let values = (0..<20_000).map { "\($0)" }.joined(separator: ",")
        let result = try self.check("[\(values)]", #"{"uniqueItems":true}"#) { _ in }
        #expect(result.outcome == .valid)
        #expect(result.validator.stepCount < 1_000_000)
    }

    @Test func violationsAreToldUpToTheLimit() throws {
        let values = (0..<100).map { "\($0)" }.joined(separator: ",")
        let schema = #"{"items":{"type":"string"}}"#
        let result = try self.check("[\(values)]", schema) { $0.violationCountMax = 7 }
        #expect(result.outcome == .invalid)
        #expect(result.validator.violations.count == 7)
        let none = try self.check("[\(values)]", schema) { $0.violationCountMax = 0 }
        #expect(none.outcome == .invalid)
        #expect(none.validator.stepCount < 10)
    }

    @Test func itIsUsedAgain() throws {
        let schema = try Checked.schema(
            #"{"properties":{"a":{"type":"string"}},"unevaluatedProperties":false}"#)
        let good = try JSONDocument(ContiguousArray(#"{"a":"b"}"#.utf8).span)
        let bad = try JSONDocument(ContiguousArray(#"{"a":1,"c":2}"#.utf8).span)
        var validator = JSONSchemaValidator()
        for _ in 0..<3 {
            let first = validator.validate(good, against: schema)
            #expect(first == .valid)
            #expect(validator.violations.isEmpty)
            let second = validator.validate(bad, against: schema)
            #expect(second == .invalid)
            #expect(validator.violations.count == 2)
        }
    }
}
