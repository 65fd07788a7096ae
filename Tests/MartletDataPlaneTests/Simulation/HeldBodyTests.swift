import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// Bodies that a step wants whole, in virtual time.
@Suite struct HeldBodyTests {
    static let plan = """
        held-body-memory: 1MiB
        listeners: { public: { address: ":0", timeouts: { idle: 10m } } }
        upstreams: { origin: { endpoints: http://127.0.0.1:9001 } }
        routes:
          - { match: { prefix: / }, upstream: origin, inspect: report,
              limits: { max-held-body: 600KiB } }
        """
    static let blocking = Self.plan.replacing("inspect: report", with: "inspect: block")
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    private func head(_ fields: String) -> String { "POST /a HTTP/1.1\r\nHost: a\r\n\(fields)\r\n" }

    private func statuses(_ client: SimulatedChannel) -> [Int?] {
        var reader = MessageReader()
        reader.take(client.takeReceived())
        return reader.messages.map(\.status)
    }

    @Test func nothingIsDialledBeforeTheBodyIsWhole() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(self.head("Content-Length: 6\r\n") + "abc")
        #expect(simulation.connector.dialCount == 0)
        #expect(!client.isReadPaused)
        #expect(simulation.worker.heldBodyBytes > 0)
        client.peerSends("def")
        let upstream = try simulation.connector.accept()
        simulation.run()
        let sent = String(decoding: upstream.takeReceived(), as: UTF8.self)
        #expect(sent.hasSuffix("\r\n\r\nabcdef") && sent.contains("content-length: 6"), "\(sent)")
        upstream.peerSends(Self.ok)
        #expect(self.statuses(client) == [200])
        #expect(simulation.worker.heldBodyBytes == 0)
        simulation.expectQuiet()
    }

    /// What only reports refuses nothing: what is held goes on, and the rest behind it.
    @Test func aBodyThatIsOnlyReportedOnStreamsWhenItIsTooLarge() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        let piece = String(repeating: "a", count: 100_000)
        client.peerSends(self.head("Transfer-Encoding: chunked\r\n"))
        for _ in 0..<6 { client.peerSends("186a0\r\n\(piece)\r\n") }
        #expect(simulation.connector.dialCount == 0)
        client.peerSends("186a0\r\n\(piece)\r\n")
        let upstream = try simulation.connector.accept()
        simulation.run()
        client.peerSends("3\r\nend\r\n0\r\n\r\n")
        simulation.run()
        let sent = String(decoding: upstream.takeReceived(), as: UTF8.self)
        #expect(sent.filter { $0 == "a" }.count >= 700_000 && sent.contains("end"))
        #expect(sent.hasSuffix("0\r\n\r\n"))
        upstream.peerSends(Self.ok)
        #expect(self.statuses(client) == [200])
        #expect(simulation.worker.heldBodyBytes == 0)
        simulation.expectQuiet()
    }

    @Test func aBodyThatIsOnlyReportedOnAndSaysThatItIsTooLargeIsNotHeld() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(self.head("Content-Length: 700000\r\n") + "abc")
        #expect(simulation.connector.dialCount == 1 && simulation.worker.heldBodyBytes == 0)
    }

    @Test func aSlowBodyThatIsOnlyReportedOnGoesOn() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(self.head("Content-Length: 500000\r\n"))
        for _ in 0..<605 where simulation.connector.dialCount == 0 {
            client.peerSends(String(repeating: "a", count: 300))
            simulation.advance(.seconds(1))
        }
        #expect(simulation.connector.dialCount == 1)
    }

    @Test func theBudgetOfAWorkerIsShared() throws {
        let simulation = try SimulatedWorker(Self.blocking)
        let half = String(repeating: "a", count: 500_000)
        let first = try simulation.connectClient()
        first.peerSends(self.head("Content-Length: 600000\r\n") + half)
        let held = simulation.worker.heldBodyBytes
        #expect(held >= 500_000)
        let second = try simulation.connectClient()
        second.peerSends(self.head("Content-Length: 600000\r\n") + half + "aaaa")
        second.peerSends(half)
        #expect(self.statuses(second) == [503])
        #expect(simulation.worker.heldBodyBytes == held)
        first.peerResets()
        #expect(simulation.worker.heldBodyBytes == 0)
    }

    @Test func aBodyWithoutAnEndIsGivenUp() throws {
        let simulation = try SimulatedWorker(Self.blocking)
        let client = try simulation.connectClient()
        client.peerSends(self.head("Content-Length: 600000\r\n"))
        // Fast enough for the rate, and never done.
        for _ in 0..<605 {
            client.peerSends(String(repeating: "a", count: 300))
            simulation.advance(.seconds(1))
        }
        #expect(self.statuses(client) == [408])
        #expect(simulation.worker.heldBodyBytes == 0)
    }

    @Test func aStaleConnectionGetsTheBodyAgain() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        let put = "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        client.peerSends(put)
        let first = try simulation.connector.accept()
        simulation.run()
        _ = first.takeReceived()
        first.peerSends(Self.ok)
        client.peerSends(put)
        simulation.run()
        first.peerResets()
        let second = try simulation.connector.accept()
        simulation.run()
        let sent = String(decoding: second.takeReceived(), as: UTF8.self)
        #expect(sent.hasSuffix("\r\n\r\nabc"), "\(sent)")
        second.peerSends(Self.ok)
        #expect(self.statuses(client) == [200, 200])
        simulation.expectQuiet()
    }

    @Test func aClientThatGoesAwayGivesItsMemoryBack() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(self.head("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n")
        #expect(simulation.worker.heldBodyBytes > 0)
        client.peerResets()
        #expect(simulation.worker.heldBodyBytes == 0)
        simulation.expectQuiet()
    }

    @Test func whatIsHeldIsOnlyWhatAPolicyWants() throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends(self.head("Content-Length: 6\r\n") + "abc")
        #expect(simulation.connector.dialCount == 1)
        #expect(simulation.worker.heldBodyBytes == 0)
    }
}
