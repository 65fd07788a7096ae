import MartletDataPlane
import MartletTelemetry
import MartletTestSupport
import NIOCore
import Testing

@Suite struct RequestInspectionTests {
    /// What the upstream sees of one request.
    private func forwarded(
        _ request: String, listener: String = "\":0\""
    ) throws -> MessageReader.Message {
        let simulation = try SimulatedWorker(
            """
            listeners: { public: \(listener) }
            upstreams: { origin: http://127.0.0.1:9001 }
            routes: [{ match: { prefix: / }, upstream: origin }]
            """)
        let client = try simulation.connectClient()
        client.peerSends(request)
        let origin = try simulation.connector.accept()
        var reader = MessageReader()
        reader.take(origin.takeReceived())
        return try #require(reader.messages.first)
    }

    /// Whether the connection ends too: after CONNECT nobody knows what the next bytes are.
    @Test(arguments: [
        ("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501, false),
        ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 501, true),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 400,
            false
        ),
        ("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: WEBSOCKET\r\n\r\n", 400, false),
        (
            "GET / HTTP/1.1\r\nHost: a\r\n"
                + "Connection: \(String(repeating: "x,", count: 65))\r\n\r\n", 431, false
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\n"
                + String(repeating: "Via: 1.1 martlet\r\n", count: 6) + "\r\n", 502, false
        ),
    ])
    func isRefused(request: String, status: Int, ends: Bool) throws {
        let simulation = try SimulatedWorker()
        let client = try simulation.connectClient()
        client.peerSends(request)
        simulation.run()
        var reader = MessageReader()
        reader.take(client.takeReceived())
        #expect(reader.messages.map(\.status) == [status])
        #expect(reader.messages.first?.first("x-request-id")?.count == 32)
        #expect(client.hasEnded == ends)
        #expect(simulation.connector.dialCount == 0)
        simulation.expectQuiet()
    }

    @Test func otherUpgradesAreOffersAndIgnored() throws {
        let request = try self.forwarded(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n")
        for name in ["upgrade", "http2-settings"] { #expect(request.first(name) == nil) }
    }

    @Test func fiveMartletsInARowAreNoLoop() throws {
        let request = try self.forwarded(
            "GET / HTTP/1.1\r\nHost: a\r\n"
                + String(repeating: "Via: 1.1 martlet\r\n", count: 5) + "\r\n")
        #expect(request.fields.filter { $0.name == "via" }.count == 6)
    }

    /// What Martlet adds is added after the fields named in `Connection` have gone.
    @Test func connectionCannotRemoveWhatMartletAdds() throws {
        let request = try self.forwarded(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Own: 1\r\nX-Request-ID: chosen\r\n"
                + "Connection: x-own, x-request-id, x-forwarded-for, via, traceparent, host\r\n\r\n"
        )
        #expect(request.first("x-own") == nil)
        #expect(request.first("host") == "a")
        #expect(request.first("x-forwarded-for") == "192.0.2.1")
        #expect(request.first("via") == "1.1 martlet")
        #expect(request.first("traceparent") != nil)
        #expect(request.first("x-request-id")?.count == 32)
    }

    @Test(arguments: [
        ("X-Request-ID: own-1", "\":0\"", true),
        ("X-Request-ID: own-1\r\nX-Request-ID: own-1", "\":0\"", false),
        ("X-Request-ID: own 1", "\":0\"", false),
        ("X-Request-ID:", "\":0\"", false),
        ("X_Request_ID: own-1", "\":0\"", false),
        ("X-Request-ID: own-1", "{ address: \":0\", request-id: { accept: false } }", false),
    ])
    func theRequestIsNamed(field: String, listener: String, isKept: Bool) throws {
        let request = try self.forwarded(
            "GET / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n", listener: listener)
        let identifiers = request.fields.filter { $0.name == "x-request-id" }.map(\.value)
        #expect(identifiers.count == 1)
        #expect((identifiers.first == "own-1") == isKept)
        #expect(isKept || identifiers.first?.count == 32)
        #expect(request.first("x_request_id") == nil)
    }

    /// The limit that turned a request away is told by the metrics.
    @Test(arguments: [
        ("GET /\(String(repeating: "a", count: 100)) HTTP/1.1\r\n\r\n", "request_line_bytes"),
        ("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 600))\r\n\r\n", "header_bytes"),
        ("GET / HTTP/1.1\r\nA: b\r\nA: b\r\nA: b\r\nHost: a\r\n\r\n", "header_count"),
        ("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", "body_bytes"),
        (
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world",
            "body_bytes"
        ),
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", "malformed"),
        ("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "malformed"),
        ("GET / HTTP/1.1\r\n\r\n", "malformed"),
    ])
    func rejectionsAreCounted(request: String, reason: String) throws {
        let simulation = try SimulatedWorker(
            """
            listeners:
              public:
                address: ":0"
                limits: { max-request-line: 64B, max-header: 512B, max-header-count: 3,
                          max-body: 10B }
            upstreams: { origin: http://127.0.0.1:9001 }
            routes: [{ match: { prefix: / }, upstream: origin }]
            """)
        let client = try simulation.connectClient()
        client.peerSends(request)
        // A body without a length is read once there is somewhere to send it.
        if !simulation.connector.dials.isEmpty { try simulation.connector.accept() }
        simulation.run()
        #expect(Self.rejections(simulation) == [reason: 1])
    }

    /// The counters of `martlet_downstream_rejected_total` that are not zero, by reason.
    private static func rejections(_ simulation: SimulatedWorker) -> [String: Int] {
        let shard = simulation.worker.shard
        let snapshot = MetricsSnapshot(layout: shard.layout, shards: [shard.snapshot()])
        let text = snapshot.prometheusText(process: ProcessMetrics(), seriesMax: 10_000)
        var counts: [String: Int] = [:]
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n")
        where line.hasPrefix("martlet_downstream_rejected_total{") {
            let parts = line.split(separator: "\"")
            guard let count = line.split(separator: " ").last.flatMap({ Int($0) }), count > 0,
                let key = parts.firstIndex(where: { $0.hasSuffix("reason=") }),
                key + 1 < parts.count
            else { continue }
            counts[String(parts[key + 1])] = count
        }
        return counts
    }
}
