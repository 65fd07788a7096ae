import MartletDataPlane
import MartletTestSupport
import Testing

@Suite struct BotFilterPolicyTests {
    private func status(_ bots: String, _ fields: String, version: Int = 1) throws -> Int? {
        let simulation = try SimulatedWorker(
            """
            listeners: { public: ":0" }
            routes: [{ match: { prefix: / }, respond: 204, bots: \(bots) }]
            """)
        let client = try simulation.connectClient()
        client.peerSends("GET / HTTP/1.\(version)\r\nHost: a\r\n\(fields)\r\n")
        let received = String(decoding: client.takeReceived(), as: UTF8.self)
        return Int(received.dropFirst(9).prefix(3))
    }

    @Test(arguments: [
        ("block", "User-Agent: curl/8\r\nAccept: */*\r\n", 204),
        ("block", "User-Agent: sqlmap\r\nAccept: */*\r\n", 403), ("block", "", 403),
        ("report", "", 204), ("{ threshold: 100 }", "", 204),
        ("{ signs: library }", "User-Agent: curl/8\r\n", 403),
        ("{ signs: [no-accept] }", "User-Agent: sqlmap\r\n", 204),
        ("{ deny: [Mine/] }", "User-Agent: mine/2\r\nAccept: */*\r\n", 403),
        ("{ deny: [mine], allow: [Good] }", "User-Agent: mine good\r\n", 204),
    ])
    func decides(bots: String, fields: String, expected: Int) throws {
        #expect(try self.status(bots, fields) == expected)
    }

    @Test func browsersOfToday() throws {
        let browser = "User-Agent: Mozilla/5.0 (X11) Firefox/140\r\nAccept: */*\r\n"
        let whole = browser + "Accept-Language: en\r\nAccept-Encoding: gzip\r\n"
        #expect(try self.status("block", whole) == 204)
        #expect(try self.status("block", browser, version: 0) == 403)
    }
}
