package import Logging
package import MartletAlgorithms
package import MartletDataPlane
import NIOCore

/// Finds out how endpoints are, for all workers: sends the health checks, and judges what the
/// workers saw.
///
/// The only one that does so, so that an endpoint is checked once and not by each worker. Keeps
/// what it knows over reloads that leave an endpoint and its check as they are. One task and one
/// connection at most for each endpoint that is checked.
package actor EndpointWatch {
    private struct Key: Hashable {
        let upstream: String
        let identifier: UInt64
    }

    private struct Check {
        var probe: HealthProbe
        var plan: HealthCheckPlan
        var machine: HealthCheckStateMachine
        var address: String
        var lastResult: HealthCheckResult?
        var task: Task<Void, Never>?
    }

    private struct Outliers {
        var detection: OutlierDetection
        var identifiers: [UInt64]
        var addresses: [String]
        var outcomes: [UInt64: EndpointOutcomes] = [:]
        var intervalEnd: UInt64
    }

    /// Seen by `/v1/upstreams` and the metrics.
    package struct Findings: Sendable {
        /// By upstream and result.
        package var checks: [String: [HealthCheckResult: UInt64]] = [:]
        /// By upstream and reason.
        package var ejections: [String: [OutlierDetection.Reason: UInt64]] = [:]
        /// By upstream and endpoint.
        package var lastResults: [String: [UInt64: HealthCheckResult]] = [:]
    }

    /// How often workers are asked what they saw.
    private static let pollInterval = Duration.milliseconds(200)

    private let workers: WorkerGroup
    private let log: Logger
    private let start = ContinuousClock.now
    private var random: SeededRandom
    private var checks: [Key: Check] = [:]
    private var outliers: [String: Outliers] = [:]
    private var checkCounts: [String: [HealthCheckResult: UInt64]] = [:]
    private var ejectionCounts: [String: [OutlierDetection.Reason: UInt64]] = [:]
    private var isStopped = false

    package init(workers: WorkerGroup, log: Logger) {
        self.workers = workers
        self.log = log
        var system = SystemRandomNumberGenerator()
        self.random = SeededRandom(seed: system.next())
    }

    private var now: UInt64 {
        let (seconds, attoseconds) = (ContinuousClock.now - self.start).components
        return UInt64(clamping: seconds) * 1_000_000_000
            + UInt64(clamping: attoseconds / 1_000_000_000) + 1
    }

    package var findings: Findings {
        var findings = Findings(checks: self.checkCounts, ejections: self.ejectionCounts)
        for (key, check) in self.checks {
            findings.lastResults[key.upstream, default: [:]][key.identifier] = check.lastResult
        }
        return findings
    }

    // MARK: Plans

    /// Workers have taken a plan over.
    package func planChanged(_ plan: Plan) {
        self.updateChecks(plan)
        self.updateOutliers(plan)
    }

    private func updateChecks(_ plan: Plan) {
        var known = self.checks
        self.checks = [:]
        for upstream in plan.upstreams {
            guard let traffic = upstream.traffic, let config = traffic.healthCheckConfig,
                let checkPlan = traffic.healthChecks, !self.isStopped
            else { continue }
            for endpoint in upstream.endpoints {
                let key = Key(upstream: upstream.name, identifier: endpoint.identifier)
                guard self.checks[key] == nil else { continue }
                let probe = HealthProbe(config, endpoint: endpoint)
                if var check = known[key], check.probe.config == config {
                    known[key] = nil
                    check.probe = probe
                    self.checks[key] = check
                } else {
                    self.checks[key] = Check(
                        probe: probe, plan: checkPlan,
                        machine: HealthCheckStateMachine(checkPlan.beginning),
                        address: endpoint.text)
                    self.checks[key]?.task = Task { await self.keepChecking(key) }
                }
            }
        }
        for check in known.values { check.task?.cancel() }
    }

    private func updateOutliers(_ plan: Plan) {
        let known = self.outliers
        self.outliers = [:]
        for upstream in plan.upstreams {
            guard let outlierPlan = upstream.traffic?.outliers else { continue }
            let identifiers = upstream.endpoints.map(\.identifier)
            let old = known[upstream.name]
            let detection =
                old?.detection.updated(
                    to: outlierPlan, endpointCount: identifiers.count,
                    oldIndex: { old?.identifiers.firstIndex(of: identifiers[$0]) })
                ?? OutlierDetection(plan: outlierPlan, endpointCount: identifiers.count)
            self.outliers[upstream.name] = Outliers(
                detection: detection, identifiers: identifiers,
                addresses: upstream.endpoints.map(\.text), outcomes: old?.outcomes ?? [:],
                intervalEnd: old?.intervalEnd ?? self.now + outlierPlan.intervalNanoseconds)
        }
    }

    package func stop() {
        self.isStopped = true
        for check in self.checks.values { check.task?.cancel() }
        self.checks = [:]
        self.outliers = [:]
    }

    // MARK: Health checks

    private func keepChecking(_ key: Key) async {
        guard let check = self.checks[key] else { return }
        var delay = check.machine.firstDelay(check.plan, random: &self.random)
        while (try? await Task.sleep(for: .nanoseconds(Int64(clamping: delay)))) != nil,
            let probe = self.checks[key]?.probe
        {
            let result =
                (try? await probe.send(on: self.workers.probingLoop).get()) ?? .connectFailed
            guard !Task.isCancelled, let next = await self.checkEnded(key, result) else { return }
            delay = next
        }
    }

    /// - Returns: nanoseconds until the next check.
    private func checkEnded(_ key: Key, _ result: HealthCheckResult) async -> UInt64? {
        guard var check = self.checks[key] else { return nil }
        self.checkCounts[key.upstream, default: [:]][result, default: 0] += 1
        let change = check.machine.checkEnded(hasPassed: result == .passed, check.plan)
        check.lastResult = result
        self.checks[key] = check
        let delay = check.machine.nextDelay(check.plan, random: &self.random)
        guard change != .none else { return delay }
        let isHealthy = change == .becameHealthy
        self.log.log(
            level: isHealthy ? .info : .warning,
            isHealthy ? "endpoint_healthy" : "endpoint_unhealthy",
            metadata: [
                "upstream": "\(key.upstream)", "endpoint": "\(check.address)",
                "result": "\(result.rawValue)",
            ])
        try? await self.workers.apply([
            EndpointChange(
                upstream: key.upstream, identifier: key.identifier, condition: .unhealthy,
                begins: !isHealthy)
        ])
        return delay
    }

    // MARK: Outliers

    /// Judges until the task is cancelled.
    package func run() async {
        while (try? await Task.sleep(for: Self.pollInterval)) != nil {
            if !self.outliers.isEmpty { await self.judge() }
        }
    }

    private func judge() async {
        guard let reports = try? await self.workers.takeOutcomes() else { return }
        let now = self.now
        var changes: [EndpointChange] = []
        for name in self.outliers.keys {
            guard var outliers = self.outliers[name] else { continue }
            var found: [OutlierDetection.Change] = []
            outliers.detection.timePassed(now: now, into: &found)
            for report in reports.flatMap({ $0[name] ?? [] }) {
                outliers.outcomes[report.identifier, default: EndpointOutcomes()]
                    .merge(report.outcomes)
                if report.hasFailureRun,
                    let index = outliers.identifiers.firstIndex(of: report.identifier)
                {
                    outliers.detection.failureRunReached(index, now: now, into: &found)
                }
            }
            if now >= outliers.intervalEnd {
                outliers.intervalEnd = now + outliers.detection.plan.intervalNanoseconds
                outliers.detection.intervalEnded(
                    outliers.identifiers.map { outliers.outcomes[$0] ?? EndpointOutcomes() },
                    now: now, into: &found)
                outliers.outcomes = [:]
            }
            self.outliers[name] = outliers
            changes += found.map { self.change($0, name, outliers) }
        }
        try? await self.workers.apply(changes)
    }

    private func change(
        _ change: OutlierDetection.Change, _ name: String, _ outliers: Outliers
    ) -> EndpointChange {
        switch change {
        case .ejected(let index, let reason, let until):
            self.ejectionCounts[name, default: [:]][reason, default: 0] += 1
            let seconds = (until - min(self.now, until)) / 1_000_000_000
            self.log.warning(
                "endpoint_ejected",
                metadata: [
                    "upstream": "\(name)", "endpoint": "\(outliers.addresses[index])",
                    "reason": "\(reason.text)", "seconds": "\(seconds)",
                ])
            return EndpointChange(
                upstream: name, identifier: outliers.identifiers[index], condition: .ejected,
                begins: true)
        case .returned(let index):
            self.log.info(
                "endpoint_returned",
                metadata: [
                    "upstream": "\(name)", "endpoint": "\(outliers.addresses[index])",
                ])
            return EndpointChange(
                upstream: name, identifier: outliers.identifiers[index], condition: .ejected,
                begins: false)
        }
    }
}

extension OutlierDetection.Reason {
    /// As metrics and the log call it.
    package var text: String {
        switch self {
        case .consecutiveFailures: "consecutive_failures"
        case .successRate: "success_rate"
        case .latency: "latency"
        }
    }
}
