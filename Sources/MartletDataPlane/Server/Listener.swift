import MartletConfig
import MartletHTTP
package import NIOCore

/// One address on which all workers accept, from bind to close.
package final class Listener: Sendable {
    package let name: String
    /// As configured; a reload that changes it opens another listener.
    private let configuredText: SocketAddressConfig
    /// As bound: port 0 has become a real one.
    package let address: SocketAddress
    let sockets: [any Channel]
    private let states: [NIOLoopBound<ListenerState>]

    init(
        name: String, configuredText: SocketAddressConfig, address: SocketAddress,
        sockets: [any Channel], states: [NIOLoopBound<ListenerState>]
    ) {
        self.name = name
        self.configuredText = configuredText
        self.address = address
        self.sockets = sockets
        self.states = states
    }

    /// Whether a plan asks for this very listener: the name and what was configured are the same.
    package func isSame(as plan: ListenerPlan) -> Bool {
        plan.name == self.name && plan.address == self.configuredText
    }

    /// On the worker's loop, before it takes a plan over that does not have this listener: idle
    /// connections go, the others end with the answer they are at.
    func retireIfMissing(in plan: Plan, worker: Worker) {
        guard !plan.listeners.contains(where: { $0.name == self.name }) else { return }
        worker.retire(self.states[worker.index].value)
    }

    /// On the worker's loop: puts the new plan's limits in.
    func update(worker: Worker, plan: Plan) {
        guard let index = plan.listeners.firstIndex(where: { $0.name == self.name }) else { return }
        self.states[worker.index].value.update(to: plan.listeners[index], index: index)
    }
}
