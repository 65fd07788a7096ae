package import MartletTelemetry
import Synchronization

/// One listener as one worker sees it.
///
/// Lives as long as the listener has its name and address; reloads put new limits in.
package final class ListenerState {
    package private(set) var plan: ListenerPlan
    /// Row in the current plan.
    package private(set) var index: Int
    /// The port that clients reach, also where the configuration says 0.
    package internal(set) var port: UInt16
    /// Open connections on all workers: touched when one opens or closes, never by a request.
    let connectionCount: ConnectionCount

    /// Set when no plan names this listener any more: where its last connections are counted.
    private var retiredShard: MetricsShard?

    package init(plan: ListenerPlan, index: Int, port: UInt16, connectionCount: ConnectionCount) {
        self.plan = plan
        self.index = index
        self.port = port
        self.connectionCount = connectionCount
    }

    /// No plan names this listener any more; its indices mean nothing in the next one.
    package var isRetired: Bool { self.retiredShard != nil }

    /// - Parameter shard: of the last generation that has this listener.
    package func retire(shard: MetricsShard) {
        if self.retiredShard == nil { self.retiredShard = shard }
    }

    func shard(_ worker: Worker) -> MetricsShard { self.retiredShard ?? worker.shard }

    package func update(to plan: ListenerPlan, index: Int) {
        self.plan = plan
        self.index = index
    }
}

/// How many connections a listener has, over all workers.
package final class ConnectionCount: Sendable {
    private let value = Atomic<Int>(0)

    package init() {}

    package var count: Int { self.value.load(ordering: .relaxed) }

    /// Takes a place if there is one.
    func enter(max: Int) -> Bool {
        let before = self.value.add(1, ordering: .relaxed).oldValue
        guard before < max else {
            self.leave()
            return false
        }
        return true
    }

    func leave() {
        self.value.subtract(1, ordering: .relaxed)
    }
}
