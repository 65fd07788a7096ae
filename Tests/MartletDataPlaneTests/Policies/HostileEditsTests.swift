import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

/// Random queries and cookies: nothing traps, and what is removed or set cannot be told otherwise.
@Suite struct HostileEditsTests {
    static let pieces = [
        "a", "b", "=", "&", ";", "%", "%61", "%6", "+", " ", "\"", "\\", ",", "é", "%26", "%3D",
        "\t",
    ]

    static func text(_ state: inout UInt64) -> String {
        var text = ""
        for _ in 0..<12 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += Self.pieces[Int(truncatingIfNeeded: state >> 33) % Self.pieces.count]
        }
        return text
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func queriesKeepNothingRemoved(seed: UInt64) throws {
        var state = seed
        var config = QueryEditConfig()
        config.remove = ["a"]
        config.set = EditedRequest.pairs(["b": "set"])
        let policy = try QueryEditPolicy(config, captureNames: [])
        for _ in 0..<500 {
            let query = Self.text(&state)
            let (head, captures) = EditedRequest.make(query: query)
            policy.apply(to: head, captures: captures)
            let names = head.headers.text(head.query).split(separator: "&").map { parameter in
                parameter.prefix { $0 != "=" }.replacing("%61", with: "a")
            }
            #expect(!names.contains("a"), "\(query)")
            #expect(names.filter { $0 == "b" }.count == 1, "\(query)")
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func cookiesKeepNothingRemoved(seed: UInt64) throws {
        var state = seed
        var config = CookieEditConfig()
        config.remove = ["a"]
        config.set = EditedRequest.pairs(["b": "set"])
        let policy = try CookieEditPolicy(config, captureNames: [])
        for _ in 0..<500 {
            let cookies = ["cookie: \(Self.text(&state))", "cookie: \(Self.text(&state))"]
            let (head, captures) = EditedRequest.make(headers: cookies)
            policy.apply(to: head, captures: captures)
            let lines = EditedRequest.lines(head.headers)
            #expect(lines.count == 1)
            #expect(lines[0].hasSuffix("b=set"))
            let names = lines[0].dropFirst("cookie: ".count).split(separator: ";")
                .filter { $0.contains("=") }
                .map { pair in pair.prefix { $0 != "=" }.trimmingPrefix { $0 == " " || $0 == "\t" }
                }
            #expect(!names.contains("a"), "\(cookies)")
            #expect(names.filter { $0 == "b" }.count == 1, "\(cookies)")
        }
    }
}
