import MartletHTTP
import MartletConfig
package import NIOCore

/// One address on which all workers accept, from bind to close.
package final class Listener: Sendable {
    package let name: String
    /// As configured; a reload that changes it opens another listener.
    private let configuredText: SocketAddressConfig
    /// As bound: port 0 has become a real one.
    package let address: SocketAddress
    private let sockets: [any Channel]
    private let states: [NIOLoopBound<ListenerState>]

    private init(
        name: String, configuredText: SocketAddressConfig, address: SocketAddress,
        sockets: [any Channel], states: [NIOLoopBound<ListenerState>]
    ) {
        self.name = name
        self.configuredText = configuredText
        self.address = address
        self.sockets = sockets
        self.states = states
    }

    static func open(
        _ plan: ListenerPlan, index: Int, workers: [NIOLoopBound<Worker>]
    ) async throws -> Listener {
        let configured = try SocketAddress.makeAddressResolvingHost(
            plan.address.host, port: plan.address.port)
        let count = ConnectionCount()
        var address = configured
        var sockets: [any Channel] = []
        var states: [NIOLoopBound<ListenerState>] = []
        do {
            for worker in workers {
                // Bound but not known to the kernel's balance until the port is certain.
                let bound = address
                let (socket, state) = try await worker.eventLoop.flatSubmit {
                    let state = ListenerState(
                        plan: plan, index: index, port: UInt16(clamping: bound.port ?? 0),
                        connectionCount: count)
                    let boundState = NIOLoopBound(state, eventLoop: worker.eventLoop)
                    return ListenerSocket.bind(bound, worker: worker, listener: boundState)
                        .map { socket in
                            boundState.value.port = UInt16(clamping: socket.localAddress?.port ?? 0)
                            return (socket, boundState)
                        }
                }.get()
                sockets.append(socket)
                states.append(state)
                address = socket.localAddress ?? address
            }
        } catch {
            for socket in sockets { try? await socket.close() }
            throw error
        }
        return Listener(
            name: plan.name, configuredText: plan.address, address: address, sockets: sockets,
            states: states)
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

    /// Accepts no more; open connections go on.
    package func close() async {
        for socket in self.sockets { try? await socket.close() }
    }
}
