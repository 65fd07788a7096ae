import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct RoutingTableTests {
    // MARK: Hosts

    static let hosts = RoutingFixture([
        makeRoute("any", ["/p prefix"]),
        makeRoute("short", hosts: ["*.example.com"], ["/p prefix"]),
        makeRoute("long", hosts: ["*.api.example.com"], ["/p prefix"]),
        makeRoute("exact", hosts: ["v1.api.example.com"], ["/p prefix"]),
        makeRoute("short-only", hosts: ["*.example.com"], ["/short"]),
        makeRoute("any-only", ["/any"]),
        makeRoute("address", hosts: ["[::1]"], ["/p prefix"]),
    ])

    @Test(arguments: [
        ("v1.api.example.com", "/p", "exact"), ("V1.API.Example.COM:8080", "/p", "exact"),
        ("v1.api.example.com.", "/p", "exact"), ("v2.api.example.com", "/p", "long"),
        ("a.v1.api.example.com", "/p", "long"), ("api.example.com", "/p", "short"),
        ("a.b.c.d.example.com", "/p", "short"), ("example.com", "/p", "any"),
        ("xexample.com", "/p", "any"), ("example.com.evil", "/p", "any"),
        ("[::1]:80", "/p", "address"),
        ("v1.api.example.com", "/short", "short-only"), ("v1.api.example.com", "/any", "any-only"),
        ("example.com", "/short", "404"), ("v1.api.example.com", "/nothing", "404"),
    ])
    func hostPrecedence(host: String, path: String, expected: String) {
        #expect(Self.hosts.answer(makeHead("GET", path, host: host)) == expected)
    }

    @Test func noHostFitsOnlyAnyHost() {
        let head = RequestHead()
        let target = head.headers.appendBytes("/p")
        head.method = .get
        head.minorVersion = 0
        #expect(RequestTarget.resolve(target, head: head) == nil)
        #expect(Self.hosts.answer(head) == "any")
    }

    @Test func aHostWithMostLabelsIsFound() {
        let host = String(repeating: "a.", count: 120) + "example.com"
        #expect(Self.hosts.answer(makeHead("GET", "/p", host: host)) == "short")
    }

    // MARK: Paths

    static let paths = RoutingFixture([
        makeRoute("root", ["/"]), makeRoute("orders", ["/v1/orders"]),
        makeRoute("order-int", ["/v1/orders/{id:int}"]),
        makeRoute("order-uuid", ["/v1/orders/{id:uuid}"]),
        makeRoute("order", ["/v1/orders/{id}"]), makeRoute("order-new", ["/v1/orders/new"]),
        makeRoute("orders-rest", ["/v1/orders/{rest*}"]),
        makeRoute("item", ["/v1/orders/{id}/items/{item}"]),
        makeRoute("int-lines", ["/v1/orders/{id:int}/lines"]), makeRoute("v1", ["/v1 prefix"]),
        makeRoute("slash", ["/slash/"]),
        makeRoute("files", ["/files/{name}/raw", "/blobs/{name}/{rest*}"]),
        makeRoute("deep", ["/v1/deep/a/b prefix"]), makeRoute("back", ["/back/a/c"]),
        makeRoute("back-any", ["/back/{x}/b"]),
    ])

    @Test(arguments: [
        ("/", "root"), ("/v1", "v1"), ("/v1/", "v1"), ("/v1/x", "v1"), ("/v10", "404"),
        ("/v1/orders", "orders"), ("/v1/orders/", "orders-rest"), ("/v1/orders/7", "order-int"),
        ("/v1/orders/1234567890123456789", "order-int"),
        ("/v1/orders/12345678901234567890", "order"),
        ("/v1/orders/-7", "order"), ("/v1/orders/new", "order-new"), ("/v1/orders/newer", "order"),
        ("/v1/orders/0f0e0d0c-0b0a-4908-8706-05040302010F", "order-uuid"),
        ("/v1/orders/0f0e0d0c-0b0a-4908-8706-05040302010g", "order"),
        ("/v1/orders/7/items/8", "item"), ("/v1/orders/7/lines", "int-lines"),
        ("/v1/orders/x/lines", "orders-rest"), ("/v1/orders/7/items", "orders-rest"),
        ("/v1/orders/7/items/", "orders-rest"), ("/v1/orders/7/", "orders-rest"),
        ("/v1/deep/a", "v1"), ("/v1/deep/a/b", "deep"), ("/v1/deep/a/b/c/d/e", "deep"),
        ("/v1/deep/a/bc", "v1"), ("/slash/", "slash"), ("/slash", "404"), ("/slash/a", "404"),
        ("/files/a/raw", "files"), ("/files/a/raw/", "404"), ("/blobs/a", "404"),
        ("/blobs/a/", "files"),
        ("/blobs/a/b/c", "files"), ("/files//raw", "404"), ("/V1", "404"),
        ("/back/a/b", "back-any"), ("/back/a/c", "back"), ("/back/b/b", "back-any"),
        ("/back/b/c", "404"),
        ("/v1;x=1/orders;y", "orders"), ("/v1/orders/new;x", "order-new"),
        ("/v1/orders/7;x", "order-int"),
        ("/v1/%6frders", "orders"), ("/v1/./orders", "orders"), ("//v1//orders", "orders"),
        ("/x/../v1/orders", "orders"), ("/v1%3Bx/orders", "orders"),
    ])
    func pathPrecedence(path: String, expected: String) {
        #expect(Self.paths.answer(makeHead("GET", path)) == expected)
    }

    @Test(arguments: [
        ("/v1/orders/7/items/8", ["7", "8"]), ("/v1/orders/7;a=b", ["7;a=b"]),
        ("/v1/orders/", [""]),
        ("/v1/orders/x/lines/y", ["x/lines/y"]), ("/v1/orders/7/lines", ["7"]), ("/v1", []),
        ("/blobs/a/b/c", ["a", "b/c"]), ("/blobs/a/", ["a", ""]), ("/back/a/b", ["a"]),
        ("/v1/orders/%20a", ["%20a"]), ("/nothing/at/all", []),
    ])
    func captures(path: String, expected: [String]) {
        let head = makeHead("GET", path)
        #expect(Self.paths.captures(head) == expected)
        let explained = Self.paths.table.explain(head, listener: 0).captures.map(\.value)
        #expect(explained == expected)
    }

    @Test func captureNames() {
        #expect(Self.paths.table.captureNames(route: 7, pattern: 0) == ["id", "item"])
        #expect(Self.paths.table.captureNames(route: 11, pattern: 1) == ["name", "rest"])
        #expect(Self.paths.table.captureNames(route: 0, pattern: 0) == [])
        #expect(Self.paths.table.captureNames(route: 99, pattern: 0) == [])
    }

    @Test(arguments: [
        ("/v1", 3), ("/v1/", 3), ("/v1/x", 3), ("/v1;a=b/x", 7), ("/v1/deep/a/b/c", 12),
        ("/v1/orders", 0),
    ])
    func prefixEnd(path: String, expected: UInt32) {
        var captures = PathCaptures()
        let match = Self.paths.table.match(makeHead("GET", path), listener: 0, captures: &captures)
        #expect(match.outcome == .route)
        #expect(match.prefixEnd == expected)
    }

    @Test func patternTellsWhichPathMatched() {
        var captures = PathCaptures()
        let match = Self.paths.table.match(
            makeHead("GET", "/blobs/a/b"), listener: 0, captures: &captures)
        #expect(match.pattern == 1)
    }

    @Test func thePrefixOfTheRootTakesAll() {
        let fixture = RoutingFixture([makeRoute("all", ["/ prefix"])])
        for path in ["/", "/a", "/a/b/"] {
            #expect(fixture.answer(makeHead("GET", path)) == "all")
        }
        #expect(fixture.answer(makeHead("OPTIONS", "*")) == "404")
    }

    @Test func aRestBeatsThePrefixBeforeIt() {
        let fixture = RoutingFixture([
            makeRoute("prefix", ["/a prefix"]), makeRoute("rest", ["/a/{rest*}"]),
            makeRoute("none"),
        ])
        #expect(fixture.answer(makeHead("GET", "/a/b")) == "rest")
        #expect(fixture.answer(makeHead("GET", "/a")) == "prefix")
        #expect(fixture.answer(makeHead("GET", "/b")) == "none")
        #expect(fixture.answer(makeHead("OPTIONS", "*")) == "none")
    }

    // MARK: Methods

    static let methods = RoutingFixture([
        makeRoute("read", ["/a"], methods: ["GET"]),
        makeRoute("write", ["/a"], methods: ["POST", "PURGE"]),
        makeRoute("head", ["/b"], methods: ["HEAD"]), makeRoute("get", ["/b"], methods: ["GET"]),
        makeRoute("delete", hosts: ["example.com"], ["/c"], methods: ["DELETE"]),
        makeRoute("anything", ["/c"], headers: [FieldMatchConfig(name: "x", test: .isPresent)]),
        makeRoute("patch", ["/{x}"], methods: ["PATCH"]),
        makeRoute("star", methods: ["OPTIONS"]),
    ])

    @Test(arguments: [
        ("GET", "/a", "read"), ("HEAD", "/a", "read"), ("POST", "/a", "write"),
        ("PURGE", "/a", "write"),
        ("PATCH", "/a", "patch"), ("OPTIONS", "/a", "star"), ("HEAD", "/b", "head"),
        ("GET", "/b", "get"),
        ("PUT", "/a", "405 GET, HEAD, POST, OPTIONS, PATCH, PURGE"),
        ("purge", "/b", "405 GET, HEAD, OPTIONS, PATCH"),
        ("UNKNOWN", "/c", "405 DELETE, OPTIONS, PATCH"), ("GET", "/x/y", "405 OPTIONS"),
        ("OPTIONS", "*", "star"), ("get", "/a", "405 GET, HEAD, POST, OPTIONS, PATCH, PURGE"),
    ])
    func methods(method: String, path: String, expected: String) {
        #expect(Self.methods.answer(makeHead(method, path)) == expected)
    }

    @Test func aRouteForAllMethodsTakesUnknownOnes() {
        let fixture = RoutingFixture([makeRoute("all", ["/a"])])
        #expect(fixture.answer(makeHead("BREW", "/a")) == "all")
    }

    // MARK: Listeners and priorities

    @Test func listenersAreApart() {
        var names = (0..<70).map { "l\($0)" }
        names.append("last")
        let fixture = RoutingFixture(
            [
                makeRoute("first", ["/a"], listeners: ["l0"]),
                makeRoute("last", ["/a"], listeners: ["last"]),
                makeRoute("both", ["/b"], listeners: ["l0", "last"]), makeRoute("all", ["/c"]),
            ], listeners: names)
        #expect(fixture.diagnostics.isEmpty)
        #expect(fixture.answer(makeHead("GET", "/a"), listener: 0) == "first")
        #expect(fixture.answer(makeHead("GET", "/a"), listener: 70) == "last")
        #expect(fixture.answer(makeHead("GET", "/a"), listener: 1) == "404")
        #expect(fixture.answer(makeHead("GET", "/b"), listener: 70) == "both")
        #expect(fixture.answer(makeHead("GET", "/c"), listener: 69) == "all")
        #expect(fixture.answer(makeHead("GET", "/b"), listener: 400) == "404")
    }

    @Test func priorityComesFirst() {
        let fixture = RoutingFixture([
            makeRoute("exact", hosts: ["example.com"], ["/a"]),
            makeRoute("high", ["/ prefix"], methods: ["GET"], priority: 1),
            makeRoute("low", ["/b"], priority: -1),
        ])
        #expect(fixture.answer(makeHead("GET", "/a")) == "high")
        #expect(fixture.answer(makeHead("POST", "/a")) == "exact")
        #expect(fixture.answer(makeHead("POST", "/b")) == "low")
        #expect(fixture.answer(makeHead("POST", "/c")) == "405 GET, HEAD")
    }

    @Test func withoutRoutesNothingIsFound() {
        let fixture = RoutingFixture([])
        #expect(fixture.answer(makeHead("GET", "/")) == "404")
    }
}
