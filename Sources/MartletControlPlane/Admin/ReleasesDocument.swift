import Foundation
import MartletTelemetry

/// `/v1/releases`: which share each release has, and how it fares.
enum ReleasesDocument {
    private struct Body: Encodable {
        let releases: [ReleaseStatus]
    }

    static func list(_ statuses: [ReleaseStatus]) -> String {
        self.text(Body(releases: statuses))
    }

    static func one(_ status: ReleaseStatus) -> String { self.text(status) }

    private static func text(_ body: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(body) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

/// Releases as series.
enum ReleaseMetrics {
    static func series(_ statuses: [ReleaseStatus]) -> ReleaseSeries {
        var series = ReleaseSeries()
        for status in statuses {
            series.shares.append(
                .init(labels: [status.name], value: UInt64(status.points) * 100_000))
            series.aborts.append(.init(labels: [status.name], value: status.abortCount))
            for (variant, counts) in [("canary", status.canary), ("baseline", status.baseline)] {
                series.requests.append(
                    .init(labels: [status.name, variant], value: counts.requests))
                series.errors.append(.init(labels: [status.name, variant], value: counts.errors))
            }
        }
        return series
    }
}
