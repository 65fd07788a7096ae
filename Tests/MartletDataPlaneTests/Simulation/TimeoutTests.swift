import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// Every timeout, in virtual time: nothing happens just before, everything just after.
@Suite struct TimeoutTests {
    static let plan = """
        listeners:
          public:
            address: ":0"
            timeouts: { request-head: 10s, idle: 60s, body-grace: 5s, write-stall: 30s }
            limits: { min-body-rate: 240B }
        upstreams:
          origin:
            endpoints: http://127.0.0.1:9001
            max-connections: 1
            max-pending: 4
            timeouts:
              connect: 2s
              response: 30s
              stream-idle: 20s
              keep-alive: 55s
              queue: 5s
        routes: [{ match: { prefix: / }, upstream: origin }]
        """

    static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    private func status(_ client: SimulatedChannel) -> [Int?] {
        var reader = MessageReader()
        reader.take(client.takeReceived())
        return reader.messages.map(\.status)
    }

    @Test func aConnectionThatSendsNothingIsClosed() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        simulation.advance(.milliseconds(59_800))
        #expect(!client.isClosed)
        simulation.advance(.milliseconds(300))
        #expect(client.isClosed)
        #expect(client.receivedCount == 0)
        simulation.expectQuiet()
    }

    @Test func aHeadThatTricklesInEndsAtItsDeadline() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        for byte in "GET /aaaaaaaaaaaaaa".utf8.prefix(19) {
            client.peerSends([byte])
            simulation.advance(.milliseconds(500))
        }
        #expect(client.receivedCount == 0)
        simulation.advance(.milliseconds(600))
        #expect(self.status(client) == [408])
        #expect(client.hasEnded)
        simulation.advance(.seconds(3))
        #expect(client.isClosed)
        simulation.expectQuiet()
    }

    @Test func aBodyThatTricklesInIsCutAtItsRate() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        _ = try simulation.connector.accept()
        // 5 s at 240 B/s are 1200 bytes.
        for _ in 0..<5 {
            client.peerSends([UInt8](repeating: 1, count: 250))
            simulation.advance(.seconds(1))
        }
        simulation.advance(.milliseconds(100))
        #expect(client.receivedCount == 0)
        for _ in 0..<5 {
            client.peerSends([UInt8](repeating: 1, count: 200))
            simulation.advance(.seconds(1))
        }
        simulation.advance(.milliseconds(100))
        #expect(self.status(client) == [408])
        #expect(simulation.connector.channels[0].isClosed)
        simulation.expectQuiet()
    }

    @Test func anUpstreamThatDoesNotConnectIsGivenUp() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        simulation.advance(.milliseconds(1900))
        #expect(client.receivedCount == 0)
        simulation.advance(.milliseconds(200))
        #expect(self.status(client) == [504])
        simulation.expectQuiet()
    }

    /// What was given up must not come back and take another's place.
    @Test func aConnectionThatComesAfterItsTimeoutChangesNothing() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        simulation.advance(.milliseconds(2100))
        #expect(self.status(client) == [504])
        client.peerSends(Self.get)
        #expect(simulation.connector.dials.count == 2)
        let second = try simulation.connector.accept(1)
        let late = try simulation.connector.accept(0)
        simulation.run()
        #expect(late.isClosed)
        #expect(simulation.upstream().connectionCount == 1)
        second.peerSends("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(self.status(client) == [204])
        #expect(!second.isClosed)
        simulation.expectQuiet()
        client.peerSends(Self.get)
        #expect(simulation.connector.dialCount == 2)
    }

    @Test func anAnswerThatDoesNotComeEndsAtItsDeadline() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        let origin = try simulation.connector.accept()
        simulation.advance(.milliseconds(29_900))
        origin.peerSends("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 20")
        #expect(!client.hasEnded)
        simulation.advance(.milliseconds(200))
        #expect(self.status(client) == [100, 504])
        #expect(origin.isClosed)
        simulation.expectQuiet()
    }

    @Test func anAnswerThatStopsInItsMiddleIsCut() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        let origin = try simulation.connector.accept()
        origin.peerSends("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
        for _ in 0..<3 {
            simulation.advance(.seconds(19))
            origin.peerSends("6")
        }
        #expect(!client.isClosed)
        simulation.advance(.milliseconds(20_100))
        #expect(client.isClosed)
        #expect(origin.isClosed)
        simulation.expectQuiet()
    }

    @Test func aRequestWaitsInTheQueueForItsTime() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let first = try simulation.connectClient()
        first.peerSends(Self.get)
        let origin = try simulation.connector.accept()
        let second = try simulation.connectClient()
        second.peerSends(Self.get)
        #expect(simulation.upstream().waitingCount == 1)
        simulation.advance(.milliseconds(4900))
        #expect(second.receivedCount == 0)
        simulation.advance(.milliseconds(200))
        #expect(self.status(second) == [503])
        #expect(simulation.upstream().waitingCount == 0)
        origin.peerSends("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(self.status(first) == [204])
        simulation.expectQuiet()
    }

    @Test func theQueueHasALimit() throws {
        let simulation = try SimulatedWorker(Self.plan)
        var clients: [SimulatedChannel] = []
        for _ in 0..<5 {
            let client = try simulation.connectClient()
            client.peerSends(Self.get)
            clients.append(client)
        }
        #expect(clients.map(\.receivedCount).dropLast().allSatisfy { $0 == 0 })
        #expect(self.status(clients[4]) == [503])
        let origin = try simulation.connector.accept()
        for client in clients.dropLast() {
            origin.peerSends("HTTP/1.1 204 No Content\r\n\r\n")
            #expect(self.status(client) == [204])
        }
        #expect(simulation.connector.dialCount == 1)
        simulation.expectQuiet()
    }

    @Test func aPooledConnectionIsClosedWhenNobodyWantsIt() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        let origin = try simulation.connector.accept()
        origin.peerSends("HTTP/1.1 204 No Content\r\n\r\n")
        simulation.advance(.milliseconds(54_900))
        #expect(!origin.isClosed)
        simulation.advance(.milliseconds(200))
        #expect(origin.isClosed)
        #expect(simulation.upstream().connectionCount == 0)
        simulation.expectQuiet()
    }

    @Test func aClientThatStopsReadingIsCut() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.setRoom(1000)
        client.peerSends(Self.get)
        let origin = try simulation.connector.accept()
        origin.peerSends("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        for _ in 0..<20 { origin.peerSends([UInt8](repeating: 7, count: 10_000)) }
        #expect(origin.isReadPaused)
        #expect(origin.unreadCount > 100_000)
        for _ in 0..<3 {
            // A little now and then keeps it alive, however long the upstream is made to wait.
            simulation.advance(.seconds(29))
            client.addRoom(10)
        }
        #expect(!client.isClosed)
        simulation.advance(.milliseconds(61_000))
        #expect(client.isClosed)
        #expect(origin.isClosed)
        simulation.expectQuiet()
    }

    /// The last answer is written and the connection lingers: a slow client still gets all of it.
    @Test func aSlowClientGetsAllOfItsLastAnswer() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.setRoom(0)
        client.peerSends("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let origin = try simulation.connector.accept()
        origin.peerSends("HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n")
        origin.peerSends([UInt8](repeating: 7, count: 30_000))
        for _ in 0..<40 {
            simulation.advance(.milliseconds(500))
            client.addRoom(1000)
        }
        #expect(client.receivedCount > 30_000)
        #expect(client.hasEnded)
        simulation.advance(.seconds(3))
        #expect(client.isClosed)
        simulation.expectQuiet()
    }
}
