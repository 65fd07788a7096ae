import MartletConfig
import MartletDataPlane
import Testing

@Suite struct RouteOverlapsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var routes: [RouteConfig]
        /// Severity, line, the other's line, and a part of the message.
        var expected: [(Diagnostic.Severity, Int, Int, String)]
        var testDescription: String { self.name }
    }

    static let header = FieldMatchConfig(name: "X", test: .equals("1"))
    static let sameHeader = FieldMatchConfig(name: "x", test: .oneOf(["1"]))
    static let other = FieldMatchConfig(name: "y", test: .equals("1"))

    static let cases: [Case] = [
        Case(
            name: "identical",
            routes: [makeRoute("a", ["/x/{a}"], line: 1), makeRoute("b", ["/x/{b}"], line: 2)],
            expected: [(.error, 2, 1, "same conditions as `a`")]),
        Case(
            name: "identical but for spelling",
            routes: [
                makeRoute("a", ["/x"], methods: ["GET", "PUT"], headers: [header], line: 1),
                makeRoute("b", ["/x"], methods: ["PUT", "GET"], headers: [sameHeader], line: 2),
            ],
            expected: [(.error, 2, 1, "same conditions as `a`")]),
        Case(
            name: "prefix with and without a slash",
            routes: [
                makeRoute("a", ["/x prefix"], line: 1), makeRoute("b", ["/x/ prefix"], line: 2),
            ],
            expected: [(.error, 2, 1, "same conditions as `a`")]),
        Case(
            name: "tie",
            routes: [
                makeRoute("a", ["/x"], headers: [header], line: 1),
                makeRoute("b", ["/x"], headers: [other], line: 2),
            ],
            expected: [(.warning, 2, 1, "overlaps `a`")]),
        Case(
            name: "methods in common",
            routes: [
                makeRoute("a", ["/x"], methods: ["GET", "PUT"], line: 1),
                makeRoute("b", ["/x"], methods: ["PUT", "POST"], line: 2),
            ],
            expected: [(.warning, 2, 1, "overlaps `a`")]),
        Case(
            name: "hidden by its methods",
            routes: [
                makeRoute("a", ["/x"], methods: ["GET", "PUT"], line: 1),
                makeRoute("b", ["/x"], methods: ["PUT"], line: 2),
            ],
            expected: [(.warning, 2, 1, "never reached")]),
        Case(
            name: "hidden by priority",
            routes: [
                makeRoute("a", hosts: ["*.example.com"], ["/x prefix"], priority: 1, line: 1),
                makeRoute(
                    "b", hosts: ["a.example.com"], ["/x/{id:int}/y"], headers: [header], line: 2),
            ],
            expected: [(.warning, 2, 1, "priority 1 is higher than 0")]),
        Case(
            name: "not hidden by priority",
            routes: [
                makeRoute(
                    "a", hosts: ["*.example.com"], ["/x prefix"], methods: ["GET"], priority: 1,
                    line: 1),
                makeRoute("b", hosts: ["example.com"], ["/x"], line: 2),
                makeRoute("c", hosts: ["a.example.com"], ["/xy"], line: 3),
                makeRoute("d", hosts: ["a.example.com"], ["/x"], line: 4),
                makeRoute("e", hosts: ["*.com"], ["/x"], line: 5),
            ], expected: []),
        Case(
            name: "hidden by a template of a higher priority",
            routes: [
                makeRoute("a", ["/x/{id}/{rest*}"], priority: 1, line: 1),
                makeRoute("b", ["/x/7/y/z"], line: 2), makeRoute("c", ["/x/7"], line: 3),
            ],
            expected: [(.warning, 2, 1, "never reached")]),
        Case(
            name: "listed twice",
            routes: [makeRoute("a", ["/x", "/x"], line: 1)],
            expected: [(.warning, 1, 1, "listed twice")]),
        Case(
            name: "apart",
            routes: [
                makeRoute("a", ["/x"], line: 1), makeRoute("b", ["/x"], methods: ["GET"], line: 2),
                makeRoute("c", ["/x"], methods: ["GET"], headers: [header], line: 3),
                makeRoute("d", ["/x"], methods: ["HEAD"], line: 4),
                makeRoute("e", ["/x"], methods: ["POST"], line: 5),
                makeRoute("f", ["/{x}"], line: 6), makeRoute("g", hosts: ["a"], ["/x"], line: 7),
                makeRoute(
                    "h", ["/y"], headers: [FieldMatchConfig(name: "x", test: .equals("1"))], line: 8
                ),
                makeRoute(
                    "i", ["/y"], headers: [FieldMatchConfig(name: "x", test: .equals("2"))], line: 9
                ),
                makeRoute(
                    "j", ["/y"], headers: [FieldMatchConfig(name: "x", test: .isAbsent)], line: 10),
                makeRoute("k", ["/z"], contentTypes: ["a/b"], line: 11),
                makeRoute("l", ["/z"], contentTypes: ["a/c"], line: 12),
                makeRoute("m", ["/w"], listeners: ["public"], line: 13),
                makeRoute("n", ["/w"], listeners: ["private"], line: 14),
            ], expected: []),
        Case(
            name: "a literal with parameters",
            routes: [makeRoute("a", ["/x;y"], line: 1)],
            expected: [(.warning, 1, 0, "never matched")]),
        Case(
            name: "a wrong pattern",
            routes: [makeRoute("a", ["x"], line: 1)], expected: [(.error, 1, 0, "begins with")]),
    ]

    @Test(arguments: cases)
    func reports(_ item: Case) {
        let fixture = RoutingFixture(item.routes, listeners: ["public", "private"])
        #expect(
            fixture.diagnostics.count == item.expected.count,
            "\(fixture.diagnostics.map(\.message))")
        for (diagnostic, expected) in zip(fixture.diagnostics, item.expected) {
            #expect(diagnostic.severity == expected.0)
            #expect(diagnostic.location.line == expected.1)
            #expect((diagnostic.related?.line ?? 0) == expected.2)
            #expect(diagnostic.message.contains(expected.3), "\(diagnostic.message)")
            #expect(diagnostic.path.hasPrefix("routes["))
        }
    }

    @Test func tooManyExtensionMethods() {
        let routes = (0..<60).map { makeRoute("r\($0)", ["/\($0)"], methods: ["M\($0)"]) }
        let errors = RoutingFixture(routes).diagnostics.filter { $0.severity == .error }
        #expect(errors.count == 12)
    }
}
