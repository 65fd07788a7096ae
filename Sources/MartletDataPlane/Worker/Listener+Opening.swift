import MartletConfig
import NIOCore

/// Opening and closing: asked for by the control plane, not by any request.
extension Listener {
    /// Opens one socket on each worker's loop, the port of the first deciding the others'.
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

    /// Accepts no more; open connections go on.
    package func close() async {
        for socket in self.sockets { try? await socket.close() }
    }
}
