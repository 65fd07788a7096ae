import MartletConfig
import MartletDataPlane
import Testing

struct ProtectionWarningsTests {
    private func warnings(
        _ route: String, endpoint: String = "http://127.0.0.1:1"
    ) throws -> [String] {
        let document = try ConfigLoader.load(
            text: """
                listeners: { a: "127.0.0.1:1" }
                upstreams: { u: \(endpoint) }
                routes: [{ match: { path: /a }, upstream: u, \(route) }]
                """, file: "martlet.yaml", environment: [:]
        ).get()
        var diagnostics: [Diagnostic] = []
        _ = try PlanCompiler.compile(
            document, version: 1, addresses: ResolvedAddresses(), diagnostics: &diagnostics)
        return diagnostics.filter { $0.severity == .warning }.map(\.message)
    }

    @Test(
        arguments: [
            ("bots: { threshold: 5 }", false), ("bots: { threshold: 100 }", true),
            ("bots: { threshold: 2, signs: [no-accept] }", false),
            ("bots: { threshold: 3, signs: [no-accept] }", true),
            ("bots: { threshold: 7, signs: [no-accept], deny: bad }", false),
            ("inspect: { threshold: 5 }", false), ("inspect: { threshold: 1000 }", true),
        ])
    func aScoreThatNoRequestReaches(route: String, isTold: Bool) throws {
        let found = try self.warnings(route)
        #expect(found.contains { $0.contains("no request reaches a score") } == isTold, "\(route)")
    }

    @Test(
        arguments: [
            ("{ type: integer, one-of: ['1', '2'] }", false),
            ("{ type: integer, one-of: ['1', a] }", true), ("{ max-length: 2, one-of: abc }", true),
            ("{ type: integer, minimum: 5, one-of: ['1'] }", true),
            ("{ pattern: '^a', one-of: [ab, b] }", true), ("{ one-of: [a, b] }", false),
        ])
    func aValueThatItsOwnRuleRefuses(rule: String, isTold: Bool) throws {
        for place in ["headers: { x-a: \(rule) }", "query: { parameters: { a: \(rule) } }"] {
            let found = try self.warnings("validate: { \(place) }")
            #expect(found.contains { $0.contains("`one-of`") } == isTold, "\(place)")
        }
    }

    @Test func gRPCThatIsNotLookedAt() throws {
        let isTold = { (route: String, endpoint: String) in
            try self.warnings(route, endpoint: endpoint).contains {
                $0.contains("application/grpc")
            }
        }
        #expect(try isTold("inspect: block", "h2c://127.0.0.1:1"))
        #expect(try !isTold("inspect: block", "http://127.0.0.1:1"))
        #expect(try !isTold("inspect: { body: false }", "h2c://127.0.0.1:1"))
    }
}
