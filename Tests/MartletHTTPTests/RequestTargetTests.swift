import MartletHTTP
import Testing

@Suite struct RequestTargetTests {
    @Test(
        arguments: [
            ("/", "/", nil), ("/a/b", "/a/b", nil), ("/a?", "/a", ""), ("/a?b=c", "/a", "b=c"),
            ("/?a/../b//c", "/", "a/../b//c"), ("/a?b?c", "/a", "b?c"),
            ("/a?%00%2F", "/a", "%00%2F"),
            ("/a?x={b}|[c]^`", "/a", "x={b}|[c]^`"), ("/%41?%41", "/A", "%41"),
            ("/a;x=1,2/b:c@d!$&'()*+=~", "/a;x=1,2/b:c@d!$&'()*+=~", nil),
            ("http://example.com", "/", nil), ("http://example.com/", "/", nil),
            ("http://example.com?q", "/", "q"), ("HTTP://EXAMPLE.com/a?q", "/a", "q"),
            ("https://example.com:443/a", "/a", nil), ("http://example.com:80/./a", "/a", nil),
        ] as [(String, String, String?)])
    func accepts(target: String, path: String, query: String?) {
        let fixture = TargetFixture(target)
        #expect(fixture.error == nil)
        #expect(fixture.path == path)
        #expect(fixture.query == query)
        #expect(fixture.host == "example.com")
    }

    @Test(
        arguments: [
            ("", .empty), ("a", .authorityWithoutConnect), ("a/b", .unknownForm),
            ("example.com:80", .authorityWithoutConnect), ("a:b@c", .userinfo),
            ("?q", .unknownForm),
            ("\\a", .unknownForm), (" /a", .unknownForm), ("**", .unknownForm),
            ("*", .asteriskWithoutOptions), ("ftp://example.com/", .unsupportedScheme),
            ("http:/example.com/", .unknownForm), ("://example.com/", .unsupportedScheme),
            ("http:///a", .invalidAuthority), ("http://", .invalidAuthority),
            ("http://user@example.com/", .userinfo), ("http://a:b@example.com/", .userinfo),
            ("http://other.com/", .hostMismatch), ("http://example.com:81/", .hostMismatch),
            ("http://example.com:443/", .hostMismatch), ("http://example.com./", .hostMismatch),
            ("http://example.com\\@other.com/", .userinfo),
            ("http://example.com#a", .fragment), ("http://example.com /", .invalidAuthority),
            ("/a#b", .fragment), ("/a?b#c", .fragment), ("/a b", .invalidByte),
            ("/a\\b", .invalidByte),
            ("/a?b\\c", .invalidByte), ("/a?b c", .invalidByte), ("/a?\"", .invalidByte),
            ("/a?<", .invalidByte), ("/a\"", .invalidByte), ("/<a>", .invalidByte),
            ("/{a}", .invalidByte), ("/a|b", .invalidByte), ("/a^b", .invalidByte),
            ("/a`b", .invalidByte), ("/\u{0}", .invalidByte), ("/\u{7f}", .invalidByte),
            ("/\u{e9}", .invalidByte), ("/a?\u{e9}", .invalidByte), ("/a\u{9}", .invalidByte),
            ("/a?%", .invalidPercentEncoding), ("/a?%2", .invalidPercentEncoding),
            ("/a?%zz", .invalidPercentEncoding), ("/%", .invalidPercentEncoding),
            ("/%2", .invalidPercentEncoding), ("/%zz", .invalidPercentEncoding),
            ("/%u002f", .invalidPercentEncoding), ("/a%2?b", .invalidPercentEncoding),
            ("/%%32%66", .invalidPercentEncoding), ("/..", .aboveRoot), ("/a/../..", .aboveRoot),
            ("/%2e%2e/", .aboveRoot), ("/.%2E/a", .aboveRoot), ("//..", .aboveRoot),
            ("/a/..;/b", .dotSegmentWithParameters), ("/a/.;x/b", .dotSegmentWithParameters),
            ("/a/..%3bx", .dotSegmentWithParameters), ("/;/a", .emptySegmentWithParameters),
            ("/a/;x", .emptySegmentWithParameters), ("/%3Bx/a", .emptySegmentWithParameters),
            ("/a/..%2fb", .dotSegmentBehindEncodedSlash),
            ("/a/b%5c..", .dotSegmentBehindEncodedSlash),
            ("/a/b%2F.%2Fc", .dotSegmentBehindEncodedSlash),
            ("/a/b%2f..;x", .dotSegmentBehindEncodedSlash),
        ] as [(String, RequestTargetError)])
    func refuses(target: String, error: RequestTargetError) {
        #expect(TargetFixture(target).error == error)
    }

    @Test func asteriskIsForOptions() {
        let fixture = TargetFixture("*", method: "OPTIONS")
        #expect(fixture.error == nil)
        #expect(fixture.path == "*")
        let absolute = TargetFixture("http://example.com", method: "OPTIONS")
        #expect(absolute.path == "*")
        #expect(TargetFixture("http://example.com/", method: "OPTIONS").path == "/")
        #expect(TargetFixture("http://example.com?a", method: "OPTIONS").path == "/")
    }

    @Test(
        arguments: [
            ("example.com:443", "example.com:443", nil),
            ("example.com", "example.com", .connectWithoutAuthority),
            ("/", "example.com", .connectWithoutAuthority), ("[::1]:1", "[::1]:1", nil),
            ("example.com:443", "example.com:444", .hostMismatch),
            ("*", "a", .connectWithoutAuthority),
            ("a@b:1", "b:1", .userinfo), ("http://a/", "a", .connectWithoutAuthority),
        ] as [(String, String, RequestTargetError?)])
    func connect(target: String, host: String, error: RequestTargetError?) {
        let fixture = TargetFixture(target, method: "CONNECT", hosts: [host])
        #expect(fixture.error == error)
        if error == nil {
            #expect(fixture.path == "/")
            #expect(fixture.authority == target)
        }
    }

    @Test(arguments: [
        ("example.com", "example.com", "example.com"),
        ("EXAMPLE.com:80", "example.com:80", "example.com"),
        ("example.com.", "example.com.", "example.com"),
        ("a_b-c.d:65535", "a_b-c.d:65535", "a_b-c.d"),
        ("[2001:DB8::1]:8080", "[2001:db8::1]:8080", "[2001:db8::1]"),
        ("127.0.0.1:0", "127.0.0.1:0", "127.0.0.1"),
    ])
    func acceptsHost(field: String, authority: String, host: String) {
        let fixture = TargetFixture("/", hosts: [field])
        #expect(fixture.error == nil)
        #expect(fixture.authority == authority)
        #expect(fixture.host == host)
        let kept = fixture.head.headers.first(.host).map { fixture.head.headers.text($0) }
        #expect(kept == field)
    }

    @Test(
        arguments: [
            ([], .missingHost), ([""], .invalidHost), (["a", "a"], .repeatedHost),
            (["a", "b"], .repeatedHost), (["a@b"], .userinfo), (["a,b"], .invalidHost),
        ] as [([String], RequestTargetError)])
    func refusesHosts(hosts: [String], error: RequestTargetError) {
        #expect(TargetFixture("/", hosts: hosts).error == error)
        #expect(TargetFixture("http://a/", hosts: hosts).error == error)
    }

    @Test func oldVersionMayLackHost() {
        let origin = TargetFixture("/a", hosts: [], minorVersion: 0)
        #expect(origin.error == nil)
        #expect(origin.host == "")
        let absolute = TargetFixture("http://A.example:81/a", hosts: [], minorVersion: 0)
        #expect(absolute.error == nil)
        #expect(absolute.authority == "a.example:81")
        #expect(absolute.host == "a.example")
        #expect(TargetFixture("/", hosts: ["a", "a"], minorVersion: 0).error == .repeatedHost)
        #expect(TargetFixture("/", hosts: [""], minorVersion: 0).error == .invalidHost)
    }

    @Test func removedHostFieldsDoNotCount() {
        let head = RequestHead()
        let target = head.headers.appendBytes("/")
        for value in ["a", "b"] {
            head.headers.add(.host, value: Array(value.utf8).span)
        }
        head.headers.markRemoved(at: 0)
        #expect(RequestTarget.resolve(target, head: head) == nil)
        let text = head.headers.text(head.host)
        #expect(text == "b")
    }

    @Test func everyErrorHasADetail() {
        let details = Set(RequestTargetError.allCases.map(\.detail.description))
        #expect(details.count == RequestTargetError.allCases.count)
        #expect(details.allSatisfy { $0.hasSuffix(".") })
    }

    @Test func nothingIsCopiedForANormalPath() {
        let fixture = TargetFixture("/v1/orders/7;x=1/a.b?q=%20")
        #expect(fixture.head.path.start == 0)
        #expect(fixture.head.host.end <= fixture.head.headers.bytes.count - 2)
    }
}
