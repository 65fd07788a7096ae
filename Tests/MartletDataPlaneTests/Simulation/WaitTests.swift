import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// Steps that wait, in virtual time, by the one policy that waits for nothing but its time.
@Suite struct WaitTests {
    static let plan = """
        listeners: { public: { address: ":0", timeouts: { idle: 60s } } }
        upstreams: { origin: { endpoints: http://127.0.0.1:9001, max-connections: 1 } }
        routes:
          - { match: { prefix: / }, upstream: origin, delay: 2s }
          - { match: { prefix: /fixed }, respond: 204, delay: 1s }
        """
    static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    private func statuses(_ client: SimulatedChannel) -> [Int?] {
        var reader = MessageReader()
        reader.take(client.takeReceived())
        return reader.messages.map(\.status)
    }

    private func exchange(of client: SimulatedChannel) throws -> Exchange {
        let handler = try client.pipeline.syncOperations.handler(type: HTTP1DownstreamHandler.self)
        return try #require(handler.exchange)
    }

    @Test func theProgramGoesOnWhenTheTimeHasCome() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        simulation.advance(.milliseconds(1900))
        #expect(simulation.connector.dialCount == 0)
        simulation.advance(.milliseconds(200))
        let upstream = try simulation.connector.accept()
        upstream.peerSends("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(self.statuses(client) == [200])
        simulation.expectQuiet()
    }

    @Test func pipelinedRequestsWaitOneAfterTheOther() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        let fixed = "GET /fixed HTTP/1.1\r\nHost: a\r\n\r\n"
        client.peerSends(fixed + fixed)
        simulation.advance(.milliseconds(1100))
        #expect(self.statuses(client) == [204])
        simulation.advance(.milliseconds(1100))
        #expect(self.statuses(client) == [204])
        #expect(!client.isClosed)
        simulation.expectQuiet()
    }

    @Test func anAnswerHasTheProgramGoOnAtOnceAndOnce() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        let ticket = try self.exchange(of: client).makeWaitTicket()
        #expect(ticket.isValid)
        ExchangeDriver.resume(ticket)
        #expect(!ticket.isValid)
        #expect(simulation.connector.dialCount == 1)
        ExchangeDriver.resume(ticket)
        #expect(simulation.connector.dialCount == 1)
        // Nor does the deadline of the wait that is over do anything.
        try simulation.connector.accept()
        simulation.advance(.seconds(5))
        simulation.connector.channels[0].peerSends(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(self.statuses(client) == [200])
        simulation.expectQuiet()
    }

    @Test func aLateAnswerFindsItsTicketVoid() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        let exchange = try self.exchange(of: client)
        let late = exchange.makeWaitTicket()
        client.peerResets()
        #expect(!late.isValid)
        simulation.expectQuiet()
        // The same object serves another client and waits again.
        let other = try simulation.connectClient()
        other.peerSends(Self.get)
        #expect(try self.exchange(of: other) === exchange)
        ExchangeDriver.resume(late)
        #expect(simulation.connector.dialCount == 0)
        simulation.advance(.milliseconds(2100))
        #expect(simulation.connector.dialCount == 1)
    }

    @Test func aClientThatGoesAwayEndsTheWait() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        client.peerResets()
        simulation.expectQuiet()
        simulation.advance(.seconds(5))
        #expect(simulation.connector.dialCount == 0)
    }

    @Test func theBodyStaysWhereItIsMeanwhile() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
        #expect(client.isReadPaused)
        client.peerSends("def")
        #expect(client.unreadCount == 3)
        simulation.advance(.milliseconds(2100))
        let upstream = try simulation.connector.accept()
        simulation.run()
        let sent = String(decoding: upstream.takeReceived(), as: UTF8.self)
        #expect(sent.hasSuffix("\r\n\r\nabcdef"), "\(sent)")
    }

    @Test func aReloadDoesNotChangeTheRulesOfAWait() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends("GET /fixed HTTP/1.1\r\nHost: a\r\n\r\n")
        try simulation.reload(SimulatedWorker.forwardAll)
        simulation.advance(.milliseconds(1100))
        #expect(self.statuses(client) == [204])
        simulation.expectQuiet()
    }
}
