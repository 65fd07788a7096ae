import Foundation
import MartletAlgorithms
import MartletDataPlane

/// `/v1/upstreams`: each upstream's endpoints, whether they get traffic, and if not, why.
enum UpstreamsDocument {
    private struct Endpoint: Encodable {
        let address: String
        let weight: UInt32
        /// 0 is used first.
        let tier: Int
        let available: Bool
        /// Of any worker.
        let conditions: [String]
        let inFlight: Int
        /// The least of any worker: less than 1 during a slow start.
        let weightShare: Double
        let lastCheck: String?
    }

    private struct Upstream: Encodable {
        let name: String
        let balancing: String
        /// In flight, over all workers; left out with plain round robin.
        let requests: Int?
        let retries: Int?
        let concurrencyLimit: Int?
        /// `open` if it is on any worker.
        let circuitBreaker: String?
        let endpoints: [Endpoint]
    }

    private struct Body: Encodable {
        let upstreams: [Upstream]
    }

    static func make(
        _ plan: Plan, reports: [[String: [EndpointReport]]],
        upstreams: [[String: UpstreamReport]], findings: EndpointWatch.Findings
    ) -> String {
        let body = Body(
            upstreams: plan.upstreams.map { plan in
                self.upstream(plan, reports, upstreams.compactMap { $0[plan.name] }, findings)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(body) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func upstream(
        _ upstream: UpstreamPlan, _ reports: [[String: [EndpointReport]]],
        _ whole: [UpstreamReport],
        _ findings: EndpointWatch.Findings
    ) -> Upstream {
        let seen = reports.flatMap { $0[upstream.name] ?? [] }
        let results = findings.lastResults[upstream.name] ?? [:]
        return Upstream(
            name: upstream.name, balancing: upstream.traffic?.algorithmName ?? "round-robin",
            requests: whole.isEmpty ? nil : whole.reduce(0) { $0 + $1.requests },
            retries: whole.isEmpty ? nil : whole.reduce(0) { $0 + $1.retries },
            concurrencyLimit: whole.contains { $0.concurrencyLimit != nil }
                ? whole.reduce(0) { $0 + ($1.concurrencyLimit ?? 0) } : nil,
            circuitBreaker: upstream.traffic?.hasCircuitBreaker ?? false
                ? whole.contains(where: \.isOpen) ? "open" : "closed" : nil,
            endpoints: upstream.endpoints.enumerated().map { index, endpoint in
                let own = seen.filter { $0.identifier == endpoint.identifier }
                var conditions = own.reduce(into: EndpointConditions()) {
                    $0.formUnion($1.conditions)
                }
                if endpoint.addresses.isEmpty { conditions.insert(.unresolved) }
                return Endpoint(
                    address: endpoint.text, weight: endpoint.weight,
                    tier: upstream.traffic?.balancing.place(of: index) ?? 0,
                    available: conditions.isEmpty && endpoint.weight > 0,
                    conditions: conditions.names,
                    inFlight: own.reduce(0) { $0 + $1.inFlight },
                    weightShare: own.map(\.weightShare).min() ?? 1,
                    lastCheck: results[endpoint.identifier]?.rawValue)
            })
    }
}

extension EndpointConditions {
    /// As the documentation calls them.
    var names: [String] {
        let all: [(EndpointConditions, String)] = [
            (.unresolved, "unresolved"), (.draining, "draining"), (.broken, "circuit-open"),
            (.full, "full"), (.unhealthy, "unhealthy"), (.ejected, "ejected"),
        ]
        return all.filter { self.contains($0.0) }.map(\.1)
    }
}
