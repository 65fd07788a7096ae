import MartletConfig
import MartletDataPlane
import MartletHTTP
import NIOCore
import Testing

/// What a plan dials is what was checked.
struct EgressCheckTests {
    private static func endpoints(
        _ upstreams: String, names: [String: [String]], egress: String = ""
    ) throws -> [EndpointPlan] {
        let document = try ConfigLoader.load(
            text: """
                listeners: { a: ":1" }
                \(egress)
                upstreams: { a: \(upstreams) }
                routes: [{ upstream: a }]
                """, file: "martlet.yaml", environment: [:]
        ).get()
        var addresses = ResolvedAddresses()
        for (name, texts) in names {
            addresses.names[name] = try texts.map { try SocketAddress(ipAddress: $0, port: 0) }
        }
        var diagnostics: [Diagnostic] = []
        return try PlanCompiler.compile(
            document, version: 1, addresses: addresses, diagnostics: &diagnostics
        ).upstreams[0].endpoints
    }

    @Test func onlyWhatWasCheckedIsDialled() throws {
        let endpoint = try Self.endpoints(
            "http://a.example:8080",
            names: ["a.example": ["127.0.0.1", "8.8.8.8", "10.0.0.1", "::1", "2600::1"]])[0]
        #expect(endpoint.addresses.map(\.ipAddress) == ["8.8.8.8", "2600::1"])
        #expect(endpoint.addresses.allSatisfy { $0.port == 8080 })
        #expect(endpoint.refused.map(\.text) == ["127.0.0.1", "10.0.0.1", "::1"])
        #expect(endpoint.refused.map(\.scope) == [.loopback, .private, .loopback])
    }

    @Test func bothListsOfPermissionsCount() throws {
        let endpoint = try Self.endpoints(
            "{ endpoints: \"http://a.example\", egress: { allow: 10.1.0.0/16 } }",
            names: ["a.example": ["10.1.2.3", "10.2.3.4", "192.168.0.1"]],
            egress: "egress: { allow: 192.168.0.0/24 }")[0]
        #expect(endpoint.addresses.map(\.ipAddress) == ["10.1.2.3", "192.168.0.1"])
        #expect(endpoint.refused.map(\.text) == ["10.2.3.4"])
    }

    @Test func writtenAddressesAndLocalhostAreAllowed() throws {
        let endpoints = try Self.endpoints(
            "[http://127.0.0.1:1, \"http://[::1]:2\", http://169.254.169.254, http://localhost:3]",
            names: ["localhost": ["127.0.0.1", "::1", "10.0.0.1"]])
        #expect(endpoints.prefix(3).allSatisfy { $0.addresses.count == 1 && $0.refused.isEmpty })
        #expect(endpoints[3].addresses.map(\.ipAddress) == ["127.0.0.1", "::1"])
        #expect(endpoints[3].refused.map(\.text) == ["10.0.0.1"])
    }

    @Test func aZoneIsOfNoHelp() throws {
        let address = try SocketAddress(ipAddress: "fe80::1%1", port: 0)
        let checked = EgressCheck.split([address], host: "localhost", port: 1, .strict)
        #expect(checked.allowed.isEmpty && checked.refused.map(\.scope) == [.linkLocal])
    }
}
