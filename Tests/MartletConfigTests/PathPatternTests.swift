import MartletConfig
import Testing

@Suite struct PathPatternTests {
    @Test(arguments: [
        ("/", [PathPattern.Segment.literal("")]),
        ("/a", [.literal("a")]),
        ("/a/", [.literal("a"), .literal("")]),
        ("/v1/orders/{id}", [.literal("v1"), .literal("orders"), .capture(name: "id", .any)]),
        ("/{id:int}/x", [.capture(name: "id", .integer), .literal("x")]),
        ("/{id:uuid}", [.capture(name: "id", .uuid)]),
        ("/files/{rest*}", [.literal("files"), .rest(name: "rest")]),
        ("/{all*}", [.rest(name: "all")]),
        ("/a%2Fb/~x;y=1@z:w", [.literal("a%2Fb"), .literal("~x;y=1@z:w")]),
        ("/{a_1}/", [.capture(name: "a_1", .any), .literal("")]),
    ])
    func parses(text: String, segments: [PathPattern.Segment]) throws {
        #expect(try PathPattern.parse(text).segments == segments)
    }

    @Test(arguments: [
        ("", "begins with `/`"), ("v1", "begins with `/`"), ("*", "begins with `/`"),
        ("//", "`//` is never"), ("/a//b", "`//` is never"), ("/./a", "`.` is never"),
        ("/a/..", "`..` is never"), ("/a{b}", "a whole segment"), ("/{a}b", "a whole segment"),
        ("/{", "a whole segment"), ("/}", "a whole segment"), ("/{}", "a whole segment"),
        ("/{A}", "not a capture name"), ("/{1a}", "not a capture name"),
        ("/{a-b}", "not a capture name"), ("/{*}", "not a capture name"),
        ("/{:int}", "not a capture name"), ("/{a}{b}", "not a capture name"),
        ("/{a:float}", "not a type"), ("/{a:}", "not a type"), ("/{a*}/b", "nothing may follow"),
        ("/{a*}/", "nothing may follow"), ("/{a}/{a}", "twice"), ("/a?b", "no query"),
        ("/a#b", "fragment"), ("/a b", "percent-encoded"), ("/é", "percent-encoded"),
        ("/a\u{0}", "percent-encoded"), ("/a[0]", "percent-encoded"), ("/%", "two hexadecimal"),
        ("/%4", "two hexadecimal"), ("/%zz", "two hexadecimal"), ("/%41", "normalised first"),
        ("/%7e", "normalised first"), ("/%2f", "normalised first"), ("/a/*", "not a wildcard"),
    ])
    func refuses(text: String, reason: String) {
        let error = #expect(throws: PathPatternError.self) { try PathPattern.parse(text) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func boundsCapturesAndSegments() throws {
        let sixteen = (0..<16).map { "/{a\($0)}" }.joined()
        #expect(try PathPattern.parse(sixteen).captureNames.count == 16)
        #expect(throws: PathPatternError.self) { try PathPattern.parse(sixteen + "/{b}") }
        #expect(throws: PathPatternError.self) {
            try PathPattern.parse(String(repeating: "/a", count: 65))
        }
        #expect(throws: PathPatternError.self) {
            try PathPattern.parse("/" + String(repeating: "a", count: 5000))
        }
    }
}
