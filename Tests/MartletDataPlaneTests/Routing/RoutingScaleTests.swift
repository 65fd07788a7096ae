import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

/// Ten thousand routes on a thousand hosts: compiled at once, and no dearer to match than a few.
@Suite(.serialized) struct RoutingScaleTests {
    private static func routes(hosts: Int, each: Int) -> [RouteConfig] {
        (0..<(hosts * each)).map { index in
            let host = "h\(index % hosts).example.com"
            return makeRoute(
                "r\(index)", hosts: [host], ["/v1/resource\(index / hosts)/{id:int}/items/{item}"],
                methods: ["GET", "POST"])
        }
    }

    @Test func compilesTenThousandRoutes() {
        let clock = ContinuousClock()
        let routes = Self.routes(hosts: 1000, each: 10)
        var fixture: RoutingFixture?
        let time = clock.measure { fixture = RoutingFixture(routes) }
        print("compiled 10,000 routes on 1,000 hosts in \(time)")
        #expect(time < .seconds(20))
        #expect(fixture?.diagnostics.isEmpty == true)
        for index in [0, 1, 999, 5_432, 9_999] {
            let head = makeHead(
                "GET", "/v1/resource\(index / 1000)/7/items/x", host: "h\(index % 1000).example.com"
            )
            #expect(fixture?.answer(head) == "r\(index)")
        }
    }

    @Test func matchingDoesNotGrowWithTheNumberOfRoutes() {
        let one = RoutingFixture(Self.routes(hosts: 1, each: 1))
        let many = RoutingFixture(Self.routes(hosts: 1000, each: 10))
        let heads = (0..<512).map { index in
            makeHead(
                "GET", "/v1/resource\(index % 10)/7/items/x",
                host: "h\(index * 37 % 1000).example.com")
        }
        let single = (0..<512).map { _ in
            makeHead("GET", "/v1/resource0/7/items/x", host: "h0.example.com")
        }
        let (few, lots) = (Self.cost(one.table, single), Self.cost(many.table, heads))
        print("a match among 1 route: \(few), among 10,000: \(lots)")
        #expect(lots < few * 8 + .microseconds(2))
    }

    private static func cost(_ table: RoutingTable, _ heads: [RequestHead]) -> Duration {
        var captures = PathCaptures()
        var found = 0
        let rounds = 40
        var best = Duration.seconds(1_000)
        for _ in 0..<5 {
            let time = ContinuousClock().measure {
                for _ in 0..<rounds {
                    for head in heads {
                        let match = table.match(head, listener: 0, captures: &captures)
                        if match.outcome == .route { found += 1 }
                    }
                }
            }
            best = min(best, time)
        }
        #expect(found == 5 * rounds * heads.count)
        return best / (rounds * heads.count)
    }

    @Test func tenThousandRivalsAreCompiledToo() {
        let routes = (0..<10_000).map { index in
            makeRoute(
                "r\(index)", ["/same"],
                headers: [FieldMatchConfig(name: "tenant", test: .equals("t\(index)"))])
        }
        let clock = ContinuousClock()
        var fixture: RoutingFixture?
        let time = clock.measure { fixture = RoutingFixture(routes) }
        print("compiled 10,000 routes on one path in \(time)")
        #expect(fixture?.diagnostics.isEmpty == true)
        let head = makeHead("GET", "/same", headers: [("tenant", "t9999")])
        #expect(fixture?.answer(head) == "r9999")
    }
}
