import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// Another server's word, given by the test.
@Suite struct ExternalAuthorizationPolicyTests {
    private static func config(_ more: String = "") -> String {
        """
        listeners: { public: ":0" }
        upstreams: { origin: http://127.0.0.1:9001 }
        routes:
          - match: { prefix: / }
            upstream: origin
            external-authorization:
              { url: "http://127.0.0.1:1/", response-headers: [x-user], \(more) timeout: 2s }
        """
    }

    private static let request = "GET /a HTTP/1.1\r\nHost: a\r\nX_User: root\r\n\r\n"

    private func outcome(
        _ answer: SideCallAnswer?, _ more: String = ""
    ) throws -> (status: Int?, sent: String) {
        let calls = RecordedSideCalls()
        let simulation = try SimulatedWorker(Self.config(more), sideCalls: calls)
        let client = try simulation.connectClient()
        client.peerSends(Self.request)
        #expect(calls.count == 1)
        if let answer {
            calls.answer(answer)
            simulation.run()
        } else {
            simulation.advance(.seconds(4))
        }
        var reader = MessageReader()
        reader.take(client.takeReceived())
        if let status = reader.messages.first.flatMap(\.status) { return (status, "") }
        let upstream = try simulation.connector.accept()
        return (nil, String(decoding: upstream.takeReceived(), as: UTF8.self).lowercased())
    }

    @Test func aYesBringsFields() throws {
        let lines = Array("x-user: alice\r\nx-user: bob\r\n".utf8)
        let sent = try self.outcome(.content(lines)).sent
        #expect(sent.contains("x-user: alice\r\nx-user: bob\r\n"))
        #expect(!sent.contains("root"))
    }

    @Test(
        arguments: [
            (SideCallAnswer.no, 403), (.unauthenticated(Array("Custom".utf8)), 401),
            (.failed, 503), (nil, 503),
        ] as [(SideCallAnswer?, Int)])
    func others(answer: SideCallAnswer?, status: Int) throws {
        #expect(try self.outcome(answer).status == status)
    }

    @Test(arguments: [SideCallAnswer.failed])
    func failuresLetThroughWhereItIsWritten(answer: SideCallAnswer) throws {
        let outcome = try self.outcome(answer, "on-failure: allow,")
        #expect(outcome.status == nil)
        #expect(!outcome.sent.contains("root"))
    }

    @Test func aYesIsBelievedForAWhile() throws {
        let calls = RecordedSideCalls()
        let simulation = try SimulatedWorker(Self.config("cache: 10s,"), sideCalls: calls)
        func ask() throws {
            let client = try simulation.connectClient()
            client.peerSends(Self.request)
            calls.answer(.content([]))
            simulation.run()
        }
        try ask()
        try ask()
        #expect(calls.count == 1)
        #expect(simulation.connector.dialCount == 2)
        simulation.advance(.seconds(11))
        try ask()
        #expect(calls.count == 2)
    }
}
