import MartletDataPlane
import MartletTestSupport
import Testing

/// Single exchanges through a whole worker: what the upstream sees, what the client sees.
@Suite struct ForwardingTests {
    @Test func aRequestGoesThroughAndItsAnswerComesBack() throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends("GET /a?b=c HTTP/1.1\r\nHost: example.com\r\n\r\n")
        let origin = try simulation.connector.accept()
        var request = MessageReader()
        request.take(origin.takeReceived())
        #expect(request.messages.map(\.startLine) == ["GET /a?b=c HTTP/1.1"])
        #expect(request.messages.first?.first("host") == "example.com")

        origin.peerSends("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        var answer = MessageReader()
        answer.take(client.takeReceived())
        #expect(answer.messages.map(\.bodyText) == ["hello"])
        #expect(answer.messages.first?.first("content-length") == "5")
        #expect(!client.hasEnded)
        simulation.expectQuiet()
    }
}
