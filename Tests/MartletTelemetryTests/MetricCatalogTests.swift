import MartletTelemetry
import Testing

@Suite struct MetricCatalogTests {
    @Test func namesAreUnique() {
        let names = MetricCatalog.all.map(\.name.description)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: MetricCatalog.all)
    func namesFollowTheConventions(metric: MetricCatalog.Metric) {
        let name = metric.name.description
        #expect(name.hasPrefix("martlet_") || name.hasPrefix("process_"))
        #expect(name.hasSuffix("_total") == (metric.kind == .counter))
        let stem = metric.kind == .counter ? String(name.dropLast(6)) : name
        switch metric.unit {
        case .seconds: #expect(stem.hasSuffix("_seconds"))
        case .bytes: #expect(stem.hasSuffix("_bytes"))
        case .none: #expect(!stem.hasSuffix("_seconds") && !stem.hasSuffix("_bytes"))
        }
        #expect(metric.help.description.hasSuffix("."))
        #expect(!metric.help.description.contains { "\\\n".contains($0) })
        #expect(Set(metric.labels.map(\.description)).count == metric.labels.count)
    }
}
