import Foundation
import MartletTelemetry

/// `/v1/mirrors`: how the answers of mirrors differ.
enum MirrorsDocument {
    private struct Body: Encodable {
        let mirrors: [MirrorStatus]
    }

    static func list(_ statuses: [MirrorStatus]) -> String { self.text(Body(mirrors: statuses)) }

    static func one(_ status: MirrorStatus) -> String { self.text(status) }

    private static func text(_ body: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(body) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

/// Mirrors as series.
enum MirrorMetrics {
    static func series(_ statuses: [MirrorStatus]) -> MirrorSeries {
        var series = MirrorSeries()
        for status in statuses {
            let results = [
                ("identical", status.results.identical), ("different", status.results.different),
                ("not_compared", status.results.notCompared),
                ("failed", status.failed.values.reduce(0, &+)),
                ("skipped", status.skipped.busy &+ status.skipped.tooLarge),
            ]
            for (result, count) in results {
                series.requests.append(.init(labels: [status.name, result], value: count))
            }
            for (kind, count) in status.kinds.sorted(by: { $0.key < $1.key }) {
                series.differences.append(.init(labels: [status.name, kind], value: count))
            }
        }
        return series
    }
}
