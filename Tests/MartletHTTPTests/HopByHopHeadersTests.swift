import MartletHTTP
import Testing

@Suite struct HopByHopHeadersTests {
    @Test(
        arguments: [
            ([], []),
            (["a: 1"], ["a: 1"]),
            (["Connection: close", "a: 1"], ["a: 1"]),
            (["CONNECTION: X-Auth-User , b", "x-auth-user: 1", "B: 2", "c: 3"], ["c: 3"]),
            (["connection: x", "connection: y", "x: 1", "y: 2", "z: 3"], ["z: 3"]),
            (["connection: ,,\t,", "a: 1"], ["a: 1"]),
            (["x: 1", "connection: x", "x: 2"], []),
            // Nominations that are never followed.
            (
                [
                    "connection: host, content-length, authorization, cookie, cache-control",
                    "host: h", "content-length: 1", "authorization: a", "cookie: c",
                    "cache-control: d",
                ],
                [
                    "host: h", "content-length: 1", "authorization: a", "cookie: c",
                    "cache-control: d",
                ]
            ),
            (
                [
                    "connection: X-Forwarded-For, via, Forwarded", "x-forwarded-for: a", "via: b",
                    "forwarded: c",
                ],
                ["x-forwarded-for: a", "via: b", "forwarded: c"]
            ),
            (["connection: accept", "accept: a"], []),
            (
                [
                    "keep-alive: a", "proxy-connection: b", "proxy-authenticate: c",
                    "proxy-authorization: d", "te: gzip", "trailer: e",
                    "transfer-encoding: chunked",
                    "upgrade: f", "http2-settings: g", "x: 1",
                ],
                ["x: 1"]
            ),
            (["te: gzip, Trailers", "x: 1"], ["x: 1", "connection: te", "te: trailers"]),
            (["te: trailers;q=1", "x: 1"], ["x: 1"]),
            (["te: x", "te: trailers", "connection: te"], ["connection: te", "te: trailers"]),
        ] as [([String], [String])])
    func cleansRequests(before: [String], after: [String]) {
        var headers = HeaderLines.list(before)
        let isAccepted = HopByHopHeaders.removeFromRequest(&headers)
        #expect(isAccepted)
        let lines = HeaderLines.text(headers)
        #expect(lines == after)
        // A retry cleans again.
        let isAccepted2 = HopByHopHeaders.removeFromRequest(&headers)
        #expect(isAccepted2)
        let lines2 = HeaderLines.text(headers)
        #expect(lines2 == after)
    }

    @Test(
        arguments: [
            (["connection: x-hop", "x-hop: 1", "server: s"], ["server: s"]),
            (["te: trailers", "trailer: a", "proxy-authenticate: b", "x: 1"], ["x: 1"]),
            (["connection: set-cookie", "set-cookie: a=b"], ["set-cookie: a=b"]),
            (["upgrade: h2c", "keep-alive: timeout=5"], []),
        ] as [([String], [String])])
    func cleansResponses(before: [String], after: [String]) {
        var headers = HeaderLines.list(before)
        let isAccepted = HopByHopHeaders.removeFromResponse(&headers)
        #expect(isAccepted)
        let lines = HeaderLines.text(headers)
        #expect(lines == after)
    }

    @Test(arguments: [(64, true), (65, false), (5000, false)])
    func nominationsAreLimited(count: Int, isAccepted: Bool) {
        let names = (0..<count).map { "x\($0)" }.joined(separator: ",")
        var headers = HeaderLines.list(["connection: \(names)", "x0: 1"])
        let isAccepted = HopByHopHeaders.removeFromRequest(&headers)
        #expect(isAccepted == isAccepted)
        headers = HeaderLines.list(["connection: \(names)", "x0: 1"])
        let isAccepted2 = HopByHopHeaders.removeFromResponse(&headers)
        #expect(isAccepted2 == isAccepted)
    }

    @Test func whatIsAddedAfterwardsStays() {
        var headers = HeaderLines.list(["connection: x-tenant", "x-tenant: forged"])
        let isAccepted = HopByHopHeaders.removeFromRequest(&headers)
        #expect(isAccepted)
        headers.add(name: Array("x-tenant".utf8).span, value: Array("acme".utf8).span)
        let lines = HeaderLines.text(headers)
        #expect(lines == ["x-tenant: acme"])
    }

    @Test(
        arguments: [
            ([], ConnectionTokens()),
            (["connection: close"], ConnectionTokens(close: true)),
            (["connection: Keep-Alive"], ConnectionTokens(keepAlive: true)),
            (["connection: x, UPGRADE"], ConnectionTokens(upgrade: true)),
            (
                ["connection: keep-alive", "connection: close"],
                ConnectionTokens(close: true, keepAlive: true)
            ),
            (["connection: closed, xclose, clos"], ConnectionTokens()),
            (["x: close"], ConnectionTokens()),
        ] as [([String], ConnectionTokens)])
    func scansConnection(lines: [String], tokens: ConnectionTokens) {
        #expect(ConnectionTokens.scan(HeaderLines.list(lines)) == tokens)
    }
}
