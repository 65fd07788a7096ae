import MartletConfig
import MartletDataPlane
import Testing

@Suite struct RouteExplanationTests {
    static let fixture = RoutingFixture(
        [
            makeRoute(
                "orders", hosts: ["api.example.com"], ["/v1/orders/{id:int}"], methods: ["GET"]),
            makeRoute(
                "canary", ["/v1/orders/{id}"],
                headers: [FieldMatchConfig(name: "x", test: .equals("1"))]),
            makeRoute(
                "all", ["/v1 prefix"], cookies: [FieldMatchConfig(name: "c", test: .isAbsent)]),
            makeRoute(
                "typed", ["/v1 prefix"],
                query: [FieldMatchConfig(name: "q", test: .contains("z"))]),
            makeRoute("json", ["/v1 prefix"], contentTypes: ["application/json"]),
            makeRoute("inner", ["/v1/orders/7"], listeners: ["private"]),
            makeRoute("elsewhere", hosts: ["other.example.com"], ["/nothing"]),
            makeRoute("other-path", hosts: ["api.example.com"], ["/v2"]),
            makeRoute("high", ["/v1 prefix"], methods: ["PURGE"], priority: 5),
        ], listeners: ["public", "private"])

    @Test func tellsWhatFailedAndWhatWon() {
        let head = makeHead("GET", "/v1/orders/7", host: "api.example.com")
        let explanation = Self.fixture.table.explain(head, listener: 0)
        let lines = explanation.candidates.map { "\($0.name): \($0.failure ?? "matched")" }
        #expect(
            lines == [
                "high: the method is not PURGE", "orders: matched",
                "other-path: the path is not /v2",
                "inner: the route is not for this listener", "canary: header `x` is not `1`",
                "all: matched",
                "typed: query parameter `q` does not contain `z`",
                "json: the content type is not application/json",
            ])
        #expect(explanation.winner == 1)
        #expect(explanation.reason == "its host api.example.com is more specific than *")
        #expect(explanation.captures.map { "\($0.name)=\($0.value)" } == ["id=7"])
        #expect(explanation.match.outcome == .route)
    }

    @Test(arguments: [
        ("PURGE", "/v1/x", "high", "priority 5 is higher than 0"),
        (
            "GET", "/v1/orders/7", "canary",
            "its path /v1/orders/{id} is more specific than /v1 (prefix)"
        ),
        ("GET", "/v1/x?q=z", "all", "it has more cookie conditions"),
    ])
    func reasons(method: String, path: String, winner: String, reason: String) {
        let explanation = Self.fixture.table.explain(
            makeHead(method, path, host: "any.example.com", headers: [("x", "1")]), listener: 0)
        #expect(explanation.winner.map { explanation.candidates[$0].name } == winner)
        #expect(explanation.reason == reason)
    }

    @Test func nothingFits() {
        let explanation = Self.fixture.table.explain(makeHead("GET", "/", host: "x"), listener: 0)
        #expect(explanation.winner == nil)
        #expect(explanation.reason == nil)
        #expect(explanation.match.outcome == .notFound)
    }
}
