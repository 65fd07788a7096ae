import NIOCore

/// Mirrors, seen from outside of the workers.
extension WorkerGroup {
    /// What one worker has for one mirror.
    package struct MirrorHarvest: Sendable {
        package let exchanges: [MirroredExchange]
        package let counts: MirrorCounts
    }

    /// What has come since workers were asked last, by worker and mirror.
    ///
    /// - `ended`: copies taken before that have ended, in the same way.
    package func takeMirrored(
        ended: [[String: Int]]
    ) async throws -> [[String: MirrorHarvest]] {
        try await self.collect { worker in
            var taken: [String: MirrorHarvest] = [:]
            for state in worker.generation.mirrors {
                let name = state.plan.name
                let endedCount = worker.index < ended.count ? ended[worker.index][name] ?? 0 : 0
                let (exchanges, counts) = state.take(endedCount: endedCount)
                taken[name] = MirrorHarvest(exchanges: exchanges, counts: counts)
            }
            return taken
        }
    }
}
