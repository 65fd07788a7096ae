import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// Bandwidth in virtual time: what is held, for how long, and whom nobody blames for it.
@Suite struct PacingTests {
    /// 16 KiB a second behind a burst of 64 KiB, and deadlines that are shorter than the holds.
    private static func plan(
        _ bandwidth: String, route: String = "upstream: origin"
    ) -> String {
        """
        listeners:
          public:
            address: ":0"
            timeouts: { body-grace: 1s, half-closed: 2s }
            limits: { min-body-rate: 240B }
        upstreams:
          origin:
            endpoints: http://127.0.0.1:9001
            timeouts: { response: 3s, stream-idle: 3s }
        rate-limits: { slow: { bandwidth: { \(bandwidth), burst: 64KiB } } }
        routes: [{ match: { prefix: / }, rate-limits: slow, \(route) }]
        """
    }

    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let noContent = "HTTP/1.1 204 No Content\r\n\r\n"
    /// 64 KiB more than passes: it takes four seconds to make up for them.
    private static let piece = [UInt8](repeating: 7, count: 128 * 1024)

    private static func post(_ count: Int) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n"
    }

    private func status(_ client: SimulatedChannel) -> [Int?] {
        var reader = MessageReader()
        reader.take(client.takeReceived())
        return reader.messages.map(\.status)
    }

    /// An answer that comes in one piece is over before it can be held: the next one waits for it.
    @Test func aNewExchangeWaitsForWhatOthersTook() throws {
        let simulation = try SimulatedWorker(Self.plan("response: 16KiB"))
        let first = try simulation.connectClient()
        first.peerSends(Self.get)
        let origin = try simulation.connector.accept()
        origin.peerSends("HTTP/1.1 200 OK\r\nContent-Length: \(Self.piece.count)\r\n\r\n")
        origin.peerSends(Self.piece)
        #expect(self.status(first) == [200])
        let second = try simulation.connectClient()
        _ = origin.takeReceived()
        second.peerSends(Self.get)
        // Nothing is asked of the upstream meanwhile.
        simulation.advance(.milliseconds(3900))
        #expect(origin.takeReceived().isEmpty && simulation.connector.dialCount == 1)
        #expect(simulation.upstream().waitingCount == 0)
        simulation.advance(.milliseconds(250))
        #expect(!origin.takeReceived().isEmpty)
        origin.peerSends(Self.noContent)
        #expect(self.status(second) == [204])
        simulation.expectQuiet()
    }

    @Test func oneWhoGoesAwayWhileItWaitsLeavesNothing() throws {
        let simulation = try SimulatedWorker(Self.plan("request: 16KiB"))
        let first = try simulation.connectClient()
        first.peerSends(Self.post(Self.piece.count))
        first.peerSends(Self.piece)
        let origin = try simulation.connector.accept()
        origin.peerSends(Self.noContent)
        #expect(self.status(first) == [204])
        // Without a body it has nothing to wait for.
        first.peerSends(Self.get)
        origin.peerSends(Self.noContent)
        #expect(self.status(first) == [204])
        _ = origin.takeReceived()
        first.peerSends(Self.post(3))
        first.peerSends("abc")
        simulation.advance(.seconds(1))
        #expect(simulation.worker.exchangeCount == 1)
        first.peerResets()
        simulation.advance(.seconds(6))
        #expect(origin.takeReceived().isEmpty)
        simulation.expectQuiet()
    }

    /// Neither the upstream's deadlines nor the client's rate count while the request is held.
    @Test func anUploadThatIsHeldIsNobodysFault() throws {
        let simulation = try SimulatedWorker(Self.plan("request: 16KiB"))
        let client = try simulation.connectClient()
        client.peerSends(Self.post(Self.piece.count + 600))
        let origin = try simulation.connector.accept()
        client.peerSends(Self.piece)
        simulation.advance(.milliseconds(3900))
        #expect(client.receivedCount == 0 && !origin.isClosed)
        // Both count again from here on.
        for _ in 0..<2 {
            simulation.advance(.milliseconds(900))
            client.peerSends([UInt8](repeating: 7, count: 300))
        }
        #expect(client.receivedCount == 0 && !origin.isClosed)
        simulation.advance(.milliseconds(2800))
        #expect(client.receivedCount == 0)
        simulation.advance(.milliseconds(300))
        #expect(self.status(client) == [504])
        simulation.expectQuiet()
    }

    @Test func anUpstreamHasToTakeWhatGoesOn() throws {
        let simulation = try SimulatedWorker(Self.plan("request: 16KiB"))
        let client = try simulation.connectClient()
        client.peerSends(Self.post(10 * Self.piece.count))
        let origin = try simulation.connector.accept()
        origin.setRoom(Self.piece.count)
        for _ in 0..<5 { client.peerSends(Self.piece) }
        simulation.advance(.seconds(4))
        #expect(client.receivedCount == 0)
        // The next piece is held for longer than the deadline, and the upstream takes none of it.
        simulation.advance(.seconds(16))
        #expect(self.status(client) == [504])
        simulation.expectQuiet()
    }

    @Test func anAnswerThatIsHeldIsNotCut() throws {
        let simulation = try SimulatedWorker(Self.plan("response: 16KiB"))
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        let origin = try simulation.connector.accept()
        origin.peerSends("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        origin.peerSends(Self.piece)
        #expect(origin.isReadPaused)
        simulation.advance(.milliseconds(3900))
        #expect(origin.isReadPaused && !client.isClosed)
        simulation.advance(.milliseconds(250))
        #expect(!origin.isReadPaused)
        // From here on more has to come.
        simulation.advance(.milliseconds(2800))
        #expect(!client.isClosed)
        simulation.advance(.milliseconds(300))
        #expect(client.isClosed && origin.isClosed)
        simulation.expectQuiet()
    }

    /// Who has closed its side may wait for its answer as long as a limit makes it wait.
    @Test func aHalfClosedClientIsWaitedForWhileItIsHeld() throws {
        let simulation = try SimulatedWorker(Self.plan("response: 16KiB"))
        let first = try simulation.connectClient()
        first.peerSends(Self.get)
        let origin = try simulation.connector.accept()
        origin.peerSends("HTTP/1.1 200 OK\r\nContent-Length: \(Self.piece.count)\r\n\r\n")
        origin.peerSends(Self.piece)
        let second = try simulation.connectClient()
        second.peerSends(Self.get)
        second.peerEndsSending()
        simulation.advance(.milliseconds(4150))
        #expect(!second.isClosed)
        origin.peerSends(Self.noContent)
        #expect(self.status(second) == [204])
        simulation.advance(.seconds(1))
        simulation.expectQuiet()
    }

    @Test func repliesOfOurOwnCount() throws {
        let body = String(repeating: "x", count: Self.piece.count)
        let simulation = try SimulatedWorker(
            Self.plan("response: 16KiB", route: "respond: { body: \(body) }"))
        let client = try simulation.connectClient()
        client.peerSends(Self.get)
        #expect(self.status(client) == [200])
        client.peerSends(Self.get)
        simulation.advance(.milliseconds(3900))
        #expect(client.takeReceived().isEmpty)
        simulation.advance(.milliseconds(250))
        #expect(self.status(client) == [200])
        simulation.expectQuiet()
    }

    /// A body that a policy wants whole counts, and waits, as any other.
    @Test func heldBodiesCount() throws {
        let simulation = try SimulatedWorker(
            Self.plan(
                "request: 16KiB",
                route: "upstream: origin, validate: { body: { json: { max-depth: 3 } } }"))
        let client = try simulation.connectClient()
        let text = "\"" + String(repeating: "x", count: Self.piece.count) + "\""
        client.peerSends(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(text.utf8.count + 1)\r\n\r\n")
        client.peerSends(text)
        client.peerSends(" ")
        simulation.advance(.milliseconds(3900))
        #expect(simulation.connector.dialCount == 0 && client.receivedCount == 0)
        simulation.advance(.milliseconds(250))
        let origin = try simulation.connector.accept()
        origin.peerSends(Self.noContent)
        #expect(self.status(client) == [204])
        simulation.expectQuiet()
    }
}
