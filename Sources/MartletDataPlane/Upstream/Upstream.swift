import MartletAlgorithms
import MartletHTTP
import MartletTelemetry
package import NIOCore

/// One upstream as one worker sees it: its endpoints, their turn, the pool and the queue.
///
/// Confined to the worker's loop. Keeps its state over reloads under its name; `update` takes a new
/// plan in. Performs what `ConnectionPoolStateMachine` decides.
package final class Upstream {
    package private(set) var plan: UpstreamPlan
    /// Row in the current plan, for metrics.
    package private(set) var index: Int
    let worker: Worker
    /// Where this upstream is counted: the newest generation's that has it.
    private(set) var shard: MetricsShard
    let connector: any UpstreamConnector
    private var pool: ConnectionPoolStateMachine<Exchange>
    private var picker: SmoothWeightedRoundRobin
    /// Where there is more to decide than whose turn it is.
    private(set) var traffic: UpstreamTraffic?
    /// The endpoint after the one that got the last connection for requests that wait.
    private var nextInNeed = 0
    /// By `ConnectionID.slot`.
    private var connections: ContiguousArray<UpstreamConnection?> = []
    /// For each endpoint, which of its addresses is dialled next.
    private var nextAddress: [Int]
    /// No plan names it any more: nothing is kept.
    private var isRetired = false

    init(
        plan: UpstreamPlan, index: Int, worker: Worker, shard: MetricsShard,
        connector: any UpstreamConnector
    ) {
        self.shard = shard
        self.plan = plan
        self.index = index
        self.worker = worker
        self.connector = connector
        self.pool = ConnectionPoolStateMachine(
            endpointCount: plan.endpoints.count,
            connectionCountMax: worker.share(of: plan.connectionCountMax),
            pendingCountMax: worker.share(of: plan.pendingCountMax),
            expectedCapacity: plan.endpoints.contains(where: \.mayBeHTTP2)
                ? HTTP2UpstreamHandler.streamCountMax : 1,
            bindsEndpoints: plan.traffic != nil
        )
        self.picker = Self.makePicker(plan)
        self.traffic = plan.traffic.map {
            UpstreamTraffic($0, endpoints: plan.endpoints, worker: worker)
        }
        self.nextAddress = Array(repeating: 0, count: plan.endpoints.count)
    }

    private static func makePicker(_ plan: UpstreamPlan) -> SmoothWeightedRoundRobin {
        // An endpoint whose name has no address takes no traffic.
        SmoothWeightedRoundRobin(
            weights: plan.endpoints.map { $0.addresses.isEmpty ? 0 : $0.weight })
    }

    package var connectionCount: Int { self.pool.connectionCount }
    /// One more connection may be opened.
    var hasRoomForConnection: Bool { self.pool.hasRoom }
    package var waitingCount: Int { self.pool.waitingCount }
    package var idleCount: Int { self.pool.idleCount }

    // MARK: Leasing

    package enum OnLease {
        case leased(UpstreamConnection)
        /// The driver hears of it later.
        case waiting(ConnectionTicket)
        case failed(ProxyError)
    }

    /// Gives the exchange a connection now, or puts it into the queue.
    func lease(_ exchange: Exchange) -> OnLease {
        if let traffic = self.traffic { return self.lease(exchange, traffic) }
        guard let endpoint = self.picker.next() else {
            return .failed(self.plan.errorWithoutEndpoint)
        }
        return self.lease(exchange, endpoint: endpoint)
    }

    private func lease(_ exchange: Exchange, _ traffic: UpstreamTraffic) -> OnLease {
        if !exchange.attempt.isAdmitted {
            if let error = traffic.requestBegan(exchange) { return .failed(error) }
            if traffic.hedging != nil { traffic.awaitHedge(exchange) }
        }
        switch traffic.tryBegan(exchange) {
        case .go(let endpoint): return self.lease(exchange, endpoint: endpoint)
        case .fail(.nameNotResolved): return .failed(self.plan.errorWithoutEndpoint)
        case .fail(let error): return .failed(error)
        }
    }

    func lease(_ exchange: Exchange, endpoint: Int) -> OnLease {
        switch self.pool.requestArrived(exchange, endpoint: endpoint) {
        case .lease(let id):
            guard let connection = self.connections[Int(id.slot)] else {
                return .failed(.internalError)
            }
            return .leased(connection)
        case .connect(let id, let endpoint, let ticket):
            self.shard.upstreamWaitBegan(upstream: self.index)
            self.connect(id, endpoint: endpoint)
            return .waiting(ticket)
        case .wait(let ticket):
            self.shard.upstreamWaitBegan(upstream: self.index)
            return .waiting(ticket)
        case .waitClosing(let ticket, let idle):
            self.shard.upstreamWaitBegan(upstream: self.index)
            self.close([idle])
            return .waiting(ticket)
        case .failQueueFull:
            return .failed(.connectionLimit)
        }
    }

    /// The exchange no longer waits.
    func cancel(_ ticket: ConnectionTicket) {
        guard self.pool.requestCancelled(ticket) else { return }
        self.shard.upstreamWaitEnded(upstream: self.index)
    }

    // MARK: Connections

    /// The endpoint whose turn it is, and the address of it whose turn it is.
    func nextAddressToDial(
        for peer: ClientAddress
    ) -> (endpoint: Int, address: SocketAddress)? {
        let chosen = self.traffic.map { $0.pickForTunnel(peer) } ?? self.picker.next()
        guard let endpoint = chosen else { return nil }
        let addresses = self.plan.endpoints[endpoint].addresses
        let turn = self.nextAddress[endpoint]
        self.nextAddress[endpoint] = turn &+ 1
        return (endpoint, addresses[turn % addresses.count])
    }

    private func connect(_ id: ConnectionID, endpoint: Int) {
        let plan = self.plan.endpoints[endpoint]
        let turn = self.nextAddress[endpoint]
        self.nextAddress[endpoint] = turn &+ 1
        while self.connections.count <= Int(id.slot) { self.connections.append(nil) }
        let address = plan.addresses[turn % plan.addresses.count]
        if plan.isHTTP2 {
            let handler = HTTP2UpstreamHandler(
                upstream: self, id: id, endpoint: endpoint, plan: plan)
            self.connections[Int(id.slot)] = .http2(handler)
            handler.connectBegan()
            self.connector.connect(to: address, handler: handler)
        } else {
            let handler = HTTP1UpstreamHandler(
                upstream: self, id: id, endpoint: endpoint, plan: plan)
            self.connections[Int(id.slot)] = .http1(handler)
            handler.connectBegan()
            self.connector.connect(to: address, handler: handler)
        }
    }

    private func openForWaiting() {
        while let (exchange, id) = self.pool.leaseIdleToWaiting() {
            self.shard.upstreamWaitEnded(upstream: self.index)
            guard let connection = self.connections[Int(id.slot)] else { continue }
            ExchangeDriver.connectionLeased(connection, to: exchange)
        }
        guard self.traffic == nil else { return self.openForBound() }
        while self.pool.needsConnection, self.pool.hasRoom,
            let endpoint = self.picker.next(),
            let id = self.pool.openForWaiting(endpoint: endpoint)
        {
            self.connect(id, endpoint: endpoint)
        }
    }

    /// The endpoints take turns, so that one with many waiting does not take all the room.
    private func openForBound() {
        while self.pool.hasRoom,
            let endpoint = self.pool.endpointInNeed(from: self.nextInNeed),
            let id = self.pool.openForWaiting(endpoint: endpoint)
        {
            self.nextInNeed = endpoint + 1
            self.connect(id, endpoint: endpoint)
        }
    }

    /// - `capacity`: exchanges that the connection can have at once.
    func connectSucceeded(_ connection: UpstreamConnection, capacity: Int = 1) {
        self.shard.upstreamConnected(upstream: self.index)
        self.connections[Int(connection.id.slot)] = connection
        self.perform(
            self.pool.connectSucceeded(connection.id, capacity: capacity), with: connection)
        while let exchange = self.pool.leaseToWaiting(connection.id) {
            self.shard.upstreamWaitEnded(upstream: self.index)
            ExchangeDriver.connectionLeased(connection, to: exchange)
        }
        // It may have less room than was expected.
        self.openForWaiting()
    }

    /// The connection's peer takes another number of exchanges from here on.
    func capacityChanged(_ connection: UpstreamConnection, to capacity: Int) {
        self.pool.capacityChanged(connection.id, to: capacity)
        while let exchange = self.pool.leaseToWaiting(connection.id) {
            self.shard.upstreamWaitEnded(upstream: self.index)
            ExchangeDriver.connectionLeased(connection, to: exchange)
        }
        self.openForWaiting()
    }

    /// The connection's peer takes no new exchanges.
    ///
    /// - Returns: whether none has it, so that it can be closed.
    func connectionDraining(_ id: ConnectionID) -> Bool {
        self.pool.connectionDraining(id)
    }

    func connectFailed(_ id: ConnectionID, _ error: ProxyError) {
        self.connections[Int(id.slot)] = nil
        let reason: ConnectFailure =
            switch error {
            case .connectTimeout, .tlsHandshakeTimeout: .timeout
            case .tlsCertificateInvalid: .tlsCertificate
            case .tlsHandshakeFailed: .tlsHandshake
            // Of an endpoint that should speak HTTP/2.
            case .connectionTerminated: .reset
            case .responseMalformed: .other
            default: .refused
            }
        self.shard.upstreamConnectFailed(upstream: self.index, reason: reason)
        if let exchange = self.pool.connectFailed(id) {
            self.shard.upstreamWaitEnded(upstream: self.index)
            ExchangeDriver.connectFailed(exchange, error)
        }
        self.openForWaiting()
    }

    /// The exchange is done with the connection, which is between two messages.
    func release(_ connection: UpstreamConnection) {
        self.perform(self.pool.connectionReleased(connection.id), with: connection)
    }

    /// An open connection is gone.
    func connectionClosed(_ id: ConnectionID) {
        self.connections[Int(id.slot)] = nil
        self.shard.upstreamDisconnected(upstream: self.index)
        self.pool.connectionClosed(id)
        self.openForWaiting()
    }

    private func perform(
        _ action: ConnectionPoolStateMachine<Exchange>.OnConnectionAvailable,
        with connection: UpstreamConnection
    ) {
        switch action {
        case .lease(let exchange):
            self.shard.upstreamWaitEnded(upstream: self.index)
            ExchangeDriver.connectionLeased(connection, to: exchange)
        case .park:
            if self.isRetired || self.worker.isDraining {
                connection.close()
            } else {
                connection.park()
            }
        case .keep: break
        case .close:
            connection.close()
        }
    }

    // MARK: Reload

    /// Takes a new plan in; connections to endpoints that stay are kept.
    func update(to plan: UpstreamPlan, index: Int, shard: MetricsShard) {
        self.index = index
        self.shard = shard
        guard plan != self.plan else { return }
        let old = self.plan
        self.plan = plan
        var displaced: [Exchange] = []
        let closing = self.pool.reconfigure(
            endpointCount: plan.endpoints.count,
            connectionCountMax: self.worker.share(of: plan.connectionCountMax),
            pendingCountMax: self.worker.share(of: plan.pendingCountMax),
            bindsEndpoints: plan.traffic != nil, displaced: &displaced
        ) { position in
            guard position < old.endpoints.count else { return nil }
            let before = old.endpoints[position]
            return plan.endpoints.firstIndex {
                $0.text == before.text && $0.tls == before.tls
                    && !Set($0.addresses).isDisjoint(with: before.addresses)
            }
        }
        self.picker = Self.makePicker(plan)
        self.updateTraffic()
        self.nextAddress = Array(repeating: 0, count: plan.endpoints.count)
        for connection in self.connections {
            guard let connection else { continue }
            let text = connection.endpointText
            connection.endpointMoved(to: plan.endpoints.firstIndex { $0.text == text } ?? 0)
        }
        self.close(closing)
        self.openForWaiting()
        for exchange in displaced {
            self.shard.upstreamWaitEnded(upstream: self.index)
            ExchangeDriver.placeLost(exchange)
        }
    }

    private func updateTraffic() {
        guard let plan = self.plan.traffic else {
            self.traffic = nil
            return
        }
        if let traffic = self.traffic {
            traffic.update(to: plan, endpoints: self.plan.endpoints)
        } else {
            self.traffic = UpstreamTraffic(
                plan, endpoints: self.plan.endpoints, worker: self.worker)
        }
    }

    /// No plan names this upstream any more: exchanges end, idle connections go now.
    func retire() {
        self.isRetired = true
        self.closeIdle()
    }

    func closeIdle() {
        self.close(self.pool.idleConnections)
    }

    private func close(_ ids: [ConnectionID]) {
        for id in ids { self.connections[Int(id.slot)]?.close() }
    }
}

/// The handler at the end of a channel to an endpoint.
package protocol UpstreamHandler: ChannelHandler {
    /// The channel could not be connected.
    func connectFailed(_ error: ProxyError)
    /// TCP's connection stands; it is active when TLS's does.
    func tlsHandshakeBegan()
    var plan: EndpointPlan { get }
    /// Its channel stays open when the endpoint says nothing more.
    var allowsHalfClosure: Bool { get }
}

extension UpstreamHandler {
    package func tlsHandshakeBegan() {}
    package var allowsHalfClosure: Bool { false }
}

/// Opens a connection: the seam where tests put a network of their own.
package protocol UpstreamConnector: AnyObject {
    /// Puts `handler` at the end of a new channel, or calls its `connectFailed`, neither of them
    /// before this has returned.
    func connect(to address: SocketAddress, handler: any UpstreamHandler)
}
