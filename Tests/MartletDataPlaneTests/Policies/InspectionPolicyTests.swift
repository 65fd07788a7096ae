import MartletConfig
import MartletDataPlane
import MartletTestSupport
import Testing

@Suite struct InspectionPolicyTests {
    private func status(_ inspection: String, _ requests: String...) throws -> [Int?] {
        let simulation = try SimulatedWorker(
            """
            listeners: { public: ":0" }
            routes: [{ match: { prefix: / }, respond: 204, inspect: \(inspection) }]
            """)
        return try requests.map { request in
            let client = try simulation.connectClient()
            client.peerSends(request)
            let received = String(decoding: client.takeReceived(), as: UTF8.self)
            return Int(received.dropFirst(9).prefix(3))
        }
    }

    private func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n" }

    private static let attack = "/a?q=1'%20UNION%20SELECT%20a,b%20FROM%20users--"

    @Test func oneInspectorServesRequestAfterRequest() throws {
        let found = try self.status(
            "block", self.get("/a?q=b"), self.get(Self.attack), self.get("/a?q=b"))
        #expect(found == [204, 403, 204])
    }

    @Test func theThresholdDecides() throws {
        #expect(try self.status("{ threshold: 1000 }", self.get(Self.attack)) == [204])
        #expect(try self.status("report", self.get(Self.attack)) == [204])
    }

    @Test(arguments: [("2999-01-01", 204), ("2020-01-01", 403)])
    func exceptionsEndByThemselves(until: String, expected: Int) throws {
        let rules = "[sql-union, sql-quote-end, sql-select, sql-comment, sql-statement]"
        let found = try self.status(
            "{ exceptions: [{ parameter: q, rules: \(rules), until: \(until), reason: a test }] }",
            self.get(Self.attack))
        #expect(found == [expected])
    }

    @Test func anUnknownRuleIsAnError() throws {
        var config = InspectionConfig()
        var exception = InspectionExceptionConfig()
        exception.rules = ["sql-nothing"]
        config.exceptions = [exception]
        #expect(throws: InvalidPolicy.self) {
            try InspectionPolicy(config, bodyBytesMax: 1000)
        }
    }

    /// The names that the configuration knows are those of the filter.
    @Test func namesAreTheFilters() throws {
        #expect(Finding.kinds.count == Set(Finding.kinds).count)
        #expect(Finding.names.count == Set(Finding.names).count)
        #expect(Finding.names.count < 255)
        for sign in BotFilterConfig.signNames { #expect(Finding.names.contains(sign)) }
    }
}
