import MartletHTTP
import Testing

@Suite struct AuthorityTests {
    @Test(
        arguments: [
            ("a", 1, nil), ("a.b.c", 5, nil), ("a.", 1, nil), ("a.:1", 1, 1), ("a:65535", 1, 65535),
            ("a:00080", 1, 80), ("[::]", 4, nil), ("[::1]:443", 5, 443), ("1.2.3.4", 7, nil),
            ("[1:2:3:4:5:6:7:8]", 17, nil), ("[::ffff:1.2.3.4]", 16, nil), ("[1::]", 5, nil),
            ("[1:2:3:4:5:6:1.2.3.4]", 21, nil), ("xn--bcher-kva.example", 21, nil),
        ] as [(String, Int, UInt16?)])
    func accepts(text: String, hostCount: Int, port: UInt16?) {
        guard case .authority(let authority) = Authority.parse(Array(text.utf8).span) else {
            Issue.record("\(text) was refused")
            return
        }
        #expect(authority.hostCount == hostCount)
        #expect(authority.port == port)
    }

    @Test(arguments: [
        "", ":", ":80", "a:", "a:b", "a:65536", "a:123456", "a:-1", "a:+1", "a:1 ", "a b", " a",
        "a,b", "a/b", "a?b", "a#b", "a\\b", "%61", "a..b", ".a", ".", "..", "a..", "a\u{0}",
        "\u{e9}",
        "~", "a!b", "[", "[]", "[:]", "[::1", "::1", "[::1]a", "[::1]:", "[:::]", "[1:2]",
        "[::1::]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:8::]", "[12345::]", "[g::]",
        "[::1%25eth0]", "[::256.1.1.1]", "[::1.2.3]", "[::1.2.3.4.5]", "[::1.2.3.04]",
        "[::1.2.3.4:5]",
        "[1:]", "[:1]", "[1:2:3:4:5:6:7:1.2.3.4]", "[v1.a]", "a]", "a[b]", "a:1:2", "[::1]]",
        "[::1.]", "[::.1]", "[1.2.3.4]",
    ])
    func refuses(text: String) {
        #expect(Authority.parse(Array(text.utf8).span) == .invalid)
    }

    @Test(arguments: ["@", "a@b", "a:b@c", "a@[::1]", "@a", "a@"])
    func tellsUserinfo(text: String) {
        #expect(Authority.parse(Array(text.utf8).span) == .userinfo)
    }

    @Test func boundsTheLength() {
        let label = String(repeating: "a", count: 49) + "."
        let long = String(repeating: label, count: 5)
        #expect(Authority.parse(Array((long + "abcd").utf8).span) != .invalid)
        #expect(Authority.parse(Array((long + "abcde").utf8).span) == .invalid)
    }
}
