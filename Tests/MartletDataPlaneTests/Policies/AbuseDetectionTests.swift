import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// Clients that behave badly over many requests, in virtual time.
@Suite struct AbuseDetectionTests {
    private static let config = """
        listeners:
            public: ":0"
            inner: { address: ":1", abuse-detection: false }
            behind: { address: ":2", trusted-proxies: 10.0.0.0/8 }
        abuse-detection: { threshold: 20, decay: 1m, block-for: 2m, exempt: 198.51.100.0/24 }
        rate-limits: { few: 1/1h }
        routes:
          - { match: { path: /, methods: GET }, respond: 204 }
          - { match: { path: /trap }, respond: 404, abuse-score: 20 }
          - { match: { path: /few }, respond: 204, rate-limits: few }
          - { match: { path: /own }, respond: 204, ip-filter: 203.0.113.0/24 }
          - { match: { prefix: /x }, respond: 204 }
          - { match: { path: /found }, respond: 204, inspect: block, bots: report }
        """

    private struct Client {
        let simulation: SimulatedWorker
        var listener = "public"
        var address = "192.0.2.1"

        @discardableResult
        func sends(_ text: String) throws -> Int? {
            let client = try self.simulation.connectClient(to: self.listener, from: self.address)
            client.peerSends(text)
            let received = String(decoding: client.takeReceived(), as: UTF8.self)
            return Int(received.dropFirst(9).prefix(3))
        }

        @discardableResult
        func gets(_ path: String, method: String = "GET", fields: String = "") throws -> Int? {
            try self.sends("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        }
    }

    private func client(_ config: String = Self.config) throws -> Client {
        Client(simulation: try SimulatedWorker(config))
    }

    @Test func aScannerIsKeptOutAndLetInAgain() throws {
        let client = try self.client()
        for number in 0..<10 { #expect(try client.gets("/\(number)/x") == 404) }
        #expect(try client.gets("/") == 429)
        #expect(try client.gets("/nothing") == 429)
        var other = client
        other.address = "192.0.2.2"
        #expect(try other.gets("/") == 204)
        client.simulation.advance(.seconds(110))
        #expect(try client.gets("/") == 429)
        client.simulation.advance(.seconds(12))
        #expect(try client.gets("/") == 204)
    }

    /// Of a browser, of a page that goes on with a token that has expired, of a program that asks
    /// again and again.
    @Test func accidentsKeepNobodyOut() throws {
        let client = try self.client()
        for _ in 0..<100 {
            #expect(try client.gets("/favicon.ico") == 404)
            #expect(try client.gets("/", method: "DELETE") == 405)
            #expect(try client.gets("/own") == 403)
            try client.gets("/few")
        }
        for number in 0..<50 { #expect(try client.gets("/\(number)", method: "OPTIONS") == 404) }
        let long = String(repeating: "a", count: 40_000)
        for _ in 0..<20 { #expect(try client.gets("/", fields: "Cookie: \(long)\r\n") == 431) }
        #expect(try client.gets("/") == 204)
    }

    @Test(arguments: [
        ("GET /trap HTTP/1.1\r\nHost: a\r\n\r\n", 1),
        ("GET / HTTP/1.1\r\nHost: a\r\nBad Name: b\r\n\r\n", 2),
        ("GET /x/a%2fb HTTP/1.1\r\nHost: a\r\n\r\n", 2),
        ("GET /found?a=%27%20UNION%20SELECT%20a,b%20FROM%20users-- HTTP/1.1\r\nHost: a\r\n\r\n", 1),
        ("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 0),
        ("GET /found HTTP/1.1\r\nHost: a\r\n\r\n", 0),
    ])
    func signs(request: String, needed: Int) throws {
        let client = try self.client()
        for number in 1...max(needed, 30) {
            try client.sends(request)
            let isBlocked = try client.gets("/") == 429
            #expect(isBlocked == (needed > 0 && number >= needed), "\(number)")
            if isBlocked { break }
        }
    }

    @Test func aListenerCanDoWithout() throws {
        let client = Client(simulation: try SimulatedWorker(Self.config), listener: "inner")
        for _ in 0..<3 { #expect(try client.gets("/trap") == 404) }
        #expect(try client.gets("/") == 204)
        var outside = client
        outside.listener = "public"
        #expect(try outside.gets("/trap") == 404)
        #expect(try outside.gets("/") == 429)
        #expect(try client.gets("/") == 204)
    }

    @Test func networksCanBeExempt() throws {
        var client = try self.client()
        client.address = "198.51.100.7"
        for _ in 0..<3 { #expect(try client.gets("/trap") == 404) }
        #expect(try client.gets("/") == 204)
    }

    @Test func aTrustedProxyIsNobody() throws {
        let proxy = Client(
            simulation: try SimulatedWorker(Self.config), listener: "behind", address: "10.0.0.1")
        let bad = "X-Forwarded-For: 192.0.2.66\r\n"
        for _ in 0..<3 {
            #expect(try proxy.gets("/trap") == 404)
            try proxy.sends("nonsense\r\n\r\n")
        }
        #expect(try proxy.gets("/") == 204, "it does not say for whom it asks")
        #expect(try proxy.gets("/trap", fields: bad) == 404)
        #expect(try proxy.gets("/", fields: bad) == 429)
        #expect(try proxy.gets("/", fields: "X-Forwarded-For: 192.0.2.67\r\n") == 204)
        #expect(try proxy.gets("/") == 204)
        // The same client by another way.
        var direct = proxy
        (direct.listener, direct.address) = ("public", "192.0.2.66")
        #expect(try direct.gets("/") == 429)
    }

    @Test func ofIPv6TheNetworkCounts() throws {
        var client = try self.client()
        client.address = "2001:db8::1"
        #expect(try client.gets("/trap") == 404)
        client.address = "2001:db8::2:3:4:5"
        #expect(try client.gets("/") == 429)
        client.address = "2001:db8:0:1::1"
        #expect(try client.gets("/") == 204)
    }

    @Test func aReportKeepsNobodyOut() throws {
        let config = Self.config.replacing("threshold: 20,", with: "threshold: 20, action: report,")
        let client = try self.client(config)
        for _ in 0..<3 { #expect(try client.gets("/trap") == 404) }
        #expect(try client.gets("/") == 204)
    }

    @Test func scoresCanBeOff() throws {
        let config = Self.config.replacing(
            "threshold: 20,", with: "threshold: 20, scores: { not-found: 0, rate-limited: 10 },")
        let client = try self.client(config)
        for number in 0..<30 { #expect(try client.gets("/\(number)/x") == 404) }
        #expect(try client.gets("/few") == 204)
        for _ in 0..<2 { #expect(try client.gets("/few") == 429) }
        #expect(try client.gets("/") == 429)
    }
}
