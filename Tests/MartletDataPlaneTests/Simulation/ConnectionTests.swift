import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// What a client's connection goes through besides one request and one answer.
@Suite struct ConnectionTests {
    static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    static let noContent = "HTTP/1.1 204 No Content\r\n\r\n"

    private func statuses(_ client: SimulatedChannel) -> [Int?] {
        var reader = MessageReader()
        reader.take(client.takeReceived())
        return reader.messages.map(\.status)
    }

    @Test func pipelinedRequestsAreAnsweredInOrderOnOneConnection() throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends((0..<10).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        let origin = try simulation.connector.accept()
        for index in 0..<10 {
            var request = MessageReader()
            request.take(origin.takeReceived())
            #expect(request.messages.map(\.startLine) == ["GET /\(index) HTTP/1.1"])
            origin.peerSends("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(index)")
            simulation.run()
        }
        var answers = MessageReader()
        answers.take(client.takeReceived())
        #expect(answers.messages.map(\.bodyText) == (0..<10).map(String.init))
        #expect(simulation.connector.dialCount == 1)
        simulation.expectQuiet()
    }

    @Test(arguments: [0, 1, 2])
    func aClientThatHalfClosesGetsEveryAnswer(whenClosing: Int) throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends(Self.get + Self.get)
        if whenClosing == 0 { client.peerEndsSending() }
        let origin = try simulation.connector.accept()
        if whenClosing == 1 { client.peerEndsSending() }
        origin.peerSends(Self.noContent)
        simulation.run()
        if whenClosing == 2 { client.peerEndsSending() }
        origin.peerSends(Self.noContent)
        simulation.run()
        #expect(self.statuses(client) == [204, 204])
        #expect(client.isClosed)
        simulation.expectQuiet()
    }

    @Test func aHalfClosingClientsBodyIsForwarded() throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
        client.peerEndsSending()
        let origin = try simulation.connector.accept()
        var request = MessageReader()
        request.take(origin.takeReceived())
        #expect(request.messages.map(\.bodyText) == ["hello"])
        origin.peerSends(Self.noContent)
        simulation.run()
        #expect(self.statuses(client) == [204])
        #expect(client.isClosed)
        simulation.expectQuiet()
    }

    @Test(arguments: [
        "GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ])
    func aRequestThatNeverEndsIsDropped(start: String) throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends(start)
        client.peerEndsSending()
        while !simulation.connector.dials.isEmpty { try simulation.connector.accept() }
        simulation.run()
        #expect(client.isClosed)
        simulation.expectQuiet()
    }

    /// The upstream takes no more just when the last byte of the body has been read.
    @Test(arguments: [70_000, 200_000])
    func aBodyEndsThoughTheUpstreamIsFull(count: Int) throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n")
        let origin = try simulation.connector.accept()
        origin.setRoom(0)
        client.peerSends([UInt8](repeating: 5, count: count))
        simulation.run()
        origin.addRoom(.max)
        simulation.run()
        var request = MessageReader()
        request.take(origin.takeReceived())
        #expect(request.messages.map(\.body.count) == [count])
        // The response deadline runs, not the client's body rate.
        simulation.advance(.seconds(20))
        #expect(client.receivedCount == 0)
        origin.peerSends(Self.noContent)
        #expect(self.statuses(client) == [204])
        simulation.expectQuiet()
    }

    /// The upstream fails when the body is read but its end is not yet known to the driver: the
    /// next request on the connection must not be taken for more of it.
    @Test func whatFollowsABodyIsNeverTakenForIt() throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n")
        let origin = try simulation.connector.accept()
        origin.setRoom(0)
        client.peerSends([UInt8](repeating: 5, count: 60_000))
        origin.peerResets()
        simulation.run()
        #expect(self.statuses(client).first == 502)
        guard !client.hasEnded else { return }
        client.peerSends(Self.get)
        try simulation.connector.accept().peerSends(Self.noContent)
        #expect(self.statuses(client) == [204])
        simulation.expectQuiet()
    }

    @Test func anUnwantedSmallBodyIsReadAndTheConnectionGoesOn() throws {
        let simulation = try SimulatedWorker(
            """
            listeners: { public: ":0" }
            upstreams: { origin: http://127.0.0.1:9001 }
            routes: [{ match: { path: /known }, upstream: origin }]
            """)
        let client = try simulation.connectClient()
        client.peerSends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nGET ")
        client.peerSends("/ HT\(Self.get)")
        simulation.run()
        #expect(self.statuses(client) == [404, 404])
        #expect(!client.hasEnded)
        client.peerSends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n")
        #expect(self.statuses(client) == [404])
        #expect(client.hasEnded)
        simulation.expectQuiet()
    }

    @Test func anEarlyAnswerClosesTheConnection() throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc")
        let origin = try simulation.connector.accept()
        origin.peerSends("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
        simulation.run()
        var reader = MessageReader()
        reader.take(client.takeReceived())
        #expect(reader.messages.map(\.status) == [413])
        #expect(reader.messages.first?.first("connection") == "close")
        #expect(client.hasEnded)
        #expect(origin.isClosed)
        simulation.expectQuiet()
    }

    @Test func aClientThatLeavesTakesItsUpstreamConnectionAlong() throws {
        let simulation = try SimulatedWorker()
        for stage in 0..<3 {
            let client = try simulation.connectClient()
            client.peerSends(Self.get)
            if stage > 0 {
                let origin = try simulation.connector.accept()
                if stage > 1 { origin.peerSends("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1") }
                client.peerResets()
                #expect(origin.isClosed)
            } else {
                client.peerResets()
                simulation.connector.refuse()
            }
            simulation.expectQuiet()
        }
        #expect(simulation.worker.connectionCount == 0)
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 502, false),
            ("HTTP/1.1 200 OK\r\n", 502, false), ("nonsense\r\n\r\n", 502, false),
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n", 502, false),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", nil, true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", nil, true),
        ] as [(String, Int?, Bool)])
    func anUpstreamThatFails(answer: String, status: Int?, isCut: Bool) throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        let origin = try simulation.connector.accept()
        origin.peerSends(answer)
        origin.peerResets()
        simulation.run()
        let statuses = self.statuses(client)
        if answer.hasSuffix("\r\nok"), status != nil {
            #expect(statuses == [200])
        } else if let status {
            #expect(statuses == [status])
        }
        #expect(client.isClosed == isCut)
        simulation.expectQuiet()
    }

    // MARK: Retries

    @Test(arguments: [
        ("GET", 204, 2), ("PUT", 204, 2), ("DELETE", 204, 2), ("POST", 502, 1), ("PATCH", 502, 1),
    ])
    func aStaleConnectionEarnsOneMoreTry(method: String, status: Int, dials: Int) throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        let stale = try simulation.connector.accept()
        stale.peerSends(Self.noContent)
        #expect(self.statuses(client) == [204])
        client.peerSends("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n")
        stale.peerResets()
        #expect(simulation.connector.dialCount == dials)
        if dials == 2 {
            let fresh = try simulation.connector.accept()
            var request = MessageReader()
            request.take(fresh.takeReceived())
            #expect(request.messages.count == 1)
            fresh.peerSends(Self.noContent)
        }
        #expect(self.statuses(client) == [status])
        simulation.expectQuiet()
    }

    @Test func aFreshConnectionEarnsNone() throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        try simulation.connector.accept().peerResets()
        #expect(self.statuses(client) == [502])
        #expect(simulation.connector.dialCount == 1)
        simulation.expectQuiet()
    }

    @Test func otherEndpointsAreTriedWhenOneCannotBeReached() throws {
        let simulation = try SimulatedWorker(
            """
            listeners: { public: ":0" }
            upstreams:
              origin: [http://127.0.0.1:1, http://127.0.0.1:2, http://127.0.0.1:3, http://127.0.0.1:4]
            routes: [{ match: { prefix: / }, upstream: origin }]
            """)
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        for _ in 0..<3 { simulation.connector.refuse() }
        #expect(simulation.connector.dials.isEmpty)
        #expect(self.statuses(client) == [502])
        client.peerSends(Self.get)
        simulation.connector.refuse()
        try simulation.connector.accept().peerSends(Self.noContent)
        #expect(self.statuses(client) == [204])
        simulation.expectQuiet()
    }
}
