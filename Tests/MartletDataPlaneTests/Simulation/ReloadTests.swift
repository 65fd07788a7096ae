import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// A plan that changes under traffic.
@Suite struct ReloadTests {
    static let both = """
        listeners: { public: ":0", internal: ":1" }
        upstreams: { a: http://127.0.0.1:1, b: http://127.0.0.1:2 }
        routes:
          - { match: { prefix: / }, upstream: a, listeners: [public] }
          - { match: { prefix: / }, upstream: b, listeners: [internal] }
        """
    static let internalOnly = """
        listeners: { internal: ":1" }
        upstreams: { b: http://127.0.0.1:2 }
        routes: [{ match: { prefix: / }, upstream: b }]
        """
    static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    static let noContent = "HTTP/1.1 204 No Content\r\n\r\n"

    private func statuses(_ client: SimulatedChannel) -> [Int?] {
        var reader = MessageReader()
        reader.take(client.takeReceived())
        return reader.messages.map(\.status)
    }

    /// A request in flight ends as it began, and its listener's clients reach nothing else.
    @Test func aRemovedListenerServesOutAndIsNotTakenForAnother() throws {
        let simulation = try SimulatedWorker(Self.both)
        let busy = try simulation.connectClient(to: "public")
        let halfway = try simulation.connectClient(to: "public")
        let idle = try simulation.connectClient(to: "public")
        let other = try simulation.connectClient(to: "internal")
        busy.peerSends(Self.get)
        halfway.peerSends("GET / HT")
        let origin = try simulation.connector.accept()
        try simulation.reload(Self.internalOnly)
        #expect(idle.hasEnded)
        #expect(!other.hasEnded)
        origin.peerSends(Self.noContent)
        simulation.run()
        #expect(self.statuses(busy) == [204])
        #expect(busy.hasEnded)
        halfway.peerSends("TP/1.1\r\nHost: a\r\n\r\n")
        // The route of its own generation: upstream a, not b.
        #expect(simulation.connector.dials.map(\.address.port) == [1])
        try simulation.connector.accept().peerSends(Self.noContent)
        simulation.run()
        #expect(self.statuses(halfway) == [204])
        #expect(halfway.hasEnded)
        #expect(throws: (any Error).self) { try simulation.connectClient(to: "public") }
        for client in [busy, halfway, idle, other] { client.peerResets() }
        #expect(simulation.worker.connectionCount == 0)
        simulation.expectQuiet()
    }

    static let withoutB = """
        listeners: { internal: ":1" }
        upstreams: { a: http://127.0.0.1:1 }
        routes: [{ match: { prefix: / }, upstream: a }]
        """

    /// Its counters have no place in the new layout.
    @Test func aRemovedUpstreamEndsItsExchanges() throws {
        let simulation = try SimulatedWorker(Self.both)
        let clients = try [
            simulation.connectClient(to: "internal"), simulation.connectClient(to: "internal"),
        ]
        for client in clients { client.peerSends(Self.get) }
        let first = try simulation.connector.accept()
        let second = try simulation.connector.accept()
        first.peerSends(Self.noContent)
        try simulation.reload(Self.withoutB)
        #expect(first.isClosed)
        second.peerSends(Self.noContent)
        simulation.run()
        #expect(second.isClosed)
        #expect(clients.map { self.statuses($0) } == [[204], [204]])
        clients[0].peerSends(Self.get)
        #expect(simulation.connector.dials.map(\.address.port) == [1])
        try simulation.connector.accept().peerSends(Self.noContent)
        #expect(self.statuses(clients[0]) == [204])
        simulation.expectQuiet()
    }

    @Test(arguments: [true, false])
    func aDialToARemovedUpstreamEndsItsRequest(isAccepted: Bool) throws {
        let simulation = try SimulatedWorker(Self.both)
        let client = try simulation.connectClient(to: "internal")
        client.peerSends(Self.get)
        try simulation.reload(Self.withoutB)
        if isAccepted {
            let origin = try simulation.connector.accept()
            origin.peerSends(Self.noContent)
            #expect(origin.isClosed)
        } else {
            simulation.connector.refuse()
        }
        simulation.run()
        #expect(self.statuses(client) == [isAccepted ? 204 : 502])
        simulation.expectQuiet()
    }

    @Test func aHigherLimitServesAllWhoWait() throws {
        let plan = { (count: Int) in
            """
            listeners: { public: ":0" }
            upstreams: { a: { endpoints: http://127.0.0.1:1, max-connections: \(count) } }
            routes: [{ match: { prefix: / }, upstream: a }]
            """
        }
        let simulation = try SimulatedWorker(plan(1))
        for _ in 0..<4 { try simulation.connectClient().peerSends(Self.get) }
        #expect(simulation.connector.dialCount == 1)
        try simulation.reload(plan(3))
        #expect(simulation.connector.dialCount == 3)
    }

    @Test func aDrainingWorkerAnswersAndCloses() throws {
        let simulation = try SimulatedWorker()
        let busy = try simulation.connectClient()
        let idle = try simulation.connectClient()
        busy.peerSends(Self.get)
        let origin = try simulation.connector.accept()
        simulation.worker.drain()
        origin.peerSends(Self.noContent)
        simulation.run()
        var reader = MessageReader()
        reader.take(busy.takeReceived())
        #expect(reader.messages.first?.first("connection") == "close")
        #expect(busy.hasEnded)
        #expect(origin.isClosed)
        simulation.advance(.milliseconds(1100))
        #expect(idle.isClosed)
        simulation.expectQuiet()
    }
}
