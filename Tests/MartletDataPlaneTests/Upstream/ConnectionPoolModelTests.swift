import MartletAlgorithms
import MartletDataPlane
import Testing

/// Random histories of a pool, each step checked against bookkeeping that knows nothing of it.
@Suite struct ConnectionPoolModelTests {
    /// What the test knows to be true, from the pool's own answers.
    private struct Model {
        var connecting: Set<ConnectionID> = []
        var leased: [ConnectionID: Int] = [:]
        var idle: Set<ConnectionID> = []
        /// Connections that the pool said to close and that have not been reported closed.
        var closing: Set<ConnectionID> = []
        var waiting: [(request: Int, ticket: ConnectionTicket)] = []
        var endpointCount: Int
        var connectionCountMax: Int
        var pendingCountMax: Int

        var openCount: Int {
            self.connecting.count + self.leased.count + self.idle.count + self.closing.count
        }

        mutating func lease(_ id: ConnectionID, to request: Int) {
            #expect(self.leased[id] == nil, "leased twice")
            #expect(!self.leased.values.contains(request), "a request with two connections")
            #expect(!self.closing.contains(id), "leased although it is closing")
            self.leased[id] = request
        }
    }

    @Test(arguments: 0..<60)
    func randomHistory(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var model = Model(
            endpointCount: 1 + Int(random.next(below: 3)),
            connectionCountMax: 1 + Int(random.next(below: 5)),
            pendingCountMax: Int(random.next(below: 6)))
        var pool = ConnectionPoolStateMachine<Int>(
            endpointCount: model.endpointCount, connectionCountMax: model.connectionCountMax,
            pendingCountMax: model.pendingCountMax)
        var limitEver = model.connectionCountMax
        for step in 0..<400 {
            self.step(step, &pool, &model, &random)
            limitEver = max(limitEver, model.connectionCountMax)
            let place: Comment = "seed \(seed), step \(step)"
            #expect(pool.connectionCount == model.openCount, place)
            #expect(pool.connectingCount == model.connecting.count, place)
            #expect(pool.waitingCount == model.waiting.count, place)
            #expect(pool.idleCount == model.idle.count, place)
            #expect(Set(pool.idleConnections) == model.idle, place)
            #expect(pool.connectionCount <= limitEver, place)
            // Nobody waits for nothing: a dial is under way for each, or there is no room.
            if pool.waitingCount > pool.connectingCount {
                #expect(pool.connectionCount >= model.connectionCountMax, place)
                #expect(model.idle.isEmpty, place)
            }
        }
    }

    private func step(
        _ step: Int, _ pool: inout ConnectionPoolStateMachine<Int>, _ model: inout Model,
        _ random: inout SeededRandom
    ) {
        switch random.next(below: 20) {
        case 0..<7: self.arrive(step, &pool, &model, &random)
        case 7..<10:
            guard let id = Self.pick(model.connecting, &random) else { return }
            model.connecting.remove(id)
            self.take(pool.connectSucceeded(id), id, &model)
        case 10:
            guard let id = Self.pick(model.connecting, &random) else { return }
            model.connecting.remove(id)
            let told = pool.connectFailed(id)
            #expect(told == model.waiting.first?.request)
            if told != nil { model.waiting.removeFirst() }
        case 11..<15:
            guard let id = Self.pick(Set(model.leased.keys), &random) else { return }
            model.leased[id] = nil
            self.take(pool.connectionReleased(id), id, &model)
        case 15, 16:
            let open = Set(model.leased.keys).union(model.idle).union(model.closing)
            guard let id = Self.pick(open, &random) else { return }
            model.leased[id] = nil
            model.idle.remove(id)
            model.closing.remove(id)
            pool.connectionClosed(id)
        case 17, 18:
            guard let index = model.waiting.indices.randomElement(using: &random) else { return }
            let wasWaiting = pool.requestCancelled(model.waiting.remove(at: index).ticket)
            #expect(wasWaiting)
        default: self.reload(&pool, &model, &random)
        }
        while let (request, id) = pool.leaseIdleToWaiting() {
            let wasIdle = model.idle.remove(id) != nil
            #expect(wasIdle, "leased what was not idle")
            #expect(request == model.waiting.first?.request, "out of turn")
            if !model.waiting.isEmpty { model.waiting.removeFirst() }
            model.lease(id, to: request)
        }
        while let id = pool.openForWaiting(
            endpoint: Int(random.next(below: UInt64(model.endpointCount))))
        {
            #expect(model.openCount < model.connectionCountMax)
            let isNew = model.connecting.insert(id).inserted
            #expect(isNew)
        }
    }

    /// One of a set, the same for the same seed: a set's own order changes from run to run.
    private static func pick(
        _ ids: Set<ConnectionID>, _ random: inout SeededRandom
    ) -> ConnectionID? {
        ids.sorted { $0.slot < $1.slot }.randomElement(using: &random)
    }

    private func arrive(
        _ request: Int, _ pool: inout ConnectionPoolStateMachine<Int>, _ model: inout Model,
        _ random: inout SeededRandom
    ) {
        let endpoint = Int(random.next(below: UInt64(model.endpointCount)))
        switch pool.requestArrived(request, endpoint: endpoint) {
        case .lease(let id):
            let wasIdle = model.idle.remove(id) != nil
            #expect(wasIdle, "leased what was not idle")
            model.lease(id, to: request)
        case .connect(let id, endpoint: let chosen, let ticket):
            #expect(chosen == endpoint)
            #expect(model.openCount < model.connectionCountMax)
            #expect(model.waiting.count < model.pendingCountMax)
            let isNew = model.connecting.insert(id).inserted
            #expect(isNew)
            model.waiting.append((request, ticket))
        case .wait(let ticket):
            // Either there is no room, or a dial whose request gave up is coming.
            #expect(
                model.openCount >= model.connectionCountMax
                    || model.connecting.count > model.waiting.count)
            #expect(model.waiting.count < model.pendingCountMax)
            model.waiting.append((request, ticket))
        case .waitClosing: Issue.record("requests of this pool take any endpoint")
        case .failQueueFull:
            #expect(model.waiting.count >= model.pendingCountMax)
        }
    }

    private func take(
        _ action: ConnectionPoolStateMachine<Int>.OnConnectionAvailable, _ id: ConnectionID,
        _ model: inout Model
    ) {
        switch action {
        case .lease(let request):
            #expect(request == model.waiting.first?.request, "out of turn")
            if !model.waiting.isEmpty { model.waiting.removeFirst() }
            model.lease(id, to: request)
        case .park:
            #expect(model.waiting.isEmpty)
            model.idle.insert(id)
        case .keep: Issue.record("an HTTP/1 connection has one exchange at most")
        case .close:
            model.closing.insert(id)
        }
    }

    private func reload(
        _ pool: inout ConnectionPoolStateMachine<Int>, _ model: inout Model,
        _ random: inout SeededRandom
    ) {
        let count = 1 + Int(random.next(below: 3))
        model.connectionCountMax = 1 + Int(random.next(below: 5))
        model.pendingCountMax = Int(random.next(below: 6))
        // Some endpoints stay, at another place; one is always gone if there are fewer.
        let shift = Int(random.next(below: 2))
        var displaced: [Int] = []
        defer { #expect(displaced == []) }
        let closing = pool.reconfigure(
            endpointCount: count, connectionCountMax: model.connectionCountMax,
            pendingCountMax: model.pendingCountMax, bindsEndpoints: false,
            displaced: &displaced
        ) { old in old + shift < count ? old + shift : nil }
        model.endpointCount = count
        for id in closing {
            let wasIdle = model.idle.remove(id) != nil
            #expect(wasIdle, "closed what was not idle")
            model.closing.insert(id)
        }
    }
}
