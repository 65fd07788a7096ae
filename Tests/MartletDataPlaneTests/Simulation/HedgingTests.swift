import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// Reads that are sent twice, in virtual time.
@Suite struct HedgingTests {
    private static func plan(_ keys: String = "") -> String {
        """
        listeners: { public: ":0" }
        upstreams:
          origin:
            endpoints: [http://127.0.0.1:1, http://127.0.0.1:2]
            hedging: { after: 200ms }
            retry-budget: { percent: 0, min-retries: 100 }
            \(keys)
        routes: [{ match: { prefix: / }, upstream: origin }]
        """
    }

    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let good = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
    private static let bad = "HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nbad"

    /// A client that has asked, and both tries under way.
    private struct Pair {
        let simulation: SimulatedWorker
        let client: SimulatedChannel
        let first: SimulatedChannel
        let second: SimulatedChannel

        init(_ plan: String = HedgingTests.plan(), request: String = HedgingTests.get) throws {
            self.simulation = try SimulatedWorker(plan)
            self.client = try self.simulation.connectClient()
            self.client.peerSends(request)
            self.first = try self.simulation.connector.accept()
            self.simulation.run()
            self.simulation.advance(.milliseconds(150))
            #expect(self.simulation.connector.dialCount == 1, "too early")
            self.simulation.advance(.milliseconds(100))
            #expect(self.simulation.connector.dialCount == 2)
            self.second = try self.simulation.connector.accept()
            self.simulation.run()
            #expect(self.first.remoteAddress != self.second.remoteAddress)
        }

        func answers() -> [String] {
            self.simulation.run()
            var reader = MessageReader()
            reader.take(self.client.takeReceived())
            #expect(!reader.isBroken && reader.restCount == 0)
            return reader.messages.map(\.bodyText)
        }

        var requests: [[String]] {
            [self.first, self.second].map {
                var reader = MessageReader()
                reader.take($0.takeReceived())
                return reader.messages.map { $0.startLine + $0.bodyText }
            }
        }
    }

    @Test func theSecondTryMayWin() throws {
        let pair = try Pair()
        #expect(pair.requests == [["GET /a HTTP/1.1"], ["GET /a HTTP/1.1"]])
        pair.second.peerSends(Self.good)
        #expect(pair.answers() == ["good"])
        #expect(pair.first.hasEnded && !pair.second.hasEnded, "the loser is cancelled")
        pair.simulation.expectQuiet()
        pair.client.peerSends(Self.get)
        pair.simulation.run()
        pair.second.peerSends(Self.good)
        #expect(pair.answers() == ["good"] || pair.simulation.connector.dialCount == 3)
    }

    @Test func theFirstTryMayWin() throws {
        let pair = try Pair()
        pair.first.peerSends(Self.good)
        #expect(pair.answers() == ["good"])
        #expect(!pair.first.hasEnded && pair.second.hasEnded)
        pair.simulation.expectQuiet()
    }

    @Test func anAnswerInPiecesGoesThrough() throws {
        let pair = try Pair()
        for byte in Self.good.utf8 { pair.second.peerSends([byte]) }
        #expect(pair.answers() == ["good"])
        pair.simulation.expectQuiet()
    }

    @Test func halfAHeadIsTakenOver() throws {
        let pair = try Pair()
        pair.second.peerSends(String(Self.good.prefix(20)))
        pair.first.peerResets()
        pair.simulation.run()
        pair.second.peerSends(String(Self.good.dropFirst(20)))
        #expect(pair.answers() == ["good"])
        pair.simulation.expectQuiet()
    }

    @Test(arguments: [true, false])
    func anErrorDoesNotWin(firstIsBad: Bool) throws {
        let pair = try Pair()
        (firstIsBad ? pair.first : pair.second).peerSends(Self.bad)
        #expect(pair.answers().isEmpty, "the other one may do better")
        (firstIsBad ? pair.second : pair.first).peerSends(Self.good)
        #expect(pair.answers() == ["good"])
        pair.simulation.expectQuiet()
    }

    @Test func twoErrorsAreAnError() throws {
        let pair = try Pair()
        pair.second.peerSends(Self.bad)
        #expect(pair.answers().isEmpty)
        pair.first.peerSends(Self.bad)
        #expect(pair.answers() == ["bad"])
        pair.simulation.expectQuiet()
    }

    @Test(arguments: [true, false])
    func ofTwoTriesOneMayBeLost(firstIsLost: Bool) throws {
        let pair = try Pair()
        (firstIsLost ? pair.first : pair.second).peerResets()
        #expect(pair.answers().isEmpty)
        (firstIsLost ? pair.second : pair.first).peerSends(Self.good)
        #expect(pair.answers() == ["good"])
        pair.simulation.expectQuiet()
    }

    @Test func whenBothAreLostItIsTriedAgain() throws {
        let pair = try Pair(Self.plan("retries: { attempts: 3, backoff-start: 0s }"))
        pair.first.peerResets()
        pair.simulation.run()
        pair.second.peerResets()
        pair.simulation.run()
        #expect(pair.simulation.connector.dialCount == 3)
        try pair.simulation.connector.accept().peerSends(Self.good)
        #expect(pair.answers() == ["good"])
        pair.simulation.expectQuiet()
    }

    @Test func aConnectionThatDoesNotComeAboutIsNoHindrance() throws {
        let simulation = try SimulatedWorker(Self.plan())
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        simulation.advance(.milliseconds(250))
        #expect(simulation.connector.dialCount == 2, "waiting for a connection counts")
        let second = try simulation.connector.accept(1)
        second.peerSends(Self.good)
        simulation.run()
        var reader = MessageReader()
        reader.take(client.takeReceived())
        #expect(reader.messages.map(\.bodyText) == ["good"])
        simulation.connector.refuse()
        simulation.run()
        simulation.expectQuiet()
    }

    @Test func aClientThatGoesEndsBoth() throws {
        let pair = try Pair()
        pair.client.peerResets()
        pair.simulation.run()
        #expect(pair.first.hasEnded && pair.second.hasEnded)
        pair.simulation.expectQuiet()
    }

    @Test func aBodyThatIsKeptIsSentTwice() throws {
        let pair = try Pair(
            Self.plan("retries: {}"),
            request: "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
        #expect(pair.requests == [["GET /a HTTP/1.1abc"], ["GET /a HTTP/1.1abc"]])
        pair.second.peerSends(Self.good)
        #expect(pair.answers() == ["good"])
        pair.simulation.expectQuiet()
        #expect(pair.simulation.worker.heldBodyBytes == 0)
    }

    @Test(arguments: [
        ("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", ""),
        ("DELETE /a HTTP/1.1\r\nHost: a\r\n\r\n", ""),
        ("GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", ""),
        ("GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab", "retries: {}"),
        (Self.get, "max-retries: 0"),
    ])
    func whatMustNotBeSentTwiceIsNot(request: String, keys: String) throws {
        let simulation = try SimulatedWorker(Self.plan(keys))
        let client = try simulation.connectClient()
        client.peerSends(request)
        _ = try simulation.connector.accept()
        simulation.advance(.seconds(2))
        #expect(simulation.connector.dialCount == 1)
        client.peerResets()
        simulation.run()
        simulation.expectQuiet()
    }

    @Test func theBudgetIsNeverExceeded() throws {
        let simulation = try SimulatedWorker(
            Self.plan().replacing("min-retries: 100", with: "min-retries: 3"))
        var clients: [SimulatedChannel] = []
        for _ in 0..<20 {
            clients.append(try simulation.connectClient())
            clients[clients.count - 1].peerSends(Self.get)
        }
        simulation.advance(.seconds(1))
        #expect(simulation.connector.dialCount == 23)
        for client in clients { client.peerResets() }
        simulation.run()
        while !simulation.connector.dials.isEmpty { simulation.connector.refuse() }
        simulation.run()
        #expect(simulation.worker.exchangeCount == 0)
    }

    @Test func aReloadInBetweenIsNoHindrance() throws {
        let pair = try Pair()
        try pair.simulation.reload(Self.plan("max-requests: 10"))
        pair.second.peerSends(Self.good)
        #expect(pair.answers() == ["good"])
        pair.simulation.expectQuiet()
    }
}
