import MartletAlgorithms
import MartletDataPlane
import Testing

/// Random histories of a pool that binds requests to endpoints, checked against bookkeeping that
/// knows nothing of it.
@Suite struct BoundConnectionPoolModelTests {
    private struct Waiting {
        var request: Int
        var endpoint: Int
        var ticket: ConnectionTicket
    }

    private struct Model {
        var endpointOf: [ConnectionID: Int] = [:]
        var connecting: Set<ConnectionID> = []
        var leased: Set<ConnectionID> = []
        var idle: Set<ConnectionID> = []
        var closing: Set<ConnectionID> = []
        var waiting: [Waiting] = []

        var openCount: Int {
            self.connecting.count + self.leased.count + self.idle.count + self.closing.count
        }

        mutating func lease(_ id: ConnectionID, to endpoint: Int, _ place: Comment) {
            #expect(self.endpointOf[id] == endpoint, place)
            let isNew = self.leased.insert(id).inserted
            #expect(isNew, place)
        }

        /// The longest waiting for the endpoint.
        mutating func serve(_ request: Int, _ id: ConnectionID, _ place: Comment) {
            guard let endpoint = self.endpointOf[id],
                let first = self.waiting.firstIndex(where: { $0.endpoint == endpoint })
            else {
                Issue.record("nobody waits for this endpoint: \(place)")
                return
            }
            #expect(self.waiting[first].request == request, place)
            self.waiting.remove(at: first)
            self.lease(id, to: endpoint, place)
        }
    }

    private static let endpointCount = 3

    @Test(arguments: 0..<60)
    func randomHistory(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var model = Model()
        let connectionCountMax = 1 + Int(random.next(below: 6))
        let pendingCountMax = 1 + Int(random.next(below: 6))
        var pool = ConnectionPoolStateMachine<Int>(
            endpointCount: Self.endpointCount, connectionCountMax: connectionCountMax,
            pendingCountMax: pendingCountMax, bindsEndpoints: true)
        for step in 0..<400 {
            let place: Comment = "seed \(seed), step \(step)"
            self.step(step, &pool, &model, &random, place)
            while let endpoint = pool.endpointInNeed(from: step % Self.endpointCount),
                let id = pool.openForWaiting(endpoint: endpoint)
            {
                model.connecting.insert(id)
                model.endpointOf[id] = endpoint
            }
            #expect(pool.connectionCount == model.openCount, place)
            #expect(pool.waitingCount == model.waiting.count, place)
            #expect(Set(pool.idleConnections) == model.idle, place)
            #expect(pool.connectionCount <= connectionCountMax, place)
            self.checkThatNobodyWaitsForNothing(pool, model, connectionCountMax, place)
        }
    }

    /// Whoever has no dial under way waits for a place that somebody uses or is giving up.
    private func checkThatNobodyWaitsForNothing(
        _ pool: ConnectionPoolStateMachine<Int>, _ model: Model, _ connectionCountMax: Int,
        _ place: Comment
    ) {
        for endpoint in 0..<Self.endpointCount {
            let waiting = model.waiting.count { $0.endpoint == endpoint }
            let coming = model.connecting.count { model.endpointOf[$0] == endpoint }
            guard waiting > coming else { continue }
            #expect(pool.connectionCount == connectionCountMax, place)
            #expect(!model.idle.contains { model.endpointOf[$0] == endpoint }, place)
        }
    }

    private func step(
        _ step: Int, _ pool: inout ConnectionPoolStateMachine<Int>, _ model: inout Model,
        _ random: inout SeededRandom, _ place: Comment
    ) {
        switch random.next(below: 18) {
        case 0..<7: self.arrive(step, &pool, &model, &random, place)
        case 7..<10:
            guard let id = Self.pick(model.connecting, &random) else { return }
            model.connecting.remove(id)
            self.take(pool.connectSucceeded(id), id, &model, place)
        case 10:
            guard let id = Self.pick(model.connecting, &random) else { return }
            model.connecting.remove(id)
            let endpoint = model.endpointOf.removeValue(forKey: id)
            let told = pool.connectFailed(id)
            let first = model.waiting.firstIndex { $0.endpoint == endpoint }
            #expect(told == first.map { model.waiting[$0].request }, place)
            if let first { model.waiting.remove(at: first) }
        case 11..<15:
            guard let id = Self.pick(model.leased, &random) else { return }
            model.leased.remove(id)
            self.take(pool.connectionReleased(id), id, &model, place)
        case 15, 16:
            guard let id = Self.pick(model.leased.union(model.idle).union(model.closing), &random)
            else { return }
            model.leased.remove(id)
            model.idle.remove(id)
            model.closing.remove(id)
            model.endpointOf[id] = nil
            pool.connectionClosed(id)
        default:
            guard let index = model.waiting.indices.randomElement(using: &random) else { return }
            let wasWaiting = pool.requestCancelled(model.waiting.remove(at: index).ticket)
            #expect(wasWaiting, place)
        }
    }

    private static func pick(
        _ ids: Set<ConnectionID>, _ random: inout SeededRandom
    ) -> ConnectionID? {
        ids.sorted { $0.slot < $1.slot }.randomElement(using: &random)
    }

    private func arrive(
        _ request: Int, _ pool: inout ConnectionPoolStateMachine<Int>, _ model: inout Model,
        _ random: inout SeededRandom, _ place: Comment
    ) {
        let endpoint = Int(random.next(below: UInt64(Self.endpointCount)))
        switch pool.requestArrived(request, endpoint: endpoint) {
        case .lease(let id):
            let wasIdle = model.idle.remove(id) != nil
            #expect(wasIdle, place)
            model.lease(id, to: endpoint, place)
        case .connect(let id, endpoint: let chosen, let ticket):
            #expect(chosen == endpoint, place)
            model.connecting.insert(id)
            model.endpointOf[id] = endpoint
            model.waiting.append(Waiting(request: request, endpoint: endpoint, ticket: ticket))
        case .wait(let ticket):
            model.waiting.append(Waiting(request: request, endpoint: endpoint, ticket: ticket))
        case .waitClosing(let ticket, let id):
            let wasIdle = model.idle.remove(id) != nil
            #expect(wasIdle && model.endpointOf[id] != endpoint, place)
            model.closing.insert(id)
            model.waiting.append(Waiting(request: request, endpoint: endpoint, ticket: ticket))
        case .failQueueFull: break
        }
    }

    private func take(
        _ action: ConnectionPoolStateMachine<Int>.OnConnectionAvailable, _ id: ConnectionID,
        _ model: inout Model, _ place: Comment
    ) {
        switch action {
        case .lease(let request): model.serve(request, id, place)
        case .park: model.idle.insert(id)
        case .keep: Issue.record("an HTTP/1 connection has one exchange at most: \(place)")
        case .close: model.closing.insert(id)
        }
    }

    @Test func aReloadKeepsThePlacesOfThoseWhoseEndpointStays() {
        var pool = ConnectionPoolStateMachine<Int>(
            endpointCount: 2, connectionCountMax: 1, pendingCountMax: 9, bindsEndpoints: true)
        guard case .connect(let id, _, _) = pool.requestArrived(1, endpoint: 0),
            case .wait = pool.requestArrived(2, endpoint: 0),
            case .wait(let ticket) = pool.requestArrived(3, endpoint: 1)
        else {
            Issue.record("no room for three requests")
            return
        }
        var displaced: [Int] = []
        _ = pool.reconfigure(
            endpointCount: 2, connectionCountMax: 2, pendingCountMax: 9, bindsEndpoints: true,
            displaced: &displaced
        ) { $0 == 1 ? 0 : nil }
        #expect(displaced == [1, 2])
        guard case .close = pool.connectSucceeded(id) else {
            Issue.record("a connection to an endpoint that is gone was kept")
            return
        }
        let isWaiting = pool.requestCancelled(ticket)
        #expect(isWaiting)
        #expect(pool.waitingCount == 0)
    }

    @Test func whoWaitedForAnyEndpointIsPlacedAnewWhenRequestsAreBound() {
        var pool = ConnectionPoolStateMachine<Int>(
            endpointCount: 1, connectionCountMax: 1, pendingCountMax: 9)
        _ = pool.requestArrived(1, endpoint: 0)
        _ = pool.requestArrived(2, endpoint: 0)
        var displaced: [Int] = []
        _ = pool.reconfigure(
            endpointCount: 1, connectionCountMax: 1, pendingCountMax: 9, bindsEndpoints: true,
            displaced: &displaced
        ) { $0 }
        #expect(displaced == [1, 2])
        #expect(pool.bindsEndpoints && pool.waitingCount == 0)
    }
}
