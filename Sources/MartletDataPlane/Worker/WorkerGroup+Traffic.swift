package import MartletAlgorithms
package import NIOCore

/// What is believed of an endpoint, for every worker.
package struct EndpointChange: Sendable, Equatable {
    package let upstream: String
    package let identifier: UInt64
    package let condition: EndpointConditions
    /// It begins, or it is over.
    package let begins: Bool

    package init(
        upstream: String, identifier: UInt64, condition: EndpointConditions, begins: Bool
    ) {
        self.upstream = upstream
        self.identifier = identifier
        self.condition = condition
        self.begins = begins
    }
}

/// One endpoint as one worker sees it.
package struct EndpointReport: Sendable {
    package let identifier: UInt64
    package let conditions: EndpointConditions
    package let inFlight: Int
    /// Of its configured weight, 0…1; less than 1 during a slow start.
    package let weightShare: Double
}

/// One upstream as one worker sees it.
package struct UpstreamReport: Sendable {
    /// In flight.
    package let requests: Int
    package let retries: Int
    /// Of `adaptive-concurrency`.
    package let concurrencyLimit: Int?
    /// The circuit breaker lets nothing through.
    package let isOpen: Bool
    /// Endpoints whose breaker lets nothing through.
    package let openEndpoints: Int
    package let breakerOpenings: UInt64
}

/// The traffic of upstreams, seen from outside of the workers.
extension WorkerGroup {
    /// Tells every worker.
    package func apply(_ changes: [EndpointChange]) async throws {
        guard !changes.isEmpty else { return }
        try await self.onEveryWorker { worker in
            worker.eventBegan()
            for upstream in worker.generation.upstreams {
                for change in changes where change.upstream == upstream.plan.name {
                    upstream.traffic?.apply(change)
                }
            }
        }
    }

    /// What each worker counted since it was asked last, by upstream.
    package func takeOutcomes() async throws -> [[String: [EndpointOutcomeReport]]] {
        try await self.collect { worker in
            var reports: [String: [EndpointOutcomeReport]] = [:]
            for upstream in worker.generation.upstreams {
                guard let outcomes = upstream.traffic?.takeOutcomes() else { continue }
                reports[upstream.plan.name] = outcomes
            }
            return reports
        }
    }

    /// What each worker knows of the endpoints, by upstream.
    package func endpointReports() async throws -> [[String: [EndpointReport]]] {
        try await self.collect { worker in
            var reports: [String: [EndpointReport]] = [:]
            for upstream in worker.generation.upstreams {
                reports[upstream.plan.name] = upstream.traffic?.reports() ?? []
            }
            return reports
        }
    }

    /// What each worker knows of upstreams as a whole.
    package func upstreamReports() async throws -> [[String: UpstreamReport]] {
        try await self.collect { worker in
            var reports: [String: UpstreamReport] = [:]
            for upstream in worker.generation.upstreams {
                reports[upstream.plan.name] = upstream.traffic?.report()
            }
            return reports
        }
    }

    /// Who has called what is deprecated, on all workers.
    package func deprecatedCallers() async throws -> [DeprecatedCaller] {
        try await self.collect { $0.deprecatedCalls.all }.flatMap { $0 }
    }

    /// Who has been kept out since workers were asked last.
    package func takeBlockedClients() async throws -> [BlockedClients] {
        try await self.collect { worker in
            let blocked = worker.blockedClients
            worker.blockedClients = BlockedClients()
            return blocked
        }
    }

    /// The highest level of load shedding of any worker.
    package func sheddingLevel() async throws -> Int {
        try await self.collect { $0.strain.level }.max() ?? 0
    }

    /// The loop on which health checks are sent.
    package var probingLoop: any EventLoop { self.firstLoop }
}
