import Foundation
import MartletTelemetry
import Testing

/// `docs/metrics.md` has every metric of the catalogue with its type and labels, every value of
/// the fixed labels, and no metric that does not exist.
@Suite struct MetricsDocumentationTests {
    private static let page: String = {
        let url = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/metrics.md")
        return (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    }()

    /// Rows of the page's tables that begin with a name in code style, as lists of cells.
    private static var rows: [[String]] {
        self.page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.dropFirst(2).components(separatedBy: " | ")
        }
    }

    private static func row(of name: String) -> [String]? {
        self.rows.first { $0.first == "`\(name)`" }
    }

    @Test(arguments: MetricCatalog.all)
    func metricIsDescribed(metric: MetricCatalog.Metric) throws {
        let row = try #require(Self.row(of: metric.name.description), "no row for \(metric.name)")
        try #require(row.count >= 4)
        #expect(row[1] == "\(metric.kind)")
        let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
        #expect(row[2] == (labels.isEmpty ? "–" : labels))
    }

    @Test(arguments: DownstreamRejection.allCases)
    func reasonOfRejectionIsDescribed(reason: DownstreamRejection) {
        #expect(Self.row(of: reason.label.description) != nil)
    }

    @Test(arguments: ConnectFailure.allCases)
    func reasonOfConnectFailureIsDescribed(reason: ConnectFailure) {
        #expect(Self.page.contains("`\(reason.label)`"))
    }

    @Test(arguments: TLSHandshakeResult.allCases)
    func resultOfHandshakeIsDescribed(result: TLSHandshakeResult) {
        #expect(Self.page.contains("`\(result.label)`"))
    }

    @Test(arguments: StatusClass.allCases)
    func statusClassIsDescribed(status: StatusClass) {
        #expect(Self.page.contains("`\(status.label)`"))
    }

    @Test func noOtherMetricIsDescribed() {
        let names = MetricCatalog.all.map { "`\($0.name)`" }
        let described = Self.rows.compactMap(\.first).filter {
            $0.hasPrefix("`martlet_") || $0.hasPrefix("`process_")
        }
        #expect(described.sorted() == names.sorted())
    }
}
