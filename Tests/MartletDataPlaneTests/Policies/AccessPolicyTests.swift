import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// Who may do what, where requests of some callers go, and what the upstream is told.
@Suite struct AccessPolicyTests {
    private static func config(_ route: String) -> String {
        let hash = AuthenticationPolicyTests.hash
        return """
            listeners: { public: ":0" }
            upstreams: { origin: http://127.0.0.1:9001, other: http://127.0.0.1:9002 }
            authentication:
              key-secret: \(AuthenticationPolicyTests.secret)
              default: keys
              policies: { keys: { methods: [api-key], anonymous: guest } }
              identity-headers:
                x-consumer: "{consumer.name}"
                x-plan: "{consumer.metadata.plan}"
            consumers:
              acme:
                groups: [gold, partner]
                metadata: { plan: large }
                api-keys: [{ name: one, hash: "\(hash("acme"))", scopes: [read, write] }]
              hooli: { groups: [silver], api-keys: [{ hash: "\(hash("hooli"))", scopes: read }] }
              guest: {}
            routes: [{ match: { prefix: / }, upstream: origin, \(route) }]
            """
    }

    /// The status that Martlet answers with, or the request as the upstream gets it.
    private func outcome(
        _ route: String, key: String?, method: String = "GET", fields: String = ""
    ) throws -> (status: Int?, sent: String, port: Int?) {
        let simulation = try SimulatedWorker(Self.config(route))
        let client = try simulation.connectClient()
        let shown = key.map { "x-api-key: \($0)\r\n" } ?? ""
        client.peerSends("\(method) /a HTTP/1.1\r\nHost: a\r\n\(shown)\(fields)\r\n")
        let answer = String(decoding: client.takeReceived(), as: UTF8.self)
        // The head alone, which is all that HEAD is answered with.
        if let status = answer.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) {
            return (status, "", nil)
        }
        let port = simulation.connector.dials.first?.address.port
        let upstream = try simulation.connector.accept()
        return (nil, String(decoding: upstream.takeReceived(), as: UTF8.self), port)
    }

    @Test(arguments: [
        ("X-HTTP-Method-Override: DELETE", 403), ("x_http_method: delete", 403),
        ("X-HTTP-Method-Override: GET, Delete", 403),
        ("X-Method-Override: PUT", Int?.none), ("X-Other: DELETE", nil),
    ])
    func aMethodInAFieldIsOneToo(field: String, status: Int?) throws {
        let rule = "access: { methods: [DELETE], scopes: [write] }"
        let outcome = try self.outcome(
            rule, key: "hooli", method: "POST", fields: "content-length: 0\r\n\(field)\r\n")
        #expect(outcome.status == status)
    }

    @Test(
        arguments: [
            ("access: { groups: [gold] }", "acme", "GET", Int?.none),
            ("access: { groups: [gold] }", "hooli", "GET", 403),
            ("access: { groups: [gold] }", nil, "GET", 403),
            ("access: { groups: [gold], consumers: [hooli] }", "hooli", "GET", nil),
            ("access: { consumers: [hooli] }", "acme", "GET", 403),
            ("access: { deny-groups: [gold] }", "acme", "GET", 403),
            ("access: { deny-consumers: [acme] }", "hooli", "GET", nil),
            ("access: { deny-consumers: [acme], consumers: [acme] }", "acme", "GET", 403),
            ("access: { scopes: [read, write] }", "acme", "GET", nil),
            ("access: { scopes: [read, write] }", "hooli", "GET", 403),
            ("access: { methods: [POST], scopes: [write] }", "hooli", "GET", nil),
            ("access: { methods: [GET], scopes: [write] }", "hooli", "HEAD", 403),
            ("access: { methods: [HEAD], scopes: [write] }", "hooli", "GET", nil),
            ("access: { methods: [DELETE], scopes: [write] }", "hooli", "delete", 403),
            ("access: { methods: [GET], scopes: [write] }", "hooli", "head", 403),
            ("access: { methods: [POST], scopes: [write] }", "hooli", "POST", 403),
            ("access: [{ scopes: read }, { groups: gold }]", "hooli", "GET", 403),
            ("access: [{ scopes: read }, { groups: gold }]", "acme", "GET", nil),
        ] as [(String, String?, String, Int?)])
    func rules(route: String, key: String?, method: String, status: Int?) throws {
        #expect(try self.outcome(route, key: key, method: method).status == status)
    }

    @Test(arguments: [("acme", 9002), ("hooli", 9001), (nil, 9001)] as [(String?, Int)])
    func branches(key: String?, port: Int) throws {
        let route = "branches: [{ groups: [gold], upstream: other }]"
        #expect(try self.outcome(route, key: key).port == port)
    }

    @Test func theUpstreamIsToldAndNobodyElseTellsIt() throws {
        let fields =
            "X-Consumer: root\r\nx_consumer: root\r\nX_Plan: free\r\n"
            + "Connection: x-consumer, x-plan\r\n"
        let sent = try self.outcome("priority: 0", key: "acme", fields: fields).sent.lowercased()
        #expect(sent.contains("x-consumer: acme\r\n"))
        #expect(sent.contains("x-plan: large\r\n"))
        #expect(!sent.contains("root") && !sent.contains("free") && !sent.contains("x-api-key"))
        let guest = try self.outcome("priority: 0", key: nil, fields: fields).sent.lowercased()
        #expect(guest.contains("x-consumer: guest\r\n"))
        #expect(!guest.contains("x-plan") && !guest.contains("root"))
    }

    @Test func templatesMixCapturesAndCallers() throws {
        let route = #"headers: { request: { set: { x-a: "{consumer.name}:{credential.name}" } } }"#
        let sent = try self.outcome(route, key: "acme").sent
        #expect(sent.contains("x-a: acme:one\r\n"))
    }
}
