import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct RoutePredicateTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var test: FieldMatchConfig.Test
        var value: String?
        var fits: Bool
        var testDescription: String { "\(test) \(value ?? "absent") \(fits)" }
    }

    static let cases: [Case] = [
        Case(test: .equals("a b"), value: "a b", fits: true),
        Case(test: .equals("a b"), value: "a", fits: false),
        Case(test: .equals("a"), value: "a b", fits: false),
        Case(test: .equals("a"), value: "A", fits: false),
        Case(test: .equals("a"), value: nil, fits: false),
        Case(test: .equals(""), value: "", fits: true),
        Case(test: .equals(""), value: "a", fits: false),
        Case(test: .oneOf(["x", "y"]), value: "y", fits: true),
        Case(test: .oneOf(["x", "y"]), value: "z", fits: false),
        Case(test: .hasPrefix("ab"), value: "abc", fits: true),
        Case(test: .hasPrefix("ab"), value: "a", fits: false),
        Case(test: .hasPrefix(""), value: "a", fits: true),
        Case(test: .hasSuffix("bc"), value: "abc", fits: true),
        Case(test: .hasSuffix("bc"), value: "abcd", fits: false),
        Case(test: .hasSuffix("abcd"), value: "bcd", fits: false),
        Case(test: .hasSuffix("aab"), value: "aaab", fits: true),
        Case(test: .contains("bc"), value: "abcd", fits: true),
        Case(test: .contains("cb"), value: "abcd", fits: false),
        Case(test: .contains(""), value: "", fits: true),
        Case(test: .contains("aab"), value: "aaab", fits: true),
        Case(test: .isPresent, value: "", fits: true),
        Case(test: .isPresent, value: nil, fits: false),
        Case(test: .isAbsent, value: nil, fits: true),
        Case(test: .isAbsent, value: "", fits: false),
    ]

    private static func encode(_ text: String, plus: Bool) -> String {
        text.utf8.map { byte in
            if plus && byte == 0x20 { return "+" }
            let hex = String(byte, radix: 16)
            return "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
    }

    @Test(arguments: cases, ["X-Thing", "user-agent", "x-request-id"])
    func header(_ item: Case, name: String) {
        let fixture = RoutingFixture([
            makeRoute(
                "r", ["/"], headers: [FieldMatchConfig(name: name.lowercased(), test: item.test)])
        ])
        let headers =
            item.value.map { [("Other", "a"), (name.uppercased(), $0)] } ?? [("Other", "a")]
        #expect(fixture.answer(makeHead("GET", "/", headers: headers)) == (item.fits ? "r" : "404"))
    }

    @Test(arguments: cases)
    func query(_ item: Case) {
        let fixture = RoutingFixture([
            makeRoute("r", ["/"], query: [FieldMatchConfig(name: "na me", test: item.test)])
        ])
        let expected = item.fits ? "r" : "404"
        guard let value = item.value else {
            #expect(fixture.answer(makeHead("GET", "/?other=a&na=me")) == expected)
            #expect(fixture.answer(makeHead("GET", "/")) == expected)
            return
        }
        for plus in [false, true] {
            let pair = "na+me=" + Self.encode(value, plus: plus)
            #expect(fixture.answer(makeHead("GET", "/?a=b&\(pair)&c")) == expected)
            #expect(
                fixture.answer(makeHead("GET", "/?%6Ea%20me=" + Self.encode(value, plus: plus)))
                    == expected)
        }
        if value.isEmpty { #expect(fixture.answer(makeHead("GET", "/?na+me")) == expected) }
    }

    @Test(arguments: cases)
    func cookie(_ item: Case) {
        let fixture = RoutingFixture([
            makeRoute("r", ["/"], cookies: [FieldMatchConfig(name: "sid", test: item.test)])
        ])
        let expected = item.fits ? "r" : "404"
        guard let value = item.value else {
            for cookies in [[], [("Cookie", "xsid=1; SID=2; sid")]] {
                #expect(fixture.answer(makeHead("GET", "/", headers: cookies)) == expected)
            }
            return
        }
        let spellings = [
            "sid=\(value)", "a=b; sid=\(value)", "a=b;sid=\(value);c=d", "sid=\"\(value)\"",
        ]
        for cookie in spellings {
            #expect(fixture.answer(makeHead("GET", "/", headers: [("Cookie", cookie)])) == expected)
            let second = [("Cookie", "a=b"), ("cookie", cookie)]
            #expect(fixture.answer(makeHead("GET", "/", headers: second)) == expected)
        }
    }

    @Test(arguments: [
        ("application/json", true), ("Application/JSON ; charset=utf-8", true),
        ("text/plain", true),
        ("TEXT/html", true), ("application/jsonx", false), ("application/xml", false),
        ("text", false),
        ("text/", false), ("", false),
    ])
    func contentType(value: String, fits: Bool) {
        let fixture = RoutingFixture([
            makeRoute("r", ["/"], contentTypes: ["application/json", "text/*"])
        ])
        let head = makeHead("GET", "/", headers: [("Content-Type", value)])
        #expect(fixture.answer(head) == (fits ? "r" : "404"))
        #expect(fixture.answer(makeHead("GET", "/")) == "404")
    }

    @Test func anyOfRepeatedFieldsFits() {
        let fixture = RoutingFixture([
            makeRoute(
                "r", ["/"], headers: [FieldMatchConfig(name: "x", test: .equals("2"))],
                query: [FieldMatchConfig(name: "q", test: .equals("2"))])
        ])
        let both = [("x", "1"), ("X", "2")]
        #expect(fixture.answer(makeHead("GET", "/?q=1&q=2", headers: both)) == "r")
        #expect(fixture.answer(makeHead("GET", "/?q=1", headers: both)) == "404")
        let removed = makeHead("GET", "/?q=2", headers: both)
        removed.headers.markRemoved(at: 2)
        #expect(fixture.answer(removed) == "404")
    }

    @Test func precedenceOfConditions() {
        let header = FieldMatchConfig(name: "h", test: .isPresent)
        let header2 = FieldMatchConfig(name: "h2", test: .isPresent)
        let field = FieldMatchConfig(name: "f", test: .isPresent)
        let fixture = RoutingFixture([
            makeRoute("none", ["/"]), makeRoute("type", ["/"], contentTypes: ["a/b"]),
            makeRoute("query", ["/"], query: [field]), makeRoute("cookie", ["/"], cookies: [field]),
            makeRoute("header", ["/"], headers: [header]),
            makeRoute("headers", ["/"], headers: [header, header2]),
            makeRoute("method", ["/"], methods: ["POST"]),
        ])
        let all = [("h", ""), ("h2", ""), ("Cookie", "f="), ("Content-Type", "a/b")]
        #expect(fixture.answer(makeHead("POST", "/?f", headers: all)) == "method")
        for (dropped, expected) in [(0, "headers"), (1, "cookie"), (3, "type"), (4, "query")] {
            let head = makeHead("GET", "/?f", headers: Array(all.dropFirst(dropped)))
            #expect(fixture.answer(head) == (dropped == 3 ? "query" : expected))
        }
        #expect(fixture.answer(makeHead("GET", "/", headers: [all[3]])) == "type")
        #expect(fixture.answer(makeHead("GET", "/", headers: [all[0]])) == "header")
        #expect(fixture.answer(makeHead("GET", "/")) == "none")
    }
}
