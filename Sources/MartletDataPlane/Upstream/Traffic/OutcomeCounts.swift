package import MartletAlgorithms

/// How the requests to an upstream's endpoints ended since somebody asked last, for whoever judges
/// endpoints for all workers.
///
/// Owned by `UpstreamTraffic`; as large as the upstream has endpoints.
struct OutcomeCounts {
    private struct Row: BitwiseCopyable {
        let identifier: UInt64
        var outcomes = EndpointOutcomes()
        var run = FailureRun()
        var hasRun = false
    }

    private var rows: ContiguousArray<Row>
    private let failureCountMax: UInt32

    init(_ plan: OutlierPlan, endpoints: [EndpointShare]) {
        self.failureCountMax = plan.consecutiveFailureCount
        self.rows = ContiguousArray(endpoints.map { Row(identifier: $0.identifier) })
    }

    mutating func record(_ index: Int, hasFailed: Bool, nanoseconds: UInt64) {
        guard self.rows.indices.contains(index) else { return }
        if hasFailed {
            self.rows[index].outcomes.requestFailed()
            if self.rows[index].run.requestFailed(countMax: self.failureCountMax) {
                self.rows[index].hasRun = true
            }
        } else {
            self.rows[index].outcomes.requestSucceeded(nanoseconds: nanoseconds)
            self.rows[index].run.requestSucceeded()
        }
    }

    /// What was counted; counting begins anew, runs of failures go on.
    mutating func take() -> [EndpointOutcomeReport] {
        let reports = self.rows.map { row in
            EndpointOutcomeReport(
                identifier: row.identifier, outcomes: row.outcomes, hasFailureRun: row.hasRun)
        }
        for index in self.rows.indices {
            self.rows[index].outcomes = EndpointOutcomes()
            self.rows[index].hasRun = false
        }
        return reports
    }
}

/// What one worker saw of one endpoint.
package struct EndpointOutcomeReport: Sendable, BitwiseCopyable {
    package let identifier: UInt64
    package let outcomes: EndpointOutcomes
    /// As many failures in a row as the plan allows were seen.
    package let hasFailureRun: Bool
}
