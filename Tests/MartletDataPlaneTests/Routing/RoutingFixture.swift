import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

/// A request head as the codec leaves it, made from texts.
func makeHead(
    _ method: String = "GET", _ target: String, host: String = "example.com",
    headers: [(String, String)] = []
) -> RequestHead {
    let head = RequestHead()
    head.methodBytes = head.headers.appendBytes(Array(method.utf8))
    head.method = Method(Array(method.utf8).span)
    let range = head.headers.appendBytes(Array(target.utf8))
    for (name, value) in [("Host", host)] + headers {
        head.headers.add(name: Array(name.utf8).span, value: Array(value.utf8).span)
    }
    let error = RequestTarget.resolve(range, head: head)
    #expect(error == nil, "\(target)")
    return head
}

/// A route with the given conditions.
///
/// Paths ending in ` prefix` are prefixes.
func makeRoute(
    _ name: String, hosts: [String] = [], _ paths: [String] = [], methods: [String] = [],
    headers: [FieldMatchConfig] = [], query: [FieldMatchConfig] = [],
    cookies: [FieldMatchConfig] = [], contentTypes: [String] = [], listeners: [String] = [],
    priority: Int = 0, line: Int = 0
) -> RouteConfig {
    var route = RouteConfig()
    route.name = name
    route.source = SourceLocation(file: "martlet.yaml", line: line, column: 1)
    route.match.hosts = hosts
    route.match.paths = paths.map { path in
        path.hasSuffix(" prefix")
            ? PathPatternConfig(kind: .prefix, text: String(path.dropLast(7)))
            : PathPatternConfig(kind: .template, text: path)
    }
    route.match.methods = methods
    route.match.headers = headers
    route.match.query = query
    route.match.cookies = cookies
    route.match.contentTypes = contentTypes
    route.listeners = listeners
    route.priority = priority
    return route
}

/// Compiled routes with what the compiler had to say, asked by name.
struct RoutingFixture {
    let routes: [RouteConfig]
    let table: RoutingTable
    let diagnostics: [Diagnostic]

    init(_ routes: [RouteConfig], listeners: [String] = ["public"]) {
        self.routes = routes
        var diagnostics: [Diagnostic] = []
        self.table = RoutingTable.compile(routes, listeners: listeners, diagnostics: &diagnostics)
        self.diagnostics = diagnostics
    }

    /// The name of the route, `405 Allow` or `404`; checked against the explanation.
    func answer(_ head: RequestHead, listener: UInt16 = 0) -> String {
        var captures = PathCaptures()
        let match = self.table.match(head, listener: listener, captures: &captures)
        let explanation = self.table.explain(head, listener: listener)
        let explained = explanation.winner.map { explanation.candidates[$0] }
        switch match.outcome {
        case .route:
            #expect(explained?.route == Int(match.route))
            #expect(explained?.pattern == Int(match.pattern))
            return self.routes[Int(match.route)].name
        case .methodNotAllowed:
            #expect(explained == nil)
            var allow: [UInt8] = []
            self.table.appendAllow(match.allowed, to: &allow)
            return "405 " + String(decoding: allow, as: UTF8.self)
        case .notFound:
            #expect(explained == nil)
            return "404"
        }
    }

    func captures(_ head: RequestHead) -> [String] {
        var captures = PathCaptures()
        _ = self.table.match(head, listener: 0, captures: &captures)
        return (0..<captures.count).map { head.headers.text(captures[$0]) }
    }
}
