import MartletDataPlane
import Testing

@Suite struct ConnectionPoolStateMachineTests {
    typealias Pool = ConnectionPoolStateMachine<Int>

    private func makePool(endpoints: Int = 1, connections: Int = 2, pending: Int = 2) -> Pool {
        Pool(
            endpointCount: endpoints, connectionCountMax: connections, pendingCountMax: pending)
    }

    /// The connection that a request makes the pool open.
    private func open(
        _ pool: inout Pool, _ request: Int = 0, endpoint: Int = 0
    ) throws -> (ConnectionID, ConnectionTicket) {
        guard
            case .connect(let id, endpoint, let ticket) =
                pool.requestArrived(request, endpoint: endpoint)
        else { throw Unexpected() }
        return (id, ticket)
    }

    struct Unexpected: Error {}

    @Test func theFirstRequestOpensAConnectionAndGetsIt() throws {
        var pool = self.makePool()
        let (id, _) = try self.open(&pool, 7)
        #expect((pool.connectingCount, pool.connectionCount, pool.waitingCount) == (1, 1, 1))
        guard case .lease(7) = pool.connectSucceeded(id) else { throw Unexpected() }
        #expect((pool.connectingCount, pool.connectionCount, pool.waitingCount) == (0, 1, 0))
        guard case .park = pool.connectionReleased(id) else { throw Unexpected() }
        #expect(pool.idleCount == 1)
        let reused = pool.requestArrived(8, endpoint: 0)
        #expect(reused == .lease(id))
        #expect(pool.idleCount == 0)
    }

    @Test func theConnectionUsedLastIsUsedFirst() throws {
        var pool = self.makePool()
        let (first, _) = try self.open(&pool)
        let (second, _) = try self.open(&pool)
        for id in [first, second] { _ = pool.connectSucceeded(id) }
        for id in [second, first] { _ = pool.connectionReleased(id) }
        let firstReused = pool.requestArrived(1, endpoint: 0)
        #expect(firstReused == .lease(first))
        let secondReused = pool.requestArrived(2, endpoint: 0)
        #expect(secondReused == .lease(second))
    }

    @Test func beyondTheLimitsRequestsWaitAndThenFail() throws {
        var pool = self.makePool(connections: 1, pending: 2)
        let (id, _) = try self.open(&pool, 1)
        guard case .wait = pool.requestArrived(2, endpoint: 0) else { throw Unexpected() }
        let beyondQueue = pool.requestArrived(3, endpoint: 0)
        #expect(beyondQueue == .failQueueFull)
        guard case .lease(1) = pool.connectSucceeded(id) else { throw Unexpected() }
        guard case .lease(2) = pool.connectionReleased(id) else { throw Unexpected() }
        guard case .park = pool.connectionReleased(id) else { throw Unexpected() }
    }

    @Test func aRequestThatGaveUpIsNotServed() throws {
        var pool = self.makePool()
        let (id, ticket) = try self.open(&pool, 1)
        let wasWaiting = pool.requestCancelled(ticket)
        #expect(wasWaiting)
        let isStillWaiting = pool.requestCancelled(ticket)
        #expect(!isStillWaiting)
        let noneWaits = pool.requestCancelled(.none)
        #expect(!noneWaits)
        guard case .park = pool.connectSucceeded(id) else { throw Unexpected() }
    }

    @Test func aFailedDialIsToldToTheLongestWaitingOnly() throws {
        var pool = self.makePool(connections: 2, pending: 3)
        let (first, _) = try self.open(&pool, 1)
        let (second, _) = try self.open(&pool, 2)
        let failedRequest = pool.connectFailed(second)
        #expect(failedRequest == 1)
        let failedAgain = pool.connectFailed(second)
        #expect(failedAgain == nil)
        let openedBeyondNeed = pool.openForWaiting(endpoint: 0)
        #expect(openedBeyondNeed == nil)
        guard case .lease(2) = pool.connectSucceeded(first) else { throw Unexpected() }
    }

    @Test func aClosedConnectionMakesRoomForWhoWaits() throws {
        var pool = self.makePool(connections: 1, pending: 3)
        let (first, _) = try self.open(&pool, 1)
        _ = pool.connectSucceeded(first)
        _ = pool.requestArrived(2, endpoint: 0)
        let openedBeyondLimit = pool.openForWaiting(endpoint: 0)
        #expect(openedBeyondLimit == nil)
        pool.connectionClosed(first)
        guard let second = pool.openForWaiting(endpoint: 0) else { throw Unexpected() }
        let openedTwice = pool.openForWaiting(endpoint: 0)
        #expect(openedTwice == nil)
        guard case .lease(2) = pool.connectSucceeded(second) else { throw Unexpected() }
    }

    /// Every report about a connection that is not in the state it speaks of changes nothing.
    @Test func reportsThatDoNotFitChangeNothing() throws {
        var pool = self.makePool()
        let (id, _) = try self.open(&pool)
        pool.connectionClosed(id)
        guard case .close = pool.connectionReleased(id) else { throw Unexpected() }
        #expect((pool.connectingCount, pool.connectionCount) == (1, 1))
        _ = pool.connectSucceeded(id)
        guard case .close = pool.connectSucceeded(id) else { throw Unexpected() }
        let failedWaiter = pool.connectFailed(id)
        #expect(failedWaiter == nil)
        pool.connectionClosed(id)
        pool.connectionClosed(id)
        #expect((pool.connectingCount, pool.connectionCount) == (0, 0))
    }

    @Test func atTheLimitAnIdleConnectionToAnotherEndpointWillDo() throws {
        var pool = self.makePool(endpoints: 2, connections: 1)
        let (id, _) = try self.open(&pool, endpoint: 1)
        _ = pool.connectSucceeded(id)
        _ = pool.connectionReleased(id)
        let reused = pool.requestArrived(2, endpoint: 0)
        #expect(reused == .lease(id))
    }

    // MARK: Reload

    /// One endpoint, and two requests may wait; nobody loses his place, as any connection will do.
    private func reconfigure(
        _ pool: inout Pool, connections: Int, newIndex: (Int) -> Int?
    ) -> [ConnectionID] {
        var displaced: [Int] = []
        defer { #expect(displaced == []) }
        return pool.reconfigure(
            endpointCount: 1, connectionCountMax: connections, pendingCountMax: 2,
            bindsEndpoints: false, displaced: &displaced, newIndex: newIndex)
    }

    @Test func aReloadClosesWhatIsIdleAndLetsTheRestEnd() throws {
        var pool = self.makePool(endpoints: 2, connections: 4, pending: 4)
        let (idleGone, _) = try self.open(&pool, endpoint: 0)
        let (leasedGone, _) = try self.open(&pool, endpoint: 0)
        let (idleKept, _) = try self.open(&pool, endpoint: 1)
        for id in [idleGone, leasedGone, idleKept] { _ = pool.connectSucceeded(id) }
        for id in [idleGone, idleKept] { _ = pool.connectionReleased(id) }
        var displaced: [Int] = []
        let closing = pool.reconfigure(
            endpointCount: 1, connectionCountMax: 4, pendingCountMax: 4, bindsEndpoints: false,
            displaced: &displaced
        ) { $0 == 1 ? 0 : nil }
        #expect(closing == [idleGone])
        #expect(pool.idleConnections == [idleKept])
        let answer15 = pool.requestArrived(1, endpoint: 0)
        #expect(answer15 == .lease(idleKept))
        guard case .close = pool.connectionReleased(leasedGone) else { throw Unexpected() }
        pool.connectionClosed(idleGone)
        pool.connectionClosed(leasedGone)
        #expect(pool.connectionCount == 1)
    }

    @Test func aLowerLimitClosesConnectionsAsTheyComeBack() throws {
        var pool = self.makePool(connections: 2)
        let ids = try [self.open(&pool).0, self.open(&pool).0]
        for id in ids { _ = pool.connectSucceeded(id) }
        _ = self.reconfigure(&pool, connections: 1) { $0 }
        guard case .close = pool.connectionReleased(ids[0]) else { throw Unexpected() }
        pool.connectionClosed(ids[0])
        guard case .park = pool.connectionReleased(ids[1]) else { throw Unexpected() }
    }

    @Test func aWaitingRequestDoesNotGetAConnectionToAnEndpointThatIsGone() throws {
        var pool = self.makePool(endpoints: 1, connections: 1, pending: 2)
        let (id, _) = try self.open(&pool, 1)
        _ = pool.connectSucceeded(id)
        guard case .wait = pool.requestArrived(2, endpoint: 0) else { throw Unexpected() }
        _ = self.reconfigure(&pool, connections: 1) { _ in nil }
        guard case .close = pool.connectionReleased(id) else { throw Unexpected() }
        pool.connectionClosed(id)
        guard let fresh = pool.openForWaiting(endpoint: 0) else { throw Unexpected() }
        guard case .lease(2) = pool.connectSucceeded(fresh) else { throw Unexpected() }
    }

    @Test func aDialToAnEndpointThatIsGoneEndsWithoutARequest() throws {
        var pool = self.makePool(endpoints: 1, connections: 2, pending: 2)
        let (id, _) = try self.open(&pool, 1)
        _ = self.reconfigure(&pool, connections: 2) { _ in nil }
        guard case .close = pool.connectSucceeded(id) else { throw Unexpected() }
        pool.connectionClosed(id)
        #expect(pool.waitingCount == 1)
        let answer16 = pool.openForWaiting(endpoint: 0)
        #expect(answer16 != nil)
    }
}
