import MartletConfig
import MartletDataPlane
import NIOCore
import Testing

/// What becomes an endpoint of what was configured and looked up.
struct EndpointExpansionTests {
    private static func endpoints(
        _ upstream: String, names: [String: [String]] = [:],
        services: [String: [ServiceRecord]] = [:]
    ) throws -> [EndpointPlan] {
        try Self.upstream(upstream, names: names, services: services).endpoints
    }

    private static func upstream(
        _ upstream: String, names: [String: [String]] = [:],
        services: [String: [ServiceRecord]] = [:]
    ) throws -> UpstreamPlan {
        let document = try ConfigLoader.load(
            text: """
                listeners: { a: ":1" }
                upstreams: { a: \(upstream) }
                routes: [{ upstream: a }]
                """, file: "martlet.yaml", environment: [:]
        ).get()
        let addresses = ResolvedAddresses(
            names: try names.mapValues { try $0.map { try SocketAddress(ipAddress: $0, port: 0) } },
            services: services)
        var diagnostics: [Diagnostic] = []
        return try PlanCompiler.compile(
            document, version: 1, addresses: addresses, diagnostics: &diagnostics
        ).upstreams[0]
    }

    @Test func eachAddressIsAnEndpoint() throws {
        let entry = "{ endpoints: { url: \"http://a.test:8080\", each-address: true, weight: 3 } }"
        let found = try Self.endpoints(
            entry, names: ["a.test": ["8.8.8.8", "10.0.0.1", "2600::1"]])
        #expect(found.map(\.text) == ["8.8.8.8:8080", "[2600::1]:8080"])
        #expect(found.map(\.weight) == [3, 3])
        #expect(found.allSatisfy { $0.addresses.count == 1 })
        #expect(found.allSatisfy { $0.hostField == Array("a.test:8080".utf8) })
        #expect(found.flatMap(\.refused).map(\.text) == ["10.0.0.1"])
        let none = try Self.endpoints(entry, names: ["a.test": ["10.0.0.1"]])
        #expect(none.map(\.text) == ["a.test:8080"] && none[0].addresses.isEmpty)
        #expect(none[0].refused.map(\.text) == ["10.0.0.1"])
    }

    @Test func recordsOfAServiceAreEndpoints() throws {
        let entry = "{ endpoints: { service: \"http://_a._tcp.example.test\" } }"
        let upstream = try Self.upstream(
            entry, names: ["one.test": ["8.8.8.8", "8.8.4.4"], "two.test": ["9.9.9.9"]],
            services: [
                "_a._tcp.example.test": [
                    ServiceRecord(target: "one.test", port: 81, weight: 4),
                    ServiceRecord(target: "two.test", port: 82, priority: 5, weight: 2),
                    ServiceRecord(target: "two.test", port: 82, priority: 9, weight: 1),
                    ServiceRecord(target: "gone.test", port: 83, weight: 1),
                ]
            ])
        let found = upstream.endpoints
        #expect(found.map(\.text) == ["one.test:81", "two.test:82", "gone.test:83"])
        #expect(found.map(\.weight) == [4, 2, 1])
        #expect(found[0].addresses.map(\.port) == [81, 81])
        #expect(found[2].addresses.isEmpty)
        #expect(upstream.traffic != nil, "priorities take more than turns")
        let none = try Self.endpoints(entry)
        #expect(none.map(\.text) == ["_a._tcp.example.test"] && none[0].addresses.isEmpty)
    }

    @Test func noTargetLeadsInward() throws {
        let found = try Self.endpoints(
            "{ endpoints: { service: \"http://_a._tcp.example.test\" } }",
            names: ["localhost": ["127.0.0.1"], "10.0.0.1": ["10.0.0.1"]],
            services: [
                "_a._tcp.example.test": [
                    ServiceRecord(target: "localhost", port: 1),
                    ServiceRecord(target: "10.0.0.1", port: 1),
                ]
            ])
        #expect(found.count == 2 && found.allSatisfy { $0.addresses.isEmpty })
        #expect(found.flatMap(\.refused).map(\.text) == ["127.0.0.1", "10.0.0.1"])
    }

    @Test func aCertificateIsForTheServicesDomain() throws {
        let services = [
            "_a._tcp.example.test": [ServiceRecord(target: "one.other", port: 443)]
        ]
        let entry = "{ endpoints: { service: \"https://_a._tcp.example.test\" } }"
        let found = try Self.endpoints(
            entry, names: ["one.other": ["8.8.8.8"]], services: services)
        #expect(found[0].tls?.serverName == "example.test")
        #expect(found[0].hostField == Array("one.other".utf8))
    }

    @Test(
        arguments: [
            ([0, 0], [1, 1]), ([3, 1], [3, 1]), ([10, 0], [1000, 1]), ([65535, 1], [1000, 1]),
            ([65535, 32768, 0], [1000, 500, 1]), ([], []),
        ] as [([Int], [Int])])
    func weightsKeepTheirProportions(given: [Int], expected: [Int]) {
        let records = given.map { ServiceRecord(target: "a", port: 1, weight: $0) }
        #expect(ServiceRecord.weights(records) == expected)
    }
}
