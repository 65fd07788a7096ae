package import MartletAlgorithms
import NIOCore

/// Releases, seen from outside of the workers.
extension WorkerGroup {
    /// Has every worker share a release's users out anew.
    package func share(_ release: String, by split: TrafficSplit) async throws {
        try await self.onEveryWorker { worker in
            for state in worker.generation.releases where state.plan.name == release {
                state.splitChanged(to: split)
            }
        }
    }

    /// What all workers counted since they were asked last, by release.
    package func takeReleaseWindows() async throws -> [String: ReleaseWindow] {
        let windows = try await self.collect { worker in
            var windows: [String: ReleaseWindow] = [:]
            for state in worker.generation.releases {
                windows[state.plan.name] = state.takeWindow()
            }
            return windows
        }
        return windows.reduce(into: [:]) { sum, part in
            for (name, window) in part { sum[name, default: ReleaseWindow()].merge(window) }
        }
    }
}
