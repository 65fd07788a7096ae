import MartletConfig
import Testing

/// Which policy holds for a route that names none.
@Suite struct ListenerAuthenticationTests {
    private static func load(
        default standard: String?, public outer: String?, internal inner: String?, route: String
    ) -> ConfigLoadResult {
        let key = { (value: String?) in value.map { ", authentication: \($0)" } ?? "" }
        return ConfigLoader.load(
            text: """
                listeners:
                  public: { address: ":8080"\(key(outer)) }
                  internal: { address: "127.0.0.1:8081"\(key(inner)) }
                  redirecting: { address: ":80", https-redirect: true }
                upstreams: { u: "http://127.0.0.1:9001" }
                authentication:
                  policies: { partners: [basic], staff: [{ basic: { forward: true } }] }
                \(standard.map { "  default: \($0)" } ?? "")
                consumers: { a: { passwords: { user: a, hash: $2b$10$a } } }
                routes: [{ upstream: u\(route) }]

                """, file: "martlet.yaml", environment: [:])
    }

    @Test(
        arguments: [
            (nil, nil, "staff", ", listeners: internal", "staff"),
            ("partners", nil, "staff", ", listeners: internal", "staff"),
            ("partners", nil, "staff", ", listeners: public", "partners"),
            ("partners", nil, "staff", ", listeners: [internal, redirecting]", "staff"),
            ("partners", nil, "partners", "", "partners"),
            ("partners", "staff", "staff", "", "staff"),
            ("partners", "none", "staff", ", listeners: public", nil),
            ("partners", nil, "none", ", listeners: internal, authentication: staff", "staff"),
            ("partners", nil, "staff", ", authentication: none", nil),
            ("partners", nil, nil, "", "partners"),
            (nil, nil, nil, "", nil),
        ] as [(String?, String?, String?, String, String?)])
    func decides(
        standard: String?, outer: String?, inner: String?, route: String, expected: String?
    ) throws {
        let document = try Self.load(
            default: standard, public: outer, internal: inner, route: route
        ).get()
        #expect(document.policy(of: document.routes[0])?.name == expected)
    }

    @Test(
        arguments: [
            ("partners", nil, "staff", ""), (nil, nil, "staff", ""), (nil, nil, "none", ""),
            ("partners", "none", nil, ", listeners: [public, internal]"),
        ] as [(String?, String?, String?, String)])
    func aRouteHasOnePolicy(
        standard: String?, outer: String?, inner: String?, route: String
    ) {
        let result = Self.load(default: standard, public: outer, internal: inner, route: route)
        #expect(result.document == nil)
        #expect(result.errors.map(\.path) == ["routes[0]"])
        #expect(result.errors.allSatisfy { $0.message.contains("a route has one policy") })
    }

    /// What is written on the listener is no slip.
    @Test func openListenersAreMeant() {
        let warned = Self.load(default: nil, public: nil, internal: nil, route: "").diagnostics
        #expect(warned.map(\.message) == ["this route is open to everybody"])
        let meant = Self.load(default: nil, public: "none", internal: "none", route: "").diagnostics
        #expect(meant.map(\.message) == [])
    }
}
