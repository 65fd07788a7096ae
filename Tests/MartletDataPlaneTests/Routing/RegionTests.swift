import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

/// Routes that ask where the client is.
struct RegionTests {
    private static let table = Self.compile(
        [("office", ["office"]), ("near", ["office", "home"]), ("all", [])])

    private static func compile(_ routes: [(name: String, regions: [String])]) -> RoutingTable {
        var diagnostics: [Diagnostic] = []
        return Self.compile(routes, &diagnostics)
    }

    private static func compile(
        _ routes: [(name: String, regions: [String])], _ diagnostics: inout [Diagnostic]
    ) -> RoutingTable {
        let configs = routes.enumerated().map { index, route in
            var config = makeRoute(route.name, ["/ prefix"], priority: -index, line: index + 1)
            config.match.regions = route.regions
            return config
        }
        let blocks = [
            "office": AddressBlocks(blocks: ["192.0.2.0/24", "2001:db8::/32"]) ?? .none,
            "home": AddressBlocks(blocks: ["10.0.0.0/8"]) ?? .none,
        ]
        return RoutingTable.compile(
            configs, listeners: ["public"], regions: blocks, diagnostics: &diagnostics)
    }

    private static func client(_ text: String) throws -> ClientAddress {
        let address = ClientAddress(parsing: Array(text.utf8).span)
        return try #require(address)
    }

    @Test(
        arguments: [
            ("192.0.2.7", 0), ("2001:db8:1::1", 0), ("::ffff:192.0.2.7", 0), ("10.9.9.9", 1),
            ("192.0.3.0", 2), ("2001:db9::1", 2), ("0.0.0.0", 2),
        ] as [(String, UInt32)])
    func theClientsAddressDecides(address: String, route: UInt32) throws {
        var captures = PathCaptures()
        let client = try Self.client(address)
        let head = makeHead("GET", "/a")
        let match = Self.table.match(head, listener: 0, client: client, captures: &captures)
        #expect(match.outcome == .route && match.route == route)
        let explanation = Self.table.explain(head, listener: 0, client: client)
        #expect(explanation.winner.map { explanation.candidates[$0].route } == Int(route))
    }

    @Test func explainSaysWhereTheClientIsNot() throws {
        let explanation = Self.table.explain(
            makeHead("GET", "/a"), listener: 0, client: try Self.client("10.0.0.1"))
        #expect(explanation.candidates[0].failure == "the client is not in office")
    }

    @Test func aRegionIsMoreSpecificThanNone() throws {
        var diagnostics: [Diagnostic] = []
        let configs = [("all", []), ("office", ["office"])].map { name, regions in
            var config = makeRoute(name, ["/ prefix"])
            config.match.regions = regions
            return config
        }
        let blocks = ["office": AddressBlocks(blocks: ["192.0.2.0/24"]) ?? .none]
        let table = RoutingTable.compile(
            configs, listeners: ["public"], regions: blocks, diagnostics: &diagnostics)
        #expect(diagnostics.isEmpty)
        var captures = PathCaptures()
        let match = table.match(
            makeHead("GET", "/"), listener: 0, client: try Self.client("192.0.2.1"),
            captures: &captures)
        #expect(match.route == 1)
    }

    @Test func overlapsAreFound() {
        var diagnostics: [Diagnostic] = []
        _ = Self.compile([("near", ["home", "office"]), ("office", ["office"])], &diagnostics)
        #expect(diagnostics.contains { $0.message.contains("is never reached") })
        diagnostics = []
        _ = Self.compile([("home", ["home"]), ("office", ["office"])], &diagnostics)
        #expect(diagnostics.isEmpty, "other names count as other places")
    }

    @Test func aRegionThatIsNotThereHoldsNobody() throws {
        let table = Self.compile([("gone", ["gone"])])
        var captures = PathCaptures()
        let match = table.match(
            makeHead("GET", "/"), listener: 0, client: try Self.client("192.0.2.1"),
            captures: &captures)
        #expect(match.outcome == .notFound)
    }
}
