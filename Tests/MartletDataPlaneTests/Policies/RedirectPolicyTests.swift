import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct RedirectPolicyTests {
    struct Case: Sendable {
        var redirect = RedirectConfig()
        var scheme = RedirectPolicy.Scheme.http
        var authority = "api.example.com"
        var path = "/a/b"
        var query: String?
        var captures: [String] = []
        var prefixEnd = 2
        var location: String

        init(_ location: String, _ change: (inout Case) -> Void = { _ in }) {
            self.location = location
            change(&self)
        }
    }

    static let cases: [Case] = [
        Case("http://api.example.com/a/b"),
        Case("http://api.example.com:8080/a/b") { $0.authority = "api.example.com:8080" },
        Case("http://api.example.com/a/b") { $0.authority = "api.example.com:80" },
        Case("http://api.example.com/a/b") { $0.authority = "api.example.com:" },
        Case("https://api.example.com:80/a/b") {
            $0.authority = "api.example.com:80"
            $0.scheme = .https
        },
        Case("http://[::1]:8080/a/b") { $0.authority = "[::1]:8080" },
        Case("http://[::1]/a/b") { $0.authority = "[::1]" },
        // Scheme and port, as the Gateway API has them.
        Case("https://api.example.com/a/b") {
            $0.authority = "api.example.com:8080"
            $0.redirect.scheme = "https"
        },
        Case("https://api.example.com:8443/a/b") {
            $0.redirect.scheme = "https"
            $0.redirect.port = 8443
        },
        Case("https://api.example.com/a/b") {
            $0.redirect.scheme = "https"
            $0.redirect.port = 443
        },
        Case("http://api.example.com/a/b") {
            $0.authority = "api.example.com:8080"
            $0.redirect.port = 80
        },
        Case("http://api.example.com:65535/a/b") { $0.redirect.port = 65535 },
        Case("http://api.example.com:1/a/b") { $0.redirect.port = 1 },
        Case("http://api.example.com/a/b") {
            $0.scheme = .https
            $0.redirect.scheme = "http"
        },
        Case("http://example.org/a/b") { $0.redirect.host = "example.org" },
        Case("http://example.org:8080/a/b") {
            $0.redirect.host = "example.org"
            $0.authority = "api.example.com:8080"
        },
        Case("https://[2001:db8::1]/a/b") {
            $0.redirect.host = "[2001:db8::1]"
            $0.redirect.scheme = "https"
        },
        // Path and query.
        Case("http://api.example.com/a/b?q=1&r=%20{|}") { $0.query = "q=1&r=%20{|}" },
        Case("http://api.example.com/a/b?") { $0.query = "" },
        Case("http://api.example.com/a/b") {
            $0.query = "q=1"
            $0.redirect.dropQuery = true
        },
        Case("http://api.example.com/x/b") {
            $0.redirect.path = "/x/{id}"
            $0.captures = ["b"]
        },
        Case("http://api.example.com/x/") {
            $0.redirect.path = "/x//{id}/"
            $0.captures = [""]
        },
        Case("http://api.example.com/evil.example/") {
            $0.path = "/evil.example/"
            $0.redirect.path = "/{id}/"
            $0.captures = ["/evil.example/"]
        },
        Case("http://api.example.com/new/b") { $0.redirect.prefix = "/new" },
        Case("http://api.example.com/new/b") { $0.redirect.prefix = "/new/" },
        Case("http://api.example.com/b") { $0.redirect.prefix = "" },
        Case("http://api.example.com/new") {
            $0.path = "/a"
            $0.redirect.prefix = "/new"
        },
        Case("http://api.example.com/new") {
            $0.prefixEnd = 100
            $0.redirect.prefix = "/new"
        },
        Case("http://api.example.com/") { $0.path = "*" },
        Case("/a/b") { $0.authority = "" },
        Case("/b") {
            $0.authority = ""
            $0.redirect.prefix = "/"
        },
        Case("http://api.example.com/ab?cd") {
            $0.path = "/a\r\nb"
            $0.query = "c\r\n d"
        },
    ]

    @Test(arguments: cases)
    func locates(_ test: Case) throws {
        let (head, captures) = EditedRequest.make(
            path: test.path, query: test.query, authority: test.authority, captures: test.captures)
        let policy = try RedirectPolicy(test.redirect, captureNames: ["id"])
        var output = Array("location: ".utf8)
        policy.location(
            head: head, captures: captures, prefixEnd: test.prefixEnd, scheme: test.scheme,
            into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "location: " + test.location)
        #expect(policy.status == 302)
    }

    @Test func refusesNonsense() {
        let changes: [(inout RedirectConfig) -> Void] = [
            { $0.status = 200 }, { $0.status = 304 }, { $0.scheme = "ftp" }, { $0.scheme = "HTTP" },
            { $0.port = 0 }, { $0.port = 65536 }, { $0.port = -1 }, { $0.host = "a b" },
            { $0.host = "a/b" }, { $0.host = "a:80" }, { $0.host = "a\r\nb" }, { $0.host = "u@a" },
            { $0.path = "x" }, { $0.path = "/?x" }, { $0.path = "/{none}" }, { $0.prefix = "x" },
        ]
        for change in changes {
            var config = RedirectConfig()
            change(&config)
            #expect(throws: InvalidPolicy.self) { try RedirectPolicy(config, captureNames: []) }
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func keepsTheStatus(status: Int) throws {
        var config = RedirectConfig()
        config.status = status
        #expect(try RedirectPolicy(config, captureNames: []).status == status)
    }
}
