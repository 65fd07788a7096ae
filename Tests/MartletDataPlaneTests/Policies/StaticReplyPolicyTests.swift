import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct StaticReplyPolicyTests {
    static func config(
        _ status: Int, _ headers: KeyValuePairs<String, String> = [:], _ body: String = ""
    ) -> StaticReplyConfig {
        var config = StaticReplyConfig()
        config.status = status
        config.headers = EditedRequest.pairs(headers)
        config.body = body
        return config
    }

    static let cases: [(StaticReplyConfig, String)] = [
        (config(204), ""),
        (config(200, [:], "hello"), "content-type: text/plain; charset=utf-8\r\n"),
        (config(200, ["Content-Type": "text/html"], "<p>"), "Content-Type: text/html\r\n"),
        (
            config(503, ["retry-after": "60", "a": "", "A": "2"]),
            "retry-after: 60\r\na: \r\nA: 2\r\n"
        ),
        (config(410, ["link": "</x/{id}>", "b": "{{1}}"]), "link: </x/7>\r\nb: {1}\r\n"),
    ]

    @Test(arguments: cases)
    func renders(config: StaticReplyConfig, lines: String) throws {
        let (head, captures) = EditedRequest.make(path: "/7", captures: ["7"])
        let policy = try StaticReplyPolicy(config, captureNames: ["id"])
        var headers = HeaderList()
        policy.addHeaders(to: &headers, captures: captures, head: head)
        #expect(headers.bytes.span.text == lines)
        #expect(policy.status == config.status)
        #expect(String(decoding: policy.body, as: UTF8.self) == config.body)
    }

    @Test(arguments: [
        config(199), config(600), config(0), config(204, [:], "x"), config(304, [:], "x"),
        config(200, ["content-length": "3"]), config(200, ["a b": "1"]), config(200, ["a": "\r\n"]),
        config(200, ["a": "{none}"]),
    ])
    func refuses(config: StaticReplyConfig) {
        #expect(throws: InvalidPolicy.self) { try StaticReplyPolicy(config, captureNames: ["id"]) }
    }
}
