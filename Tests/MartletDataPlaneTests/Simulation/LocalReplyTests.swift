import Foundation
import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// The answers that Martlet makes itself.
@Suite struct LocalReplyTests {
    static let plan = """
        listeners: { public: { address: ":0", limits: { max-header: 1KiB, max-body: 100B } } }
        upstreams: { origin: http://127.0.0.1:9001 }
        routes:
          - { match: { path: /fixed }, respond: { status: 200, body: hello } }
          - { match: { path: /moved }, redirect: { host: b.example, scheme: https, path: / } }
          - { match: { path: /a, methods: [GET, PUT] }, upstream: origin }
        """

    @Test(arguments: [
        ("GET /b HTTP/1.1\r\nHost: a\r\n\r\n", 404, "route_not_found"),
        ("POST /a HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method_not_allowed"),
        ("TRACE /a HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method_not_supported"),
        ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 501, "method_not_supported"),
        ("GET /a HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\n\r\n", 400, "upgrade_malformed"),
        ("GET /%2e%2e/%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request_malformed"),
        ("GET /a HTTP/1.1\r\n\r\n", 400, "request_malformed"),
        ("GET /a HTTP/3.0\r\n\r\n", 505, "request_malformed"),
        ("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n", 413, "request_too_large"),
        (
            "GET /a HTTP/1.1\r\nX: \(String(repeating: "x", count: 1100))\r\n", 431,
            "request_malformed"
        ),
        (
            "GET /a HTTP/1.1\r\nHost: a\r\n"
                + "Via: \(String(repeating: "1.1 martlet,", count: 7))\r\n\r\n",
            502, "loop_detected"
        ),
        (
            "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501,
            "request_malformed"
        ),
    ])
    func problem(request: String, status: Int, code: String) throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        client.peerSends(request)
        simulation.run()
        var reader = MessageReader()
        reader.take(client.takeReceived())
        let answer = try #require(reader.messages.first)
        #expect(reader.messages.count == 1)
        #expect(answer.status == status)
        #expect(answer.first("content-type") == "application/problem+json")
        #expect(answer.first("proxy-status")?.hasPrefix("martlet; error=") == true)
        #expect((answer.first("allow") != nil) == (status == 405))
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        #expect(document["status"] as? Int == status)
        #expect(document["code"] as? String == code)
        #expect((document["title"] as? String)?.isEmpty == false)
        #expect((document["detail"] as? String)?.isEmpty == false)
        let instance = document["instance"] as? String ?? ""
        let identifier = answer.first("x-request-id") ?? "none"
        #expect(instance == "urn:request:\(identifier)")
        simulation.expectQuiet()
    }

    @Test func fixedAnswersAndRedirectsKeepTheConnection() throws {
        let simulation = try SimulatedWorker(Self.plan)
        let client = try simulation.connectClient()
        var reader = MessageReader()
        reader.expectsHead = [false, true, false]
        for (method, path) in [("GET", "/fixed"), ("HEAD", "/fixed"), ("GET", "/moved")] {
            client.peerSends("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        }
        reader.take(client.takeReceived())
        #expect(reader.messages.map(\.bodyText) == ["hello", "", ""])
        #expect(reader.messages.map { $0.first("content-length") } == ["5", "5", "0"])
        #expect(reader.messages.last?.first("location") == "https://b.example/")
        #expect(!client.hasEnded)
        simulation.expectQuiet()
    }

    @Test func aListenerThatIsFullSaysSo() throws {
        let simulation = try SimulatedWorker(
            """
            listeners: { public: { address: ":0", limits: { max-connections: 1 } } }
            upstreams: { origin: http://127.0.0.1:9001 }
            routes: [{ match: { prefix: / }, upstream: origin }]
            """)
        let first = try simulation.connectClient()
        let second = try simulation.connectClient()
        var reader = MessageReader()
        reader.take(second.takeReceived())
        #expect(reader.messages.map(\.status) == [503])
        let body = Data(reader.messages.first?.body ?? [])
        #expect(try JSONSerialization.jsonObject(with: body) is [String: Any])
        #expect(second.hasEnded)
        #expect(simulation.worker.connectionCount == 1)
        first.peerResets()
        let third = try simulation.connectClient()
        #expect(!third.hasEnded)
    }
}
