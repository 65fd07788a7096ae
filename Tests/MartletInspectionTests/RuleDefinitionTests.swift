import Foundation
import MartletInspection
import Testing

@Suite struct RuleDefinitionTests {
    @Test func theCatalogueIsInOrder() {
        #expect(RuleDefinition.catalogue.map(\.rule) == InspectionRule.allCases)
    }

    @Test func idsAreUniqueAndFound() {
        let ids = RuleDefinition.catalogue.map { "\($0.id)" }
        #expect(Set(ids).count == ids.count)
        for definition in RuleDefinition.catalogue {
            let id = Array("\(definition.id)".utf8)
            #expect(RuleDefinition.named(id.span) == definition.rule)
        }
        for unknown in ["", "sql", "sql-union-", "SQL-UNION"] {
            let id = Array(unknown.utf8)
            #expect(RuleDefinition.named(id.span) == nil)
        }
    }

    /// The page lists every rule as it is.
    @Test func thePageHasEveryRule() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/injection-filter.md").standardizedFileURL
        let page = try String(contentsOf: file, encoding: .utf8)
        for rule in RuleDefinition.catalogue {
            let row = "| `\(rule.id)` | \(rule.severity.score) | \(rule.level.rawValue) |"
            #expect(page.contains(row), "\(row) \(rule.summary)")
        }
    }
}
