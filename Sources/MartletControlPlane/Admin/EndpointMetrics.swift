import MartletAlgorithms
import MartletDataPlane
import MartletTelemetry

/// How endpoints are, as series: whether each gets traffic, how checks ended, who was ejected.
struct EndpointMetrics {
    private(set) var series = EndpointSeries()

    init(
        _ plan: Plan, reports: [[String: [EndpointReport]]],
        upstreams: [[String: UpstreamReport]], findings: EndpointWatch.Findings
    ) {
        for upstream in plan.upstreams {
            self.addWhole(upstream.name, upstreams.compactMap { $0[upstream.name] })
            let seen = reports.flatMap { $0[upstream.name] ?? [] }
            for endpoint in upstream.endpoints {
                let isAway = seen.contains {
                    $0.identifier == endpoint.identifier
                        && !$0.conditions.isDisjoint(with: .lasting)
                }
                let isAvailable =
                    !isAway && !endpoint.addresses.isEmpty && endpoint.weight > 0
                self.series.available.append(
                    .init(labels: [upstream.name, endpoint.text], value: isAvailable ? 1 : 0))
            }
            for result in HealthCheckResult.allCases {
                guard let count = findings.checks[upstream.name]?[result] else { continue }
                self.series.checks.append(
                    .init(labels: [upstream.name, result.rawValue], value: count))
            }
            for reason in OutlierDetection.Reason.allCases {
                guard let count = findings.ejections[upstream.name]?[reason] else { continue }
                self.series.ejections.append(
                    .init(labels: [upstream.name, reason.text], value: count))
            }
        }
    }

    private mutating func addWhole(_ name: String, _ reports: [UpstreamReport]) {
        guard !reports.isEmpty else { return }
        let open = reports.reduce(0) { $0 + ($1.isOpen ? 1 : 0) + $1.openEndpoints }
        self.series.openBreakers.append(.init(labels: [name], value: UInt64(clamping: open)))
        self.series.breakerOpenings.append(
            .init(labels: [name], value: reports.reduce(0) { $0 &+ $1.breakerOpenings }))
        let limits = reports.compactMap(\.concurrencyLimit)
        guard !limits.isEmpty else { return }
        self.series.concurrencyLimits.append(
            .init(labels: [name], value: UInt64(clamping: limits.reduce(0, +))))
    }
}
