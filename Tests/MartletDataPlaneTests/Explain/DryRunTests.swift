import MartletConfig
import MartletDataPlane
import MartletHTTP
import NIOEmbedded
import Testing

/// What a dry run tells is what a worker would do.
struct DryRunTests {
    private static let config = """
        listeners:
          public: { address: 127.0.0.1:8080, limits: { max-body: 1KiB } }
          inside: { address: 127.0.0.1:8081, trusted-proxies: [10.0.0.0/8] }
        upstreams:
          orders: { endpoints: [{ url: http://127.0.0.1:9001, weight: 3 }, http://127.0.0.1:9002] }
        routes:
          - name: orders
            match: { host: api.example.com, path: "/v1/orders/{rest*}", methods: [GET, POST] }
            rewrite: "/orders/{rest}"
            host: upstream
            headers: { request: { set: { x-tenant: acme } }, response: { remove: [x-old] } }
            upstream: orders
          - name: all
            match: { prefix: /v1 }
            upstream: orders
          - name: inside
            match: { path: /inside }
            listeners: [inside]
            upstream: orders
          - name: moved
            match: { prefix: /old }
            redirect: { status: 308, prefix: /v1 }
          - name: about
            match: { path: / }
            respond: { status: 200, headers: { content-type: text/plain }, body: hello }
        """

    private static func plan() throws -> Plan {
        let document = try ConfigLoader.load(
            text: self.config, file: "martlet.yaml", environment: [:]
        ).get()
        var diagnostics: [Diagnostic] = []
        return try PlanCompiler.compile(
            document, version: 1, addresses: ResolvedAddresses(), diagnostics: &diagnostics)
    }

    private static func run(
        _ method: String = "GET", _ url: String, headers: [String] = [], listener: Int = 0,
        minorVersion: Int = 1, peer: UInt32 = 0x7f00_0001
    ) throws -> DryRunReport {
        let request = ComposedRequest(
            method: method, url: url, headers: headers, minorVersion: minorVersion,
            defaultHost: "localhost:8080", peer: ClientAddress(ipv4: peer))
        let loop = EmbeddedEventLoop()
        return DryRun(try self.plan(), eventLoop: loop).run(request, listener: listener)
    }

    private static func sent(_ report: DryRunReport) -> String? {
        guard case .forwarded(_, _, let head) = report.outcome else { return nil }
        return String(decoding: head, as: UTF8.self)
    }

    private static func answered(_ report: DryRunReport) -> (UInt16, String?, String)? {
        guard case .answered(let status, let error, let reply) = report.outcome else { return nil }
        return (status, error, String(decoding: reply, as: UTF8.self))
    }

    @Test func forwardedRequest() throws {
        let report = try Self.run("GET", "http://api.example.com/v1/./orders/7?a=1")
        #expect(report.request?.path == "/v1/orders/7")
        #expect(report.request?.query == "a=1")
        #expect(report.routing?.captures.map(\.name) == ["rest"])
        #expect(report.routing?.captures.map(\.value) == ["7"])
        #expect(report.routing?.reason?.isEmpty == false)
        #expect(
            report.steps.map(\.name) == ["inspection", "forwarding", "path-rewrite", "header-edit"])
        #expect(report.steps[2].removed == ["GET /v1/orders/7?a=1"])
        #expect(report.steps[2].added == ["GET /orders/7?a=1"])
        #expect(report.steps[3].added == ["x-tenant: acme"])
        #expect(report.responseSteps == ["response-banner", "header-edit"])
        let sent = try #require(Self.sent(report))
        #expect(sent.hasPrefix("GET /orders/7?a=1 HTTP/1.1\r\nhost: 127.0.0.1:9001\r\n"))
        #expect(sent.contains("\r\nx-tenant: acme\r\n"))
        #expect(sent.hasSuffix("\r\n\r\n"))
    }

    @Test func upstreamAndEndpoints() throws {
        let report = try Self.run("GET", "http://api.example.com/v1/orders/7")
        guard case .forwarded(let upstream, let endpoints, _) = report.outcome else {
            Issue.record("\(report.outcome)")
            return
        }
        #expect(upstream == "orders")
        #expect(endpoints.map(\.address) == ["127.0.0.1:9001", "127.0.0.1:9002"])
        #expect(endpoints.map(\.weight) == [3, 1])
    }

    @Test func sameRequestSameReport() throws {
        let one = try Self.run("GET", "http://api.example.com/v1/orders/7")
        let other = try Self.run("GET", "http://api.example.com/v1/orders/7")
        #expect(one.outcome == other.outcome)
        #expect(one.steps == other.steps)
    }

    @Test func hopByHopFieldsAreTakenOutFirst() throws {
        let report = try Self.run(
            "GET", "http://api.example.com/v1/orders/7",
            headers: ["Connection: close, x-a", "x-a: b", "x-b: c"])
        #expect(report.steps[0].removed == ["Connection: close, x-a", "x-a: b"])
        let sent = try #require(Self.sent(report))
        #expect(!sent.contains("x-a: b") && sent.contains("x-b: c"))
    }

    @Test(arguments: [
        ("GET", "/none", 404, "route_not_found"),
        ("GET", "/v1/%2e%2e/%2e%2e/x", 400, "request_malformed"),
        ("GET", "/v1/a%5Cb", 400, "path_refused"),
        ("CONNECT", "/v1/x", 400, "request_malformed"),
        ("TRACE", "/v1/x", 501, "method_not_supported"),
        ("GET", "/v1/a b", 400, "request_malformed"),
        ("G(T", "/v1/x", 400, "request_malformed"),
        ("", "/v1/x", 400, "request_malformed"),
        ("GET", "http://user@host/v1/x", 400, "request_malformed"),
        ("GET", "/inside", 404, "route_not_found"),
    ])
    func refused(method: String, url: String, status: UInt16, error: String) throws {
        let report = try Self.run(method, url)
        let (found, code, reply) = try #require(Self.answered(report))
        #expect(found == status)
        #expect(code == error)
        #expect(reply.hasPrefix("HTTP/1.1 \(status) "))
        #expect(reply.contains("application/problem+json"))
    }

    @Test(
        arguments: [
            (["Transfer-Encoding: chunked", "Content-Length: 3"], 400),
            (["Content-Length: 4096"], 413), (["Host: a", "Host: b"], 400), (["a b: c"], 400),
            (["Upgrade: websocket", "Connection: upgrade"], 400),
        ] as [([String], UInt16)])
    func refusedHeaders(headers: [String], status: UInt16) throws {
        let report = try Self.run("POST", "/v1/x", headers: headers)
        #expect(Self.answered(report)?.0 == status)
    }

    @Test func unreadableHeadHasNoRequest() throws {
        let report = try Self.run("GET", "/a b")
        #expect(report.request == nil)
        #expect(report.routing == nil)
        #expect(report.steps.isEmpty)
        #expect(try #require(Self.answered(report)).2.contains("connection: close\r\n"))
    }

    @Test func methodNotAllowedTellsWhatWouldDo() throws {
        let routes = Self.config.replacing("match: { prefix: /v1 }", with: "match: { path: /x }")
        let document = try ConfigLoader.load(
            text: routes, file: "martlet.yaml", environment: [:]
        ).get()
        var diagnostics: [Diagnostic] = []
        let plan = try PlanCompiler.compile(
            document, version: 1, addresses: ResolvedAddresses(), diagnostics: &diagnostics)
        let request = ComposedRequest(
            method: "DELETE", url: "http://api.example.com/v1/orders/7", headers: [],
            defaultHost: "localhost", peer: ClientAddress(ipv4: 1))
        let report = DryRun(plan, eventLoop: EmbeddedEventLoop()).run(request, listener: 0)
        let (status, _, reply) = try #require(Self.answered(report))
        #expect(status == 405)
        #expect(reply.contains("\r\nallow: GET, HEAD, POST\r\n"))
        #expect(report.routing?.candidates.first?.failure == "the method is not GET, POST")
    }

    @Test func redirect() throws {
        let report = try Self.run("GET", "http://api.example.com/old/7?a=1")
        let (status, error, reply) = try #require(Self.answered(report))
        #expect(status == 308)
        #expect(error == nil)
        #expect(reply.contains("\r\nlocation: http://api.example.com/v1/7?a=1\r\n"))
        #expect(report.steps.last?.isReply == true)
    }

    @Test(arguments: [("GET", true), ("HEAD", false)])
    func fixedReply(method: String, hasContent: Bool) throws {
        let report = try Self.run(method, "/")
        let (status, error, reply) = try #require(Self.answered(report))
        #expect(status == 200)
        #expect(error == nil)
        #expect(reply.contains("\r\ncontent-length: 5\r\n"))
        #expect(reply.hasSuffix("\r\n\r\nhello") == hasContent)
    }

    @Test func listenerDecides() throws {
        let report = try Self.run("GET", "/inside", listener: 1)
        #expect(report.listener == "inside")
        #expect(Self.sent(report)?.hasPrefix("GET /inside HTTP/1.1\r\n") == true)
    }

    @Test(arguments: [(0, "10.1.2.3"), (1, "192.0.2.7")])
    func trustedProxies(listener: Int, client: String) throws {
        let report = try Self.run(
            "GET", "/v1/x", headers: ["X-Forwarded-For: 192.0.2.7"], listener: listener,
            peer: 0x0a01_0203)
        #expect(report.request?.client == client)
    }

    @Test func bodyFollows() throws {
        let report = try Self.run("POST", "/v1/x", headers: ["Content-Length: 3"])
        #expect(report.hasBody)
        #expect(Self.sent(report)?.contains("\r\ncontent-length: 3\r\n") == true)
        #expect(try !Self.run("POST", "/v1/x", headers: ["Content-Length: 0"]).hasBody)
    }

    @Test func version10() throws {
        let report = try Self.run("GET", "/v1/x", minorVersion: 0)
        #expect(report.request?.version == "HTTP/1.0")
        #expect(Self.sent(report)?.hasPrefix("GET /v1/x HTTP/1.1\r\n") == true)
    }
}
