import MartletConfig
import MartletDataPlane
import MartletHTTP
import NIOEmbedded
import Testing

/// CORS as a browser meets it, without an upstream.
struct CORSPolicyTests {
    private static let config = """
        listeners: { a: ":1" }
        routes:
          - match: { path: /a, methods: [PUT] }
            cors:
              { origins: ["https://a.example", "https://*.b.example"], methods: [PUT],
                headers: [x-a, Content-Type], expose: [x-b], max-age: 5s }
            respond: { headers: { access-control-allow-origin: "*", vary: accept }, body: hello }
          - match: { path: /any }
            cors: "*"
            respond: 204
          - match: { path: /none }
            respond: 204
          - match: { path: /headers }
            cors: { origins: "*", headers: "*" }
            respond: 204
        """

    private static func ask(
        _ method: String, _ path: String, _ headers: [String]
    ) throws -> (status: UInt16, lines: [String]) {
        let document = try ConfigLoader.load(
            text: Self.config, file: "martlet.yaml", environment: [:]
        ).get()
        var diagnostics: [Diagnostic] = []
        let plan = try PlanCompiler.compile(
            document, version: 1, addresses: ResolvedAddresses(), diagnostics: &diagnostics)
        let request = ComposedRequest(
            method: method, url: path, headers: headers, defaultHost: "h",
            peer: ClientAddress(ipv4: 0x7f00_0001))
        let report = DryRun(plan, eventLoop: EmbeddedEventLoop()).run(request, listener: 0)
        guard case .answered(let status, _, let reply) = report.outcome else { return (0, []) }
        let lines = String(decoding: reply, as: UTF8.self).split(whereSeparator: \.isNewline)
        return (
            status,
            lines.filter { $0.hasPrefix("access-control-") || $0.hasPrefix("vary") }
                .map(String.init)
        )
    }

    private static func preflight(
        _ origin: String, method: String = "PUT", more: [String] = []
    ) throws -> (status: UInt16, lines: [String]) {
        try self.ask(
            "OPTIONS", "/a",
            ["origin: \(origin)", "access-control-request-method: \(method)"] + more)
    }

    @Test func aPreflightIsAnswered() throws {
        let answer = try Self.preflight(
            "https://x.b.example", more: ["Access-Control-Request-Headers: X-A, content-type"])
        #expect(answer.status == 204)
        #expect(
            answer.lines == [
                "vary: Origin",
                "vary: Access-Control-Request-Method, Access-Control-Request-Headers",
                "access-control-allow-origin: https://x.b.example",
                "access-control-expose-headers: x-b", "access-control-allow-methods: PUT",
                "access-control-max-age: 5", "access-control-allow-headers: x-a, content-type",
            ])
    }

    @Test(arguments: ["https://c.example", "null", "", "https://b.example", "http://a.example"])
    func otherOriginsAreRefused(origin: String) throws {
        let answer = try Self.preflight(origin)
        #expect([403, 405].contains(answer.status))
        #expect(!answer.lines.contains { $0.hasPrefix("access-control") })
    }

    @Test func whatIsNotAllowedIsRefused() throws {
        let asked = ["access-control-request-headers: x-a, x-c"]
        #expect(try Self.preflight("https://a.example", more: asked).status == 403)
        let network = ["access-control-request-private-network: true"]
        #expect(try Self.preflight("https://a.example", more: network).status == 403)
        // No route has the method, so OPTIONS is asked for as such.
        #expect(try Self.preflight("https://a.example", method: "GET").status == 405)
    }

    /// Two lines are one list, whatever the first one asks for.
    @Test func eachLineOfHeadersCounts() throws {
        let line = "access-control-request-headers: "
        let granted = try Self.preflight(
            "https://a.example", more: [line + "x-a", line + "content-type"])
        #expect(granted.status == 204)
        let refused = try Self.preflight("https://a.example", more: [line + "x-a", line + "x-c"])
        #expect(refused.status == 403)
    }

    /// The star does not stand for it (Fetch §3.2.3).
    @Test func anyHeaderIsAuthorizationToo() throws {
        let answer = try Self.ask(
            "OPTIONS", "/headers",
            [
                "origin: https://who.ever", "access-control-request-method: GET",
                "access-control-request-headers: authorization",
            ])
        #expect(answer.status == 204)
        #expect(answer.lines.contains("access-control-allow-headers: *, authorization"))
    }

    @Test func answersAreMarked() throws {
        let page = try Self.ask("PUT", "/a", ["origin: https://a.example"])
        #expect(page.status == 200)
        #expect(
            page.lines == [
                "vary: accept", "vary: Origin", "access-control-allow-origin: https://a.example",
                "access-control-expose-headers: x-b",
            ])
        // The answer's own permission for everybody is gone, whoever asks.
        let stranger = try Self.ask("PUT", "/a", ["origin: https://c.example"])
        #expect(stranger.lines == ["vary: accept", "vary: Origin"])
        #expect(try Self.ask("PUT", "/a", []).lines == ["vary: accept", "vary: Origin"])
        let both = ["origin: https://a.example", "origin: https://c.example"]
        #expect(try Self.ask("PUT", "/a", both).lines == ["vary: accept", "vary: Origin"])
    }

    @Test func everybodyNeedsNoVary() throws {
        let answer = try Self.ask("GET", "/any", ["origin: https://who.ever"])
        #expect(answer.lines == ["access-control-allow-origin: *"])
        #expect(try Self.ask("GET", "/none", ["origin: https://who.ever"]).lines == [])
    }
}
