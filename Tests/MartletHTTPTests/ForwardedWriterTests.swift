import MartletHTTP
import Testing

@Suite struct ForwardedWriterTests {
    struct Case: Sendable {
        var client: ForwardedWriter.Client
        var xForwarded = true
        var rfc7239 = false
        var peer = "203.0.113.9"
        var isSecure = false
        var authority = "api.example.com:8080"
        var lines: [String] = []
        var source = ClientAddressSource.either
        var expected: [String]
    }

    static let reported = [
        "x-forwarded-proto: http", "x-forwarded-host: api.example.com:8080",
        "x-forwarded-port: 8080",
    ]

    static let cases: [Case] = [
        Case(client: .append, expected: ["x-forwarded-for: 203.0.113.9"] + reported),
        Case(
            client: .append, lines: ["x-forwarded-for: 6.6.6.6", "x-real-ip: 6.6.6.6"],
            expected: ["x-forwarded-for: 203.0.113.9"] + reported),
        Case(
            client: .append, peer: "10.0.0.1",
            lines: ["x-forwarded-for: 6.6.6.6, 1.1.1.1", "x-forwarded-for: 10.0.0.2"],
            expected: ["x-forwarded-for: 1.1.1.1, 10.0.0.2, 10.0.0.1"] + reported),
        Case(
            client: .append, peer: "10.0.0.1", lines: ["x-forwarded-for: 1.1.1.1, unknown"],
            expected: ["x-forwarded-for: 10.0.0.1"] + reported),
        Case(
            client: .append, peer: "10.0.0.1", lines: ["forwarded: for=1.1.1.1"],
            expected: ["x-forwarded-for: 1.1.1.1, 10.0.0.1"] + reported),
        Case(
            client: .append, peer: "10.0.0.1",
            lines: [
                "x-forwarded-for: 1.1.1.1", "x-forwarded-proto: https", "x-forwarded-prefix: /p",
            ],
            expected: [
                "x-forwarded-proto: https", "x-forwarded-prefix: /p",
                "x-forwarded-for: 1.1.1.1, 10.0.0.1", "x-forwarded-host: api.example.com:8080",
            ]),
        Case(
            client: .replace, peer: "10.0.0.1",
            lines: [
                "x-forwarded-for: 6.6.6.6, 1.1.1.1", "x-real-ip: 1.1.1.1", "x-forwarded-server: s",
                "x-forwarded-port: 443",
            ],
            expected: [
                "x-forwarded-port: 443", "x-forwarded-for: 1.1.1.1", "x-forwarded-proto: http",
                "x-forwarded-host: api.example.com:8080",
            ]),
        Case(client: .mask, expected: ["x-forwarded-for: 203.0.113.0"] + reported),
        Case(
            client: .mask, peer: "2001:db8:1:2::3", authority: "",
            expected: [
                "x-forwarded-for: 2001:db8:1::", "x-forwarded-proto: http",
                "x-forwarded-port: 8080",
            ]),
        Case(
            client: .off, rfc7239: true, peer: "10.0.0.1",
            lines: ["x-forwarded-for: 1.1.1.1", "forwarded: for=1.1.1.1", "x-real-ip: 1.1.1.1"],
            expected: []),
        Case(
            client: .append, xForwarded: false, peer: "10.0.0.1",
            lines: ["x-forwarded-for: 1.1.1.1"], expected: []),
        Case(
            client: .append, xForwarded: false, rfc7239: true,
            expected: ["forwarded: for=203.0.113.9;host=\"api.example.com:8080\";proto=http"]),
        Case(
            client: .append, xForwarded: false, rfc7239: true, peer: "2001:db8::1", isSecure: true,
            authority: "api.example.com",
            expected: ["forwarded: for=\"[2001:db8::1]\";host=api.example.com;proto=https"]),
        Case(
            client: .append, xForwarded: false, rfc7239: true, peer: "10.0.0.1", authority: "",
            lines: ["forwarded: for=6.6.6.6, for=1.1.1.1;proto=https", "x-forwarded-proto: https"],
            expected: ["forwarded: for=1.1.1.1;proto=https, for=10.0.0.1;proto=http"]),
        Case(
            client: .append, xForwarded: false, rfc7239: true, peer: "10.0.0.1", authority: "a\"b",
            lines: ["x-forwarded-for: 2001:db8::5", "forwarded: for=6.6.6.6"],
            expected: ["forwarded: for=\"[2001:db8::5]\", for=10.0.0.1;proto=http"]),
        Case(
            client: .mask, rfc7239: true, peer: "10.0.0.1", authority: "h",
            lines: ["x-forwarded-for: 1.2.3.4", "x-forwarded-proto: HTTPS"],
            expected: [
                "x-forwarded-proto: HTTPS", "forwarded: for=1.2.3.0;host=h;proto=https",
                "x-forwarded-for: 1.2.3.0", "x-forwarded-host: h",
            ]),
        Case(
            client: .append, rfc7239: true, peer: "10.0.0.1", authority: "h",
            lines: ["x-real-ip: 1.1.1.1", "x-forwarded-for: 6.6.6.6", "x-forwarded-host: h"],
            source: .field(Array("x-real-ip".utf8)),
            expected: [
                "x-real-ip: 1.1.1.1", "x-forwarded-host: h",
                "forwarded: for=1.1.1.1, for=10.0.0.1;host=h;proto=http",
                "x-forwarded-for: 1.1.1.1, 10.0.0.1", "x-forwarded-proto: http",
            ]),
        Case(
            client: .append, lines: ["forwarded: for=6.6.6.6"],
            expected: ["x-forwarded-for: 203.0.113.9"] + reported),
    ]

    @Test(arguments: cases)
    func writes(_ test: Case) throws {
        var headers = HeaderLines.list(test.lines)
        let authority = headers.appendBytes(Array(test.authority.utf8))
        let peer = try ForwardedHeadersTests.address(test.peer)
        let origin = ForwardedHeaders.receive(
            &headers, peer: peer, trusted: ForwardedHeadersTests.trusted, source: test.source)
        let writer = ForwardedWriter(
            client: test.client, xForwarded: test.xForwarded, rfc7239: test.rfc7239)
        writer.apply(
            to: &headers,
            hop: ForwardedHop(
                peer: peer, origin: origin, isSecure: test.isSecure, authority: authority,
                port: 8080))
        let lines = HeaderLines.text(headers)
        #expect(lines == test.expected)
    }
}
