import MartletAlgorithms
import MartletDataPlane
import Testing

/// Connections that several exchanges have at once.
@Suite struct ConnectionPoolMultiplexingTests {
    typealias Pool = ConnectionPoolStateMachine<Int>
    struct Unexpected: Error {}

    private func makePool(connections: Int = 2, pending: Int = 10, expected: Int = 100) -> Pool {
        Pool(
            endpointCount: 1, connectionCountMax: connections, pendingCountMax: pending,
            expectedCapacity: expected)
    }

    private func open(_ pool: inout Pool, _ request: Int = 0) throws -> ConnectionID {
        guard case .connect(let id, _, _) = pool.requestArrived(request, endpoint: 0) else {
            throw Unexpected()
        }
        return id
    }

    @Test func requestsThatComeWhileItIsDialledWaitForTheSameConnection() throws {
        var pool = self.makePool()
        let id = try self.open(&pool, 1)
        guard case .wait = pool.requestArrived(2, endpoint: 0) else { throw Unexpected() }
        guard case .wait = pool.requestArrived(3, endpoint: 0) else { throw Unexpected() }
        #expect(!pool.needsConnection)
        guard case .lease(1) = pool.connectSucceeded(id, capacity: 2) else { throw Unexpected() }
        let answer0 = pool.leaseToWaiting(id)
        #expect(answer0 == 2)
        let answer1 = pool.leaseToWaiting(id)
        #expect(answer1 == nil)
        // It takes two, so the third needs another.
        #expect(pool.needsConnection)
        let answer2 = pool.openForWaiting(endpoint: 0)
        #expect(answer2 != nil)
    }

    @Test func aStreamThatEndsMakesRoomForTheNext() throws {
        var pool = self.makePool(connections: 1)
        let id = try self.open(&pool, 1)
        _ = pool.connectSucceeded(id, capacity: 2)
        let answer3 = pool.requestArrived(2, endpoint: 0)
        #expect(answer3 == .lease(id))
        guard case .wait = pool.requestArrived(3, endpoint: 0) else { throw Unexpected() }
        guard case .lease(3) = pool.connectionReleased(id) else { throw Unexpected() }
        guard case .keep = pool.connectionReleased(id) else { throw Unexpected() }
        #expect(pool.idleCount == 0)
        guard case .park = pool.connectionReleased(id) else { throw Unexpected() }
        #expect(pool.idleConnections == [id])
        let answer4 = pool.requestArrived(4, endpoint: 0)
        #expect(answer4 == .lease(id))
    }

    @Test func aConnectionThatDrainsGetsNoNewStreams() throws {
        var pool = self.makePool()
        let id = try self.open(&pool, 1)
        _ = pool.connectSucceeded(id, capacity: 5)
        let answer5 = pool.requestArrived(2, endpoint: 0)
        #expect(answer5 == .lease(id))
        let answer6 = pool.connectionDraining(id)
        #expect(!answer6)
        let other = try self.open(&pool, 3)
        #expect(other != id)
        guard case .keep = pool.connectionReleased(id) else { throw Unexpected() }
        guard case .close = pool.connectionReleased(id) else { throw Unexpected() }
        pool.connectionClosed(id)
        #expect(pool.connectionCount == 1)
    }

    @Test func anUnusedConnectionThatDrainsCanBeClosedAtOnce() throws {
        var pool = self.makePool()
        let id = try self.open(&pool, 1)
        _ = pool.connectSucceeded(id, capacity: 5)
        guard case .park = pool.connectionReleased(id) else { throw Unexpected() }
        let answer7 = pool.connectionDraining(id)
        #expect(answer7)
        #expect(pool.idleCount == 0)
    }

    @Test func thePeerCanChangeHowManyItTakes() throws {
        var pool = self.makePool(connections: 1)
        let id = try self.open(&pool, 1)
        _ = pool.connectSucceeded(id, capacity: 5)
        pool.capacityChanged(id, to: 1)
        guard case .wait = pool.requestArrived(2, endpoint: 0) else { throw Unexpected() }
        let answer8 = pool.leaseToWaiting(id)
        #expect(answer8 == nil)
        pool.capacityChanged(id, to: 2)
        let answer9 = pool.leaseToWaiting(id)
        #expect(answer9 == 2)
        pool.capacityChanged(id, to: 0)
        guard case .keep = pool.connectionReleased(id) else { throw Unexpected() }
        guard case .keep = pool.connectionReleased(id) else { throw Unexpected() }
        let answer10 = pool.requestArrived(3, endpoint: 0)
        #expect(answer10 != .lease(id))
    }

    /// Random histories: no connection has more exchanges than it takes, nobody waits beside room.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func randomHistory(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var pool = self.makePool(connections: 3, pending: 20, expected: 4)
        var capacity: [ConnectionID: Int] = [:]
        var leases: [ConnectionID: Int] = [:]
        var connecting: [ConnectionID] = []
        var waiting: [Int] = []
        func give(_ request: Int, _ id: ConnectionID) {
            #expect(waiting.first == request, "seed \(seed): out of turn")
            if !waiting.isEmpty { waiting.removeFirst() }
            leases[id, default: 0] += 1
        }
        for step in 0..<500 {
            switch random.next(below: 10) {
            case 0..<4:
                switch pool.requestArrived(step, endpoint: 0) {
                case .lease(let id): leases[id, default: 0] += 1
                case .connect(let id, endpoint: _, _):
                    connecting.append(id)
                    waiting.append(step)
                case .wait, .waitClosing: waiting.append(step)
                case .failQueueFull: #expect(waiting.count >= 20)
                }
            case 4, 5:
                guard !connecting.isEmpty else { continue }
                let id = connecting.removeFirst()
                capacity[id] = 1 + Int(random.next(below: 4))
                if case .lease(let request) = pool.connectSucceeded(id, capacity: capacity[id] ?? 1)
                {
                    give(request, id)
                }
                while let request = pool.leaseToWaiting(id) { give(request, id) }
            case 6..<9:
                let busy = leases.filter { $0.value > 0 }.keys.sorted { $0.slot < $1.slot }
                guard let id = busy.randomElement(using: &random) else { continue }
                leases[id, default: 0] -= 1
                if case .lease(let request) = pool.connectionReleased(id) { give(request, id) }
            default:
                guard let id = capacity.keys.sorted(by: { $0.slot < $1.slot }).first else {
                    continue
                }
                capacity[id] = nil
                leases[id] = nil
                pool.connectionClosed(id)
            }
            while let id = pool.openForWaiting(endpoint: 0) { connecting.append(id) }
            for (id, count) in leases { #expect(count <= capacity[id] ?? 0, "seed \(seed)") }
            if !waiting.isEmpty, connecting.isEmpty {
                let free = capacity.contains { (leases[$0.key] ?? 0) < $0.value }
                #expect(!free, "seed \(seed), step \(step): a request waits beside room")
            }
        }
    }
}
