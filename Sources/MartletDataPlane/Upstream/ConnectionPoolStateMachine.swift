import MartletAlgorithms

/// Names a connection of one pool for as long as it is open or being opened.
package struct ConnectionID: Sendable, BitwiseCopyable, Hashable {
    package let slot: UInt32
}

/// A request's place in a pool's queue.
package struct ConnectionTicket: Sendable, BitwiseCopyable, Equatable {
    let handle: QueueHandle

    package static let none = ConnectionTicket(handle: .none)
}

/// Which connection a request gets, and what is opened, kept and closed: one upstream's pool on
/// one worker, without a byte of I/O.
///
/// Idle connections are used last in, first out, so that those not needed grow old and time out.
/// A connection belongs to one exchange at a time. Bounded: `connectionCountMax` connections,
/// `pendingCountMax` waiting requests.
package struct ConnectionPoolStateMachine<Request> {
    private enum State {
        case free
        case connecting(endpoint: Int)
        case leased(endpoint: Int)
        case idle(endpoint: Int)
    }

    private var slots: ContiguousArray<State> = []
    private var freeSlots: ContiguousArray<UInt32> = []
    /// For each endpoint, its idle connections, the one used last at the end.
    private var idle: ContiguousArray<ContiguousArray<UInt32>>
    private var queue: BoundedQueue<Request>
    private var connectionCountMax: Int
    /// Connections being opened; each will serve one of the queue.
    package private(set) var connectingCount = 0
    /// Connections open or being opened.
    package private(set) var connectionCount = 0

    package init(endpointCount: Int, connectionCountMax: Int, pendingCountMax: Int) {
        self.idle = ContiguousArray(repeating: [], count: endpointCount)
        self.connectionCountMax = connectionCountMax
        self.queue = BoundedQueue(countMax: pendingCountMax)
    }

    package var hasRoom: Bool { self.connectionCount < self.connectionCountMax }
    package var waitingCount: Int { self.queue.count }
    package var idleCount: Int { self.idle.reduce(0) { $0 + $1.count } }

    // MARK: Requests

    package enum OnRequest: Equatable {
        /// Use this idle connection.
        case lease(ConnectionID)
        /// Open this connection; the request waits in the queue.
        case connect(ConnectionID, endpoint: Int, ConnectionTicket)
        /// All connections are busy; the request waits in the queue.
        case wait(ConnectionTicket)
        case failQueueFull
    }

    /// A request wants a connection, to `endpoint` where there is a choice.
    package mutating func requestArrived(_ request: Request, endpoint: Int) -> OnRequest {
        if self.queue.count <= self.connectingCount {
            if let slot = self.idle[endpoint].popLast() { return self.lease(slot, endpoint) }
            if self.connectionCount >= self.connectionCountMax, let other = self.takeAnyIdle() {
                return other
            }
        }
        guard let handle = self.queue.enqueue(request) else { return .failQueueFull }
        let ticket = ConnectionTicket(handle: handle)
        guard self.connectionCount < self.connectionCountMax else { return .wait(ticket) }
        return .connect(self.open(endpoint), endpoint: endpoint, ticket)
    }

    /// A waiting request gave up.
    ///
    /// - Returns: whether it was still waiting.
    package mutating func requestCancelled(_ ticket: ConnectionTicket) -> Bool {
        self.queue.remove(ticket.handle) != nil
    }

    private mutating func lease(_ slot: UInt32, _ endpoint: Int) -> OnRequest {
        self.slots[Int(slot)] = .leased(endpoint: endpoint)
        return .lease(ConnectionID(slot: slot))
    }

    private mutating func takeAnyIdle() -> OnRequest? {
        for endpoint in self.idle.indices {
            if let slot = self.idle[endpoint].popLast() { return self.lease(slot, endpoint) }
        }
        return nil
    }

    private mutating func open(_ endpoint: Int) -> ConnectionID {
        self.connectionCount += 1
        self.connectingCount += 1
        if let slot = self.freeSlots.popLast() {
            self.slots[Int(slot)] = .connecting(endpoint: endpoint)
            return ConnectionID(slot: slot)
        }
        self.slots.append(.connecting(endpoint: endpoint))
        return ConnectionID(slot: UInt32(self.slots.count - 1))
    }

    // MARK: Connections

    package enum OnConnectionAvailable {
        /// The connection goes straight to the longest waiting request.
        case lease(Request)
        case park
        case close
    }

    package mutating func connectSucceeded(_ id: ConnectionID) -> OnConnectionAvailable {
        guard case .connecting(let endpoint) = self.slots[Int(id.slot)] else { return .close }
        self.connectingCount -= 1
        return self.connectionAvailable(id, endpoint)
    }

    /// A connection came back from its exchange in a known state.
    package mutating func connectionReleased(_ id: ConnectionID) -> OnConnectionAvailable {
        guard case .leased(let endpoint) = self.slots[Int(id.slot)] else { return .close }
        return self.connectionAvailable(id, endpoint)
    }

    private mutating func connectionAvailable(
        _ id: ConnectionID, _ endpoint: Int
    ) -> OnConnectionAvailable {
        // Also one that is to be closed: it counts until `connectionClosed`.
        self.slots[Int(id.slot)] = .leased(endpoint: endpoint)
        guard endpoint < self.idle.count, self.connectionCount <= self.connectionCountMax else {
            return .close
        }
        if let request = self.queue.dequeue() { return .lease(request) }
        self.slots[Int(id.slot)] = .idle(endpoint: endpoint)
        self.idle[endpoint].append(id.slot)
        return .park
    }

    /// A connection could not be opened.
    ///
    /// - Returns: the longest waiting request, to be told. Not all of them: each of the others has
    ///   an attempt of its own under way, or waits for room.
    package mutating func connectFailed(_ id: ConnectionID) -> Request? {
        guard case .connecting = self.slots[Int(id.slot)] else { return nil }
        self.connectingCount -= 1
        self.remove(id)
        return self.queue.dequeue()
    }

    /// An idle or leased connection is gone.
    ///
    /// Ask `openForWaiting` next: there may be room now.
    package mutating func connectionClosed(_ id: ConnectionID) {
        switch self.slots[Int(id.slot)] {
        case .free, .connecting: return
        case .leased: break
        case .idle(let endpoint): self.idle[endpoint].removeAll { $0 == id.slot }
        }
        self.remove(id)
    }

    /// Gives an idle connection to the longest waiting request, if more wait than connections are
    /// coming: a dial that a reload made useless leaves its request behind.
    package mutating func leaseIdleToWaiting() -> (request: Request, connection: ConnectionID)? {
        guard self.queue.count > self.connectingCount,
            let endpoint = self.idle.firstIndex(where: { !$0.isEmpty }),
            let slot = self.idle[endpoint].popLast(), let request = self.queue.dequeue()
        else { return nil }
        self.slots[Int(slot)] = .leased(endpoint: endpoint)
        return (request, ConnectionID(slot: slot))
    }

    /// Opens a connection if more requests wait than connections are coming.
    package mutating func openForWaiting(endpoint: Int) -> ConnectionID? {
        guard self.queue.count > self.connectingCount,
            self.connectionCount < self.connectionCountMax
        else { return nil }
        return self.open(endpoint)
    }

    private mutating func remove(_ id: ConnectionID) {
        self.slots[Int(id.slot)] = .free
        self.freeSlots.append(id.slot)
        self.connectionCount -= 1
    }

    // MARK: Reload

    /// Takes new limits and endpoints over.
    ///
    /// `newIndex` tells where an old endpoint stands now.
    ///
    /// - Returns: idle connections of endpoints that are gone; the caller closes them.
    package mutating func reconfigure(
        endpointCount: Int, connectionCountMax: Int, pendingCountMax: Int,
        newIndex: (Int) -> Int?
    ) -> [ConnectionID] {
        self.connectionCountMax = connectionCountMax
        self.queue.countMax = pendingCountMax
        var closing: [ConnectionID] = []
        var parked = ContiguousArray<ContiguousArray<UInt32>>(repeating: [], count: endpointCount)
        // An endpoint that is gone gets an index that no idle list has: closed when released.
        for slot in self.slots.indices {
            switch self.slots[slot] {
            case .free: break
            case .connecting(let old):
                self.slots[slot] = .connecting(
                    endpoint: old == Int.max ? old : newIndex(old) ?? Int.max)
            case .leased(let old):
                self.slots[slot] = .leased(
                    endpoint: old == Int.max ? old : newIndex(old) ?? Int.max)
            case .idle(let old):
                guard let index = newIndex(old) else {
                    self.slots[slot] = .leased(endpoint: Int.max)
                    closing.append(ConnectionID(slot: UInt32(slot)))
                    continue
                }
                self.slots[slot] = .idle(endpoint: index)
            }
        }
        for old in self.idle.indices {
            guard let index = newIndex(old) else { continue }
            parked[index].append(contentsOf: self.idle[old])
        }
        self.idle = parked
        return closing
    }

    /// Every idle connection, for closing at drain.
    package var idleConnections: [ConnectionID] {
        self.idle.flatMap { $0.map(ConnectionID.init(slot:)) }
    }
}
