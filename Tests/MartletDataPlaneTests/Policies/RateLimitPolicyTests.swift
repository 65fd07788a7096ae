import MartletAlgorithms
import MartletConfig
import MartletDataPlane
import MartletHTTP
import NIOEmbedded
import Testing

/// Limits as a request meets them: whom they count together, what they answer.
struct RateLimitPolicyTests {
    /// One plan, asked again and again: its counters are those of a process.
    private struct Asked {
        let plan: Plan
        let loop = EmbeddedEventLoop()

        init(
            _ config: String,
            listeners: String =
                "listeners: { a: \":1\", b: { address: \":2\", trusted-proxies: 10.0.0.0/8 } }",
            previous: Plan? = nil
        ) throws {
            let document = try ConfigLoader.load(
                text: listeners + "\n" + config, file: "martlet.yaml", environment: [:]
            ).get()
            var diagnostics: [Diagnostic] = []
            self.plan = try PlanCompiler.compile(
                document, version: 1, addresses: ResolvedAddresses(), previous: previous,
                diagnostics: &diagnostics)
        }

        func callAsFunction(
            _ url: String = "/", headers: [String] = [], method: String = "GET", listener: Int = 0,
            peer: ClientAddress = ClientAddress(ipv4: 0x7f00_0001)
        ) -> (status: UInt16, error: String?, reply: String) {
            let request = ComposedRequest(
                method: method, url: url, headers: headers, defaultHost: "h", peer: peer)
            let report = DryRun(self.plan, eventLoop: self.loop).run(request, listener: listener)
            guard case .answered(let status, let error, let reply) = report.outcome else {
                return (0, nil, "")
            }
            return (status, error, String(decoding: reply, as: UTF8.self))
        }

        func admitted(_ count: Int, _ headers: [String] = [], path: String = "/") -> Int {
            (0..<count).count { _ in self(path, headers: headers).status == 204 }
        }
    }

    private static func line(_ name: String, in reply: String) -> String? {
        reply.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name): ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    @Test func oneLimitOfTwoRoutesIsOneBucket() throws {
        let ask = try Asked(
            """
            rate-limits: { all: 5/1h }
            routes:
              - { match: { path: /a }, respond: 204, rate-limits: all }
              - { match: { path: /b }, respond: 204, rate-limits: all }
              - { match: { path: /c }, respond: 204 }
            """)
        #expect(ask.admitted(3, path: "/a") == 3)
        #expect(ask.admitted(9, path: "/b") == 2)
        #expect(ask.admitted(9, path: "/c") == 9)
    }

    @Test func everyAnswerTells() throws {
        let ask = try Asked(
            """
            rate-limits: { all: { windows: [3/1h, { name: daily, limit: 100, per: day }] } }
            routes: [{ respond: 204, rate-limits: { name: all, weight: 2 } }]
            """)
        let first = ask().reply
        #expect(
            Self.line("ratelimit-policy", in: first)
                == #""all-1h";q=3;w=3600, "daily";q=100;w=86400"#)
        let told = try #require(Self.line("ratelimit", in: first))
        #expect(told.hasPrefix(#""all-1h";r=1;t=2401, "daily";r=98;t="#))
        #expect(Self.line("retry-after", in: first) == nil)
        let refused = ask()
        #expect(refused.status == 429 && refused.error == "quota_exceeded")
        // One token of two is there; the other comes in a third of an hour, rounded up.
        #expect(Self.line("retry-after", in: refused.reply) == "1201")
        #expect(Self.line("ratelimit", in: refused.reply) == #""all-1h";r=1;t=1201"#)
        #expect(
            Self.line("proxy-status", in: refused.reply) == "martlet; error=http_request_denied")
        #expect(
            refused.reply.contains(
                #""type":"https://iana.org/assignments/http-problem-types#quota-exceeded""#))
        #expect(refused.reply.contains(#""violated-policies":["all-1h"]"#))
    }

    @Test func keysHaveTheirOwnBuckets() throws {
        let ask = try Asked(
            """
            rate-limits:
              each: { key: "{header.x-tenant | cookie.tenant}", windows: 2/1h }
            routes: [{ respond: 204, rate-limits: each }]
            """)
        #expect(ask.admitted(5, ["X-Tenant: a"]) == 2)
        #expect(ask.admitted(5, ["x-tenant: b"]) == 2)
        // The same text in another place is another key.
        #expect(ask.admitted(5, ["Cookie: x=1; tenant=a"]) == 2)
        #expect(ask.admitted(5, ["Cookie: tenant=\"a\""]) == 0)
        // Who has neither shares a bucket with all who have neither.
        #expect(ask.admitted(5, ["Cookie: tenant="]) == 2)
        #expect(ask.admitted(5) == 0)
    }

    @Test func addressesAndNetworks() throws {
        let ask = try Asked(
            """
            rate-limits:
              address: { key: "{client.address}", windows: 1/1h }
              network: { key: "{client.network}", windows: 1/1h }
            routes:
              - { match: { path: /a }, respond: 204, rate-limits: address }
              - { match: { path: /n }, respond: 204, rate-limits: network }
            """)
        let first = ClientAddress(ipv6: 0x2001_0db8_0000_0001_0000_0000_0000_0001)
        let neighbour = ClientAddress(ipv6: 0x2001_0db8_0000_0001_0000_0000_0000_0002)
        let other = ClientAddress(ipv6: 0x2001_0db8_0000_0002_0000_0000_0000_0001)
        #expect(
            [first, neighbour, other, first].map { ask("/a", peer: $0).status }
                == [204, 204, 204, 429])
        #expect([first, neighbour, other].map { ask("/n", peer: $0).status } == [204, 429, 204])
        let ipv4 = [0x0a00_0001, 0x0a00_0002, 0x0a00_0001].map { ClientAddress(ipv4: $0) }
        #expect(ipv4.map { ask("/n", peer: $0).status } == [204, 204, 429])
    }

    /// A client cannot have another bucket by naming another address, unless its peer is trusted.
    @Test func theRealClientCounts() throws {
        let ask = try Asked(
            """
            rate-limits: { address: { key: "{client.address}", windows: 1/1h } }
            routes: [{ respond: 204, rate-limits: address }]
            """)
        let proxy = ClientAddress(ipv4: 0x0a00_0001)
        let forwarded = ["X-Forwarded-For: 192.0.2.1"]
        #expect(ask(headers: forwarded, listener: 1, peer: proxy).status == 204)
        #expect(ask(headers: forwarded, listener: 1, peer: proxy).status == 429)
        #expect(
            ask(headers: ["X-Forwarded-For: 192.0.2.2"], listener: 1, peer: proxy).status == 204)
        let stranger = ClientAddress(ipv4: 0xc000_0210)
        #expect(
            ask(headers: ["X-Forwarded-For: 1.1.1.1"], listener: 1, peer: stranger).status == 204)
        #expect(
            ask(headers: ["X-Forwarded-For: 2.2.2.2"], listener: 1, peer: stranger).status == 429)
    }

    @Test func capturesRoutesAndMethods() throws {
        let ask = try Asked(
            """
            rate-limits: { each: { key: "{tenant} {route} {method}", windows: 1/1h } }
            routes:
              - { name: a, match: { path: "/a/{tenant}" }, respond: 204, rate-limits: each }
              - { name: b, match: { path: "/b/{x}/{tenant}" }, respond: 204, rate-limits: each }
            """)
        #expect(
            ["/a/1", "/a/1", "/a/2", "/b/9/1", "/b/8/1"].map { ask($0).status }
                == [204, 429, 204, 204, 429])
        #expect(ask("/a/1", method: "POST").status == 204)
    }

    /// What the upstream reads as one is one key, however it is spelled.
    @Test func capturesCountAsTheyAreRead() throws {
        let ask = try Asked(
            """
            rate-limits: { each: { key: "{user}", windows: 1/1h } }
            routes: [{ match: { path: "/t/{user}/x" }, respond: 204, rate-limits: each }]
            """)
        #expect(ask("/t/a@b/x").status == 204)
        for spelled in ["/t/a%40b/x", "/t/%61%40b/x", "/t/a@b/x"] {
            #expect(ask(spelled).status == 429, "\(spelled)")
        }
        #expect(ask("/t/a%C3%A9%c3%a9longer-than-a-word/x").status == 204)
        #expect(ask("/t/a%c3%a9%C3%A9longer-than-a-word/x").status == 429)
    }

    /// A listener's place in the file may change with a reload; its name says which one it is.
    @Test func listenersCountByName() throws {
        let config = """
            rate-limits: { each: { key: "{listener}", windows: 2/1h } }
            routes: [{ respond: 204, rate-limits: each }]
            """
        let before = try Asked(config)
        #expect((0..<3).map { _ in before(listener: 0).status } == [204, 204, 429])
        #expect(before(listener: 1).status == 204)
        let after = try Asked(
            config, listeners: "listeners: { b: \":2\", c: \":3\", a: \":1\" }",
            previous: before.plan)
        #expect(after(listener: 2).status == 429)
        #expect((0..<2).map { _ in after(listener: 0).status } == [204, 429])
        #expect(after(listener: 1).status == 204)
    }

    @Test func aRouteWithoutTheCaptureIsRefusedAtLoad() {
        #expect(throws: InvalidConfig.self) {
            try Asked(
                """
                rate-limits: { each: { key: "{tenant}", windows: 1/1h } }
                routes: [{ match: { path: "/{x}" }, respond: 204, rate-limits: each }]
                """)
        }
    }

    /// What one limit refuses is not charged under the other.
    @Test func refusedIsNotCharged() throws {
        let ask = try Asked(
            """
            rate-limits:
              few: { key: "{header.a}", windows: 1/1h }
              many: 3/1h
            routes: [{ respond: 204, rate-limits: [many, few] }]
            """)
        #expect(ask.admitted(9, ["a: 1"]) == 1)
        #expect(ask.admitted(9, ["a: 2"]) == 1)
        #expect(ask.admitted(9, ["a: 3"]) == 1)
        let refused = ask(headers: ["a: 4"])
        #expect(Self.line("ratelimit", in: refused.reply)?.hasPrefix(#""many";r=0;t="#) == true)
    }

    @Test func requestsUnderWay() throws {
        let ask = try Asked(
            """
            rate-limits: { few: { concurrency: 2 } }
            routes: [{ respond: 204, rate-limits: few }]
            """)
        // Each is over before the next one comes, and gives its place back.
        #expect(ask.admitted(9) == 9)
        let reply = ask().reply
        #expect(
            Self.line("ratelimit-policy", in: reply)
                == #""few-concurrency";q=2;qu="concurrent-requests""#)
        #expect(Self.line("ratelimit", in: reply) == #""few-concurrency";r=1"#)
    }

    @Test func aReloadKeepsCounters() throws {
        let config = """
            rate-limits: { all: 5/1h, each: { key: "{client.address}", windows: 5/1h } }
            routes: [{ respond: 204, rate-limits: [all, each] }]
            """
        let before = try Asked(config)
        #expect(before.admitted(3) == 3)
        let same = try Asked("# changed\n" + config, previous: before.plan)
        #expect(same.admitted(1) == 1)
        let changed = try Asked(
            config.replacing("all: 5/1h", with: "all: 6/1h"), previous: same.plan)
        // The one that is as it was has one left; the other begins anew.
        #expect(changed.admitted(9) == 1)
        #expect(Self.line("ratelimit", in: changed().reply)?.hasPrefix(#""each";r=0"#) == true)
    }

    /// Requests that are under way stay counted when only their number changes.
    @Test func aReloadKeepsRequestsUnderWay() throws {
        let config = """
            rate-limits: { few: { concurrency: 2 } }
            routes: [{ respond: 204, rate-limits: few }]
            """
        let before = try Asked(config)
        let limit = try #require(before.plan.rateLimits[0].concurrency)
        for _ in 0..<2 {
            guard case .entered = limit.enter(0) else {
                Issue.record("not let in")
                return
            }
        }
        #expect(before().status == 429)
        let more = try Asked(
            config.replacing("concurrency: 2", with: "concurrency: 3"), previous: before.plan)
        #expect(Self.line("ratelimit", in: more().reply) == #""few-concurrency";r=0"#)
        let less = try Asked(
            config.replacing("concurrency: 2", with: "concurrency: 1"), previous: more.plan)
        #expect(less().status == 429)
    }

    @Test func whatCannotBeCountedIsRefusedAtLoad() {
        for window in [
            "100000000/1s", "{ limit: 2000000, per: 1s, algorithm: sliding-window }",
            "99999999/minute",
        ] {
            #expect(throws: InvalidConfig.self) {
                try Asked(
                    """
                    rate-limits: { all: { key: "{client.address}", windows: [\(window)] } }
                    routes: [{ respond: 204, rate-limits: all }]
                    """)
            }
        }
    }
}
