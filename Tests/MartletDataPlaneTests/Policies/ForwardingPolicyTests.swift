import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

@Suite struct ForwardingPolicyTests {
    /// What the upstream sees of a request by way of a route with these keys.
    private func forwarded(
        _ keys: String = "", listener: String = "", version: String = "1.1",
        fields: [String] = [], seed: UInt64 = 1
    ) throws -> MessageReader.Message {
        let simulation = try SimulatedWorker(
            """
            listeners: { public: { address: ":0"\(listener) } }
            upstreams: { origin: http://127.0.0.1:9001 }
            routes: [{ match: { prefix: / }, upstream: origin\(keys) }]
            """, seed: seed)
        let client = try simulation.connectClient(from: "192.0.2.77")
        let lines = ["GET / HTTP/\(version)", "Host: Example.com:81"] + fields
        client.peerSends(lines.map { "\($0)\r\n" }.joined() + "\r\n")
        let origin = try simulation.connector.accept()
        var reader = MessageReader()
        reader.take(origin.takeReceived())
        return try #require(reader.messages.first)
    }

    /// Port 8080 is the simulated listener's.
    @Test(arguments: [
        ("", "192.0.2.77", nil),
        (", forwarded: replace", "192.0.2.77", nil),
        (", forwarded: mask", "192.0.2.0", nil),
        (", forwarded: off", nil, nil),
        (
            ", forwarded: { x-forwarded: false, rfc7239: true }", nil,
            "for=192.0.2.77;host=\"Example.com:81\";proto=http"
        ),
        (", forwarded: { x-forwarded: false, rfc7239: false }", nil, nil),
    ])
    func theClientIsTold(keys: String, client: String?, forwarded: String?) throws {
        let request = try self.forwarded(keys)
        #expect(request.first("x-forwarded-for") == client)
        #expect(request.first("x-forwarded-proto") == client.map { _ in "http" })
        #expect(request.first("x-forwarded-host") == client.map { _ in "example.com:81" })
        #expect(request.first("x-forwarded-port") == client.map { _ in "8080" })
        #expect(
            request.first("forwarded")?.lowercased().split(separator: ";").sorted()
                == forwarded?.lowercased().split(separator: ";").sorted())
    }

    /// Only a trusted proxy's word is passed on.
    @Test(arguments: [
        ("", "192.0.2.77"), (", trusted-proxies: [192.0.2.0/24]", "203.0.113.9, 192.0.2.77"),
    ])
    func whatThePeerClaims(listener: String, client: String) throws {
        let request = try self.forwarded(
            listener: listener, fields: ["X-Forwarded-For: 203.0.113.9"])
        #expect(request.first("x-forwarded-for") == client)
    }

    @Test(arguments: [("1.1", "1.1 martlet"), ("1.0", "1.0 martlet")])
    func viaTellsTheVersionReceived(version: String, via: String) throws {
        let request = try self.forwarded(version: version, fields: ["Via: 1.1 other"])
        #expect(request.fields.filter { $0.name == "via" }.map(\.value) == ["1.1 other", via])
        #expect(request.startLine == "GET / HTTP/1.1")
    }

    @Test func aTraceIsContinued() throws {
        let trace = "0af7651916cd43dd8448eb211c80319c"
        let request = try self.forwarded(fields: [
            "traceparent: 00-\(trace)-b7ad6b7169203331-01", "tracestate: a=b",
        ])
        let words = request.first("traceparent")?.split(separator: "-").map(String.init) ?? []
        try #require(words.count == 4)
        #expect((words[0], words[1], words[3]) == ("00", trace, "01"))
        #expect(words[2] != "b7ad6b7169203331" && words[2].count == 16)
        #expect(request.first("tracestate") == "a=b")
    }

    @Test func aTraceIsBegunWhereThereIsNone() throws {
        let traces = try [UInt64(1), 2].map { seed in
            let request = try self.forwarded(
                fields: ["traceparent: broken", "tracestate: a=b"], seed: seed)
            #expect(request.first("tracestate") == nil)
            let trace = try #require(request.first("traceparent"))
            #expect(trace.hasPrefix("00-") && trace.hasSuffix("-00") && trace.count == 55)
            return trace
        }
        #expect(traces[0] != traces[1])
    }

    /// The forwarding step is the first one, so that the route's edits have the last word.
    @Test func theRoutesEditsComeAfter() throws {
        let request = try self.forwarded(
            """
            , headers: { request: { remove: [via, traceparent], set: { x-forwarded-for: hidden } } }
            """)
        #expect(request.first("via") == nil)
        #expect(request.first("traceparent") == nil)
        #expect(request.first("x-forwarded-for") == "hidden")
    }
}
