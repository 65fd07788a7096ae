package import MartletConfig
import MartletDataPlane
package import MartletTelemetry

/// What the admin server shows.
extension ControlPlane {
    package func status() async -> ControlPlaneStatus {
        let load = (try? await self.workers.load()) ?? (0, 0)
        return ControlPlaneStatus(
            phase: self.phase, generation: self.plan.version, workers: self.workers.count,
            connections: load.0, exchanges: load.1,
            listeners: self.listeners.map { (name: $0.name, address: Self.text($0.address)) },
            upstreams: self.plan.upstreams.map(\.name), routeCount: self.plan.routes.count,
            reloadsSucceeded: self.reloadsSucceeded, reloadsFailed: self.reloadsFailed,
            exceptions: self.configuration.exceptions, now: Self.now())
    }

    /// `/v1/upstreams`.
    func upstreamsDocument() async throws -> String {
        UpstreamsDocument.make(
            self.plan, reports: try await self.workers.endpointReports(),
            upstreams: try await self.workers.upstreamReports(),
            findings: await self.endpointWatch.findings)
    }

    /// `/v1/deprecations`.
    func deprecationsDocument() async throws -> String {
        DeprecationsDocument.make(try await self.workers.deprecatedCallers())
    }

    func sheddingLevel() async throws -> Int { try await self.workers.sheddingLevel() }

    /// How endpoints are, for the metrics.
    func endpointMetrics() async throws -> EndpointMetrics {
        EndpointMetrics(
            self.plan, reports: try await self.workers.endpointReports(),
            upstreams: try await self.workers.upstreamReports(),
            findings: await self.endpointWatch.findings)
    }

    package func snapshots() async throws -> [MetricsShardSnapshot] {
        try await self.workers.snapshots()
    }
}

/// What `/v1/status` shows.
package struct ControlPlaneStatus: Sendable {
    package let phase: ControlPlane.Phase
    package let generation: UInt64
    package let workers: Int
    package let connections: Int
    package let exchanges: Int
    package let listeners: [(name: String, address: String)]
    package let upstreams: [String]
    package let routeCount: Int
    package let reloadsSucceeded: UInt64
    package let reloadsFailed: UInt64
    package let exceptions: [StatedException]
    /// Seconds since 1970.
    package let now: Int64
}
