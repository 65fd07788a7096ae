import MartletInspection
import Testing

@Suite struct InspectionSettingsTests {
    static func hits(_ query: String, _ settings: InspectionSettings) -> [String] {
        var inspector = RequestInspector(settings)
        let bytes = Array(query.utf8)
        inspector.inspectQuery(bytes.span)
        return Inspected.ids(of: inspector)
    }

    @Test(arguments: [
        ("note", true), ("NOTE", true), ("notes", false), ("no*", true), ("*te", true), ("*", true),
        ("n*e", true), ("n*x", false), ("note*", true), ("*note", true), ("noteno*te", false),
    ])
    func exceptionsHavePatterns(_ pattern: String, _ isExcepted: Bool) {
        var settings = InspectionSettings()
        settings.exceptions = [
            InspectionException(pattern: Array(pattern.utf8), rules: RuleSet(.sqlQuoteEnd))
        ]
        #expect(Self.hits("Note=x'--", settings).isEmpty == isExcepted)
    }

    @Test func exceptionsAreForPartsAndRules() {
        var settings = InspectionSettings()
        settings.exceptions = [
            InspectionException(
                pattern: Array("a".utf8), part: .formValue, rules: RuleSet(.sqlQuoteEnd))
        ]
        #expect(Self.hits("a=x'--", settings) == ["sql-quote-end"])
        settings.exceptions[0].part = .queryValue
        #expect(Self.hits("a=x'--", settings) == [])
        #expect(Self.hits("a=x'--%3Cscript%3E", settings).contains("xss-tag"))
        #expect(Self.hits("b=x'--", settings) == ["sql-quote-end"])
    }

    @Test func rulesCanBeDisabled() {
        var settings = InspectionSettings()
        settings.disabled = RuleSet(.sqlQuoteEnd)
        #expect(Self.hits("a=x'--", settings) == [])
    }

    @Test func valuesAreCounted() {
        var settings = InspectionSettings()
        settings.limits.valueCountMax = 10
        let query = (0..<20).map { "a\($0)=1" }.joined(separator: "&")
        #expect(Self.hits(query, settings).contains("ambiguous-too-many"))
    }
}
