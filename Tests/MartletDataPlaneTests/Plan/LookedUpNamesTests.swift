import MartletConfig
import MartletDataPlane
import NIOCore
import Testing

/// When names are asked for, and what is kept of their answers.
struct LookedUpNamesTests {
    private static let second: UInt64 = 1_000_000_000

    private static func document(_ upstreams: String) throws -> ConfigDocument {
        try ConfigLoader.load(
            text: """
                listeners: { a: ":1" }
                upstreams: \(upstreams)
                routes: [{ respond: 200 }]
                """, file: "martlet.yaml", environment: [:]
        ).get()
    }

    private static func addresses(_ texts: String..., ttl: UInt32) throws -> NameAnswer {
        .addresses(
            try texts.map { try SocketAddress(ipAddress: $0, port: 0) }, ttlSeconds: ttl)
    }

    @Test(
        arguments: [
            // TTL, keys, seconds until the next question
            (60, "", 60), (0, "", 5), (3600, "", 300), (1, "min-ttl: 2s", 2),
            (UInt32.max, "max-ttl: 24h", 86400), (60, "resolve-interval: 7s", 7),
            (1, "resolve-interval: 1h", 3600),
        ] as [(UInt32, String, UInt64)])
    func answersAreBelievedWithinBounds(ttl: UInt32, keys: String, seconds: UInt64) throws {
        let document = try Self.document("{ a: { endpoints: \"http://a.test\", \(keys) } }")
        var names = LookedUpNames()
        names.update(for: document)
        #expect(names.due(now: 5) == [.addresses("a.test")])
        #expect(
            names.answered(
                .addresses("a.test"), try Self.addresses("8.8.8.8", ttl: ttl), now: 5) == .noted)
        #expect(names.nextDue == 5 + seconds * Self.second)
        #expect(names.due(now: 4 + seconds * Self.second).isEmpty)
        #expect(names.due(now: 5 + seconds * Self.second) == [.addresses("a.test")])
    }

    @Test func ofTwoUpstreamsTheShorterCounts() throws {
        let document = try Self.document(
            """
            { a: { endpoints: "http://a.test", resolve-interval: 50s },
              b: { endpoints: ["http://a.test", "http://10.0.0.1"], max-ttl: 20s } }
            """)
        var names = LookedUpNames()
        names.update(for: document)
        #expect(names.due(now: 0) == [.addresses("a.test")], "an address is not asked for")
        _ = names.answered(.addresses("a.test"), try Self.addresses("8.8.8.8", ttl: 60), now: 0)
        #expect(names.nextDue == 20 * Self.second)
    }

    @Test func aNameThatFailsKeepsWhatItStoodFor() throws {
        let document = try Self.document("{ a: \"http://a.test\" }")
        var names = LookedUpNames()
        names.update(for: document)
        let question = NameQuestion.addresses("a.test")
        _ = names.answered(question, try Self.addresses("8.8.8.8", ttl: 60), now: 0)
        let before = names.resolved
        #expect(
            names.answered(question, .failed(reason: "no"), now: 1) == .beganToFail(reason: "no"))
        #expect(names.answered(question, .failed(reason: "no"), now: 2) == .noted, "told once")
        #expect(names.resolved == before && names.nextDue == 2 + 5 * Self.second)
        #expect(
            names.answered(question, try Self.addresses("8.8.4.4", ttl: 60), now: 3) == .recovered)
        #expect(names.resolved.names["a.test"]?.map(\.ipAddress) == ["8.8.4.4"])
    }

    @Test func targetsOfServicesAreAskedForAndForgotten() throws {
        let document = try Self.document("{ a: { endpoints: { service: \"http://_a._tcp.b\" } } }")
        var names = LookedUpNames()
        names.update(for: document)
        #expect(names.due(now: 0) == [.services("_a._tcp.b")])
        let record = ServiceRecord(target: "one.test", port: 1)
        _ = names.answered(
            .services("_a._tcp.b"), .services([record], ttlSeconds: 60), now: 0)
        names.update(for: document)
        #expect(names.due(now: 0) == [.addresses("one.test")])
        _ = names.answered(.addresses("one.test"), try Self.addresses("8.8.8.8", ttl: 9), now: 0)
        #expect(names.nextDue == 9 * Self.second)
        _ = names.answered(
            .services("_a._tcp.b"),
            .services([ServiceRecord(target: "two.test", port: 1)], ttlSeconds: 60), now: 0)
        names.update(for: document)
        #expect(names.due(now: 0) == [.addresses("two.test")])
        #expect(names.resolved.names.isEmpty)
        names.update(for: try Self.document("{ a: \"http://10.0.0.1\" }"))
        #expect(names.nextDue == nil && names.resolved == ResolvedAddresses())
    }

    @Test func aReloadAsksForEverything() throws {
        let document = try Self.document("{ a: \"http://a.test\" }")
        var names = LookedUpNames()
        names.update(for: document)
        _ = names.answered(.addresses("a.test"), try Self.addresses("8.8.8.8", ttl: 60), now: 0)
        names.expire()
        names.update(for: document)
        #expect(names.due(now: 1) == [.addresses("a.test")])
        #expect(names.resolved.names.count == 1)
    }

    @Test func anAnswerThatNobodyAskedForIsLeft() {
        var names = LookedUpNames()
        #expect(
            names.answered(.addresses("a.test"), .addresses([], ttlSeconds: 1), now: 0) == .noted)
        #expect(names.resolved == ResolvedAddresses() && names.nextDue == nil)
    }
}
