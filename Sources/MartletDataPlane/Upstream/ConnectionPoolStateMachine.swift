import MartletAlgorithms

/// Names a connection of one pool for as long as it is open or being opened.
package struct ConnectionID: Sendable, BitwiseCopyable, Hashable {
    package let slot: UInt32
}

/// A request's place in a pool's queue.
package struct ConnectionTicket: Sendable, BitwiseCopyable, Equatable {
    let handle: PoolHandle

    package static let none = ConnectionTicket(handle: .none)
}

/// Which connection a request gets, and what is opened, kept and closed: one upstream's pool on
/// one worker, without a byte of I/O.
///
/// Connections with room are used last in, first out, so that those not needed grow old and time
/// out. An HTTP/1 connection has room for one exchange, an HTTP/2 connection for as many as its
/// peer takes streams. Bounded: `connectionCountMax` connections, `pendingCountMax` waiting
/// requests.
///
/// Where it binds requests to endpoints, a request gets a connection to the endpoint that was
/// picked for it and to no other; else it takes whichever is free first.
package struct ConnectionPoolStateMachine<Request> {
    private enum State {
        case free
        case connecting
        case open
        /// Counts until `connectionClosed`, and is never leased again.
        case closing
    }

    private struct Slot {
        var state = State.free
        /// One that is gone since a reload is `Int.max`.
        var endpoint = 0
        /// Exchanges that have it now, and that it can have.
        var leaseCount = 0
        var capacity = 1

        var hasRoom: Bool { self.state == .open && self.leaseCount < self.capacity }
    }

    private var slots: ContiguousArray<Slot> = []
    private var freeSlots: ContiguousArray<UInt32> = []
    /// For each endpoint, its connections with room, the one used last at the end.
    private var available: ContiguousArray<ContiguousArray<UInt32>>
    private var queue: ConnectionQueue<Request>
    /// By endpoint, when requests are bound: connections being opened.
    private var connecting: ContiguousArray<Int>
    private var connectionCountMax: Int
    /// Exchanges that a connection being opened is expected to have room for.
    package private(set) var expectedCapacity: Int
    /// Connections being opened; each will serve one of the queue.
    package private(set) var connectingCount = 0
    /// Connections open or being opened.
    package private(set) var connectionCount = 0

    /// - `expectedCapacity`: exchanges that a connection is likely to take at once, until
    ///   the first one tells.
    /// - `bindsEndpoints`: a request gets a connection to its endpoint only.
    package init(
        endpointCount: Int, connectionCountMax: Int, pendingCountMax: Int,
        expectedCapacity: Int = 1, bindsEndpoints: Bool = false
    ) {
        self.available = ContiguousArray(repeating: [], count: endpointCount)
        self.connectionCountMax = connectionCountMax
        self.queue = ConnectionQueue(
            countMax: pendingCountMax, isBound: bindsEndpoints, endpointCount: endpointCount)
        self.connecting = ContiguousArray(repeating: 0, count: endpointCount)
        self.expectedCapacity = max(1, expectedCapacity)
    }

    package var hasRoom: Bool { self.connectionCount < self.connectionCountMax }
    package var waitingCount: Int { self.queue.count }
    package var bindsEndpoints: Bool { self.queue.isBound }
    /// Connections that no exchange has.
    package var idleCount: Int { self.idleConnections.count }

    /// More requests wait than the connections that are coming will take.
    package var needsConnection: Bool {
        self.queue.count > self.connectingCount * self.expectedCapacity
    }

    /// More requests wait for this endpoint than the connections to it that are coming will take.
    private func needsConnection(_ endpoint: Int) -> Bool {
        self.queue.count(of: endpoint) > self.connecting[endpoint] * self.expectedCapacity
    }

    /// An endpoint that needs a connection, the first from a place on.
    ///
    /// - Complexity: O(endpoints), and only while requests wait.
    package func endpointInNeed(from first: Int) -> Int? {
        guard self.queue.isBound, self.queue.count > 0 else { return nil }
        let count = self.available.count
        for offset in 0..<count {
            let endpoint = (first + offset) % count
            if self.needsConnection(endpoint) { return endpoint }
        }
        return nil
    }

    // MARK: Requests

    package enum OnRequest: Equatable {
        /// Use this idle connection.
        case lease(ConnectionID)
        /// Open this connection; the request waits in the queue.
        case connect(ConnectionID, endpoint: Int, ConnectionTicket)
        /// All connections are busy; the request waits in the queue.
        case wait(ConnectionTicket)
        /// The same, and this idle connection to another endpoint is closed to make room.
        case waitClosing(ConnectionTicket, ConnectionID)
        case failQueueFull
    }

    /// A request wants a connection, to `endpoint` where there is a choice.
    package mutating func requestArrived(_ request: Request, endpoint: Int) -> OnRequest {
        guard !self.queue.isBound else { return self.boundRequestArrived(request, endpoint) }
        if self.queue.count <= self.connectingCount * self.expectedCapacity {
            if let id = self.leaseAvailable(endpoint) { return .lease(id) }
            if self.connectionCount >= self.connectionCountMax,
                let id = self.leaseAnyAvailable()
            {
                return .lease(id)
            }
        }
        guard let ticket = self.queue.enqueue(request, endpoint: endpoint) else {
            return .failQueueFull
        }
        guard self.connectionCount < self.connectionCountMax, self.needsConnection else {
            return .wait(ticket)
        }
        return .connect(self.open(endpoint), endpoint: endpoint, ticket)
    }

    private mutating func boundRequestArrived(_ request: Request, _ endpoint: Int) -> OnRequest {
        if !self.needsConnection(endpoint), let id = self.leaseAvailable(endpoint) {
            return .lease(id)
        }
        guard let ticket = self.queue.enqueue(request, endpoint: endpoint) else {
            return .failQueueFull
        }
        guard self.needsConnection(endpoint) else { return .wait(ticket) }
        if self.connectionCount < self.connectionCountMax {
            return .connect(self.open(endpoint), endpoint: endpoint, ticket)
        }
        guard let idle = self.withdrawIdle() else { return .wait(ticket) }
        return .waitClosing(ticket, idle)
    }

    /// Takes an idle connection out of use, so that another endpoint may get its place.
    private mutating func withdrawIdle() -> ConnectionID? {
        for endpoint in self.available.indices {
            for place in self.available[endpoint].indices {
                let slot = self.available[endpoint][place]
                guard self.slots[Int(slot)].leaseCount == 0 else { continue }
                self.available[endpoint].remove(at: place)
                self.slots[Int(slot)].state = .closing
                return ConnectionID(slot: slot)
            }
        }
        return nil
    }

    /// A waiting request gave up.
    ///
    /// - Returns: whether it was still waiting.
    package mutating func requestCancelled(_ ticket: ConnectionTicket) -> Bool {
        self.queue.remove(ticket) != nil
    }

    /// Leases the connection to `endpoint` that was used last and has room.
    private mutating func leaseAvailable(_ endpoint: Int) -> ConnectionID? {
        guard let slot = self.available[endpoint].last else { return nil }
        self.slots[Int(slot)].leaseCount += 1
        if !self.slots[Int(slot)].hasRoom { self.available[endpoint].removeLast() }
        return ConnectionID(slot: slot)
    }

    private mutating func leaseAnyAvailable() -> ConnectionID? {
        for endpoint in self.available.indices {
            if let id = self.leaseAvailable(endpoint) { return id }
        }
        return nil
    }

    private mutating func open(_ endpoint: Int) -> ConnectionID {
        self.connectionCount += 1
        self.connectingCount += 1
        self.connecting[endpoint] += 1
        let slot = Slot(state: .connecting, endpoint: endpoint)
        if let free = self.freeSlots.popLast() {
            self.slots[Int(free)] = slot
            return ConnectionID(slot: free)
        }
        self.slots.append(slot)
        return ConnectionID(slot: UInt32(self.slots.count - 1))
    }

    // MARK: Connections

    package enum OnConnectionAvailable {
        /// The connection goes straight to the longest waiting request; ask `leaseToWaiting` for
        /// more if it has room for more.
        case lease(Request)
        /// No exchange has it.
        case park
        /// Other exchanges have it, and it has room for more.
        case keep
        case close
    }

    /// - `capacity`: exchanges that it can have at once.
    package mutating func connectSucceeded(
        _ id: ConnectionID, capacity: Int = 1
    ) -> OnConnectionAvailable {
        guard self.slots[Int(id.slot)].state == .connecting else { return .close }
        self.connectEnded(id)
        self.expectedCapacity = max(1, capacity)
        self.slots[Int(id.slot)].capacity = max(1, capacity)
        self.slots[Int(id.slot)].state = .open
        return self.connectionAvailable(id)
    }

    /// A connection came back from one of its exchanges in a known state.
    package mutating func connectionReleased(_ id: ConnectionID) -> OnConnectionAvailable {
        let slot = self.slots[Int(id.slot)]
        switch slot.state {
        case .free, .connecting: return .close
        case .closing:
            self.slots[Int(id.slot)].leaseCount = max(0, slot.leaseCount - 1)
            return slot.leaseCount > 1 ? .keep : .close
        case .open:
            guard slot.leaseCount > 0 else { return .close }
            let wasFull = !slot.hasRoom
            self.slots[Int(id.slot)].leaseCount -= 1
            if !wasFull { self.withdraw(id) }
            return self.connectionAvailable(id)
        }
    }

    /// An open connection that is not in the list of those with room gets its next exchange, or
    /// goes into that list.
    private mutating func connectionAvailable(_ id: ConnectionID) -> OnConnectionAvailable {
        let slot = self.slots[Int(id.slot)]
        guard slot.endpoint < self.available.count,
            self.connectionCount <= self.connectionCountMax || slot.leaseCount > 0
        else {
            self.slots[Int(id.slot)].state = .closing
            return slot.leaseCount > 0 ? .keep : .close
        }
        guard slot.hasRoom else { return .keep }
        if let request = self.queue.dequeue(endpoint: slot.endpoint) {
            self.slots[Int(id.slot)].leaseCount += 1
            if self.slots[Int(id.slot)].hasRoom { self.available[slot.endpoint].append(id.slot) }
            return .lease(request)
        }
        if slot.leaseCount == 0, self.queue.isBound, self.queue.count > 0,
            self.connectionCount >= self.connectionCountMax, self.endpointInNeed(from: 0) != nil
        {
            // Nobody wants this endpoint, and others wait for room to open a connection.
            self.slots[Int(id.slot)].state = .closing
            return .close
        }
        self.available[slot.endpoint].append(id.slot)
        return slot.leaseCount == 0 ? .park : .keep
    }

    /// Its peer takes another number of exchanges at once from here on.
    package mutating func capacityChanged(_ id: ConnectionID, to capacity: Int) {
        guard self.slots[Int(id.slot)].state == .open else { return }
        self.withdraw(id)
        self.slots[Int(id.slot)].capacity = max(0, capacity)
        if capacity > 0 { self.expectedCapacity = capacity }
        let slot = self.slots[Int(id.slot)]
        if slot.hasRoom { self.available[slot.endpoint].append(id.slot) }
    }

    /// Its peer takes no new exchanges; the ones that have it go on.
    ///
    /// - Returns: whether none has it, so that it can be closed.
    package mutating func connectionDraining(_ id: ConnectionID) -> Bool {
        guard self.slots[Int(id.slot)].state == .open else { return false }
        self.withdraw(id)
        self.slots[Int(id.slot)].state = .closing
        return self.slots[Int(id.slot)].leaseCount == 0
    }

    /// Takes it out of the list of those with room.
    private mutating func withdraw(_ id: ConnectionID) {
        let endpoint = self.slots[Int(id.slot)].endpoint
        guard endpoint < self.available.count else { return }
        // Nearly always the last.
        if self.available[endpoint].last == id.slot {
            self.available[endpoint].removeLast()
        } else {
            self.available[endpoint].removeAll { $0 == id.slot }
        }
    }

    /// A connection could not be opened.
    ///
    /// - Returns: the longest waiting request, to be told. Not all of them: each of the others has
    ///   an attempt of its own under way, or waits for room.
    package mutating func connectFailed(_ id: ConnectionID) -> Request? {
        guard self.slots[Int(id.slot)].state == .connecting else { return nil }
        let endpoint = self.slots[Int(id.slot)].endpoint
        self.connectEnded(id)
        self.remove(id)
        if self.queue.isBound, endpoint >= self.available.count { return nil }
        return self.queue.dequeue(endpoint: endpoint)
    }

    private mutating func connectEnded(_ id: ConnectionID) {
        self.connectingCount -= 1
        let endpoint = self.slots[Int(id.slot)].endpoint
        if endpoint < self.connecting.count { self.connecting[endpoint] -= 1 }
    }

    /// An open connection is gone.
    ///
    /// Ask `openForWaiting` next: there may be room now.
    package mutating func connectionClosed(_ id: ConnectionID) {
        switch self.slots[Int(id.slot)].state {
        case .free, .connecting: return
        case .closing: break
        case .open: self.withdraw(id)
        }
        self.remove(id)
    }

    /// Gives a connection with room to the longest waiting request, if more wait than connections
    /// are coming: a dial that a reload made useless leaves its request behind.
    package mutating func leaseIdleToWaiting() -> (request: Request, connection: ConnectionID)? {
        guard !self.queue.isBound else { return self.leaseIdleToBound() }
        guard self.needsConnection, let id = self.leaseAnyAvailable() else { return nil }
        guard let request = self.queue.dequeue(endpoint: 0) else { return nil }
        return (request, id)
    }

    private mutating func leaseIdleToBound() -> (request: Request, connection: ConnectionID)? {
        guard self.queue.count > 0 else { return nil }
        for endpoint in self.available.indices where self.needsConnection(endpoint) {
            guard let id = self.leaseAvailable(endpoint) else { continue }
            guard let request = self.queue.dequeue(endpoint: endpoint) else { return nil }
            return (request, id)
        }
        return nil
    }

    /// Gives what room this connection has to the longest waiting request.
    package mutating func leaseToWaiting(_ id: ConnectionID) -> Request? {
        guard self.slots[Int(id.slot)].hasRoom,
            let request = self.queue.dequeue(endpoint: self.slots[Int(id.slot)].endpoint)
        else { return nil }
        self.slots[Int(id.slot)].leaseCount += 1
        if !self.slots[Int(id.slot)].hasRoom { self.withdraw(id) }
        return request
    }

    /// Opens a connection if more requests wait than connections are coming.
    package mutating func openForWaiting(endpoint: Int) -> ConnectionID? {
        guard self.connectionCount < self.connectionCountMax,
            self.queue.isBound ? self.needsConnection(endpoint) : self.needsConnection
        else { return nil }
        return self.open(endpoint)
    }

    private mutating func remove(_ id: ConnectionID) {
        self.slots[Int(id.slot)] = Slot()
        self.freeSlots.append(id.slot)
        self.connectionCount -= 1
    }

    // MARK: Reload

    /// Takes new limits and endpoints over.
    ///
    /// `newIndex` tells where an old endpoint stands now.
    ///
    /// - `displaced`: gets the requests that can no longer wait where they do; they have to be
    ///   given an endpoint anew.
    /// - Returns: idle connections of endpoints that are gone; the caller closes them.
    package mutating func reconfigure(
        endpointCount: Int, connectionCountMax: Int, pendingCountMax: Int,
        bindsEndpoints: Bool, displaced: inout [Request], newIndex: (Int) -> Int?
    ) -> [ConnectionID] {
        self.connectionCountMax = connectionCountMax
        self.queue.countMax = pendingCountMax
        displaced += self.queue.reconfigure(
            endpointCount: endpointCount, isBound: bindsEndpoints, newIndex: newIndex)
        self.connecting = ContiguousArray(repeating: 0, count: endpointCount)
        var closing: [ConnectionID] = []
        for slot in self.slots.indices where self.slots[slot].state != .free {
            let old = self.slots[slot].endpoint
            let endpoint = old == Int.max ? old : newIndex(old) ?? Int.max
            self.slots[slot].endpoint = endpoint
            if self.slots[slot].state == .connecting, endpoint < endpointCount {
                self.connecting[endpoint] += 1
            }
            // One that is leased or being opened is closed when it comes back.
            guard endpoint == Int.max, self.slots[slot].state == .open,
                self.slots[slot].leaseCount == 0
            else { continue }
            self.slots[slot].state = .closing
            closing.append(ConnectionID(slot: UInt32(slot)))
        }
        let old = self.available
        self.available = ContiguousArray(repeating: [], count: endpointCount)
        for slot in old.joined() where self.slots[Int(slot)].hasRoom {
            let endpoint = self.slots[Int(slot)].endpoint
            if endpoint < endpointCount { self.available[endpoint].append(slot) }
        }
        return closing
    }

    /// Every connection that no exchange has, for closing at drain.
    package var idleConnections: [ConnectionID] {
        self.available.flatMap { slots in
            slots.filter { self.slots[Int($0)].leaseCount == 0 }.map(ConnectionID.init(slot:))
        }
    }
}
