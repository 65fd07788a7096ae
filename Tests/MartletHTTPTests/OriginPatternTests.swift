import MartletHTTP
import Testing

@Suite struct OriginPatternTests {
    private static func matches(_ pattern: String, _ origin: String) throws -> Bool {
        try OriginPattern(parsing: pattern).matches(Array(origin.utf8).span)
    }

    @Test(arguments: [
        ("https://app.example.com", "https://app.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://*.example.com", "https://a.example.com"),
        ("https://*.example.com", "https://a.b-c.example.com"),
        ("https://*.example.com:8443", "https://a.example.com:8443"),
        ("app+x://host", "app+x://host"),
    ])
    func fits(pattern: String, origin: String) throws {
        #expect(try Self.matches(pattern, origin))
    }

    @Test(arguments: [
        ("https://app.example.com", "https://app.example.com.evil.test"),
        ("https://app.example.com", "https://app.example.com:8443"),
        ("https://app.example.com", "https://App.example.com"),
        ("https://app.example.com", "http://app.example.com"),
        ("https://app.example.com", "https://app.example.co"),
        ("https://app.example.com", ""), ("https://app.example.com", "null"),
        ("https://*.example.com", "https://example.com"),
        ("https://*.example.com", "https://.example.com"),
        ("https://*.example.com", "https://a..example.com"),
        ("https://*.example.com", "https://evilexample.com"),
        ("https://*.example.com", "https://evil.test/.example.com"),
        ("https://*.example.com", "https://evil.test#.example.com"),
        ("https://*.example.com", "https://evil.test?.example.com"),
        ("https://*.example.com", "https://user@a.example.com"),
        ("https://*.example.com", "https://a:1.example.com"),
        ("https://*.example.com", "https://a%2e.example.com"),
        ("https://*.example.com", "https://a.example.com:443"),
        ("https://*.example.com", "https://a.example.com.evil.test"),
        ("https://*.example.com", "https://a\u{0}.example.com"),
        ("https://*.example.com", "https://A.example.com"),
        ("https://*.example.com:8443", "https://a.example.com"),
    ])
    func doesNotFit(pattern: String, origin: String) throws {
        #expect(try !Self.matches(pattern, origin))
    }

    @Test(
        arguments: [
            ("null", .null), ("", .noScheme), ("example.com", .noScheme), ("://a", .noScheme),
            ("1http://a", .noScheme), ("https://", .noHost), ("https://:8443", .noHost),
            ("https://A.example.com", .upperCase), ("HTTPS://a", .upperCase),
            ("https://a/", .hasPath), ("https://a?b", .hasPath), ("https://a#b", .hasPath),
            ("https://u@a", .hasPath), ("https://a:443", .defaultPort),
            ("http://a:80", .defaultPort), ("https://a:", .malformedPort),
            ("https://a:0", .malformedPort), ("https://a:65536", .malformedPort),
            ("https://a:x", .malformedPort), ("https://*", .wildcard), ("https://*.com", .wildcard),
            ("https://*example.com", .wildcard), ("https://a.*.example.com", .wildcard),
            ("https://*.*.example.com", .wildcard), ("https://a..b", .malformedHost),
            ("https://a b", .malformedHost), ("https://[::1", .malformedHost),
            ("https://[1.2.3.4]", .malformedHost), ("https://ä.example", .malformedHost),
        ] as [(String, OriginPattern.Problem)])
    func problems(text: String, problem: OriginPattern.Problem) {
        #expect(throws: problem) { try OriginPattern(parsing: text) }
    }
}
