import Testing

@Suite struct AddressDetectorTests {
    @Test(arguments: [
        ("http://169.254.169.254/latest", "forgery-metadata"),
        ("http://localhost:80/", "forgery-local"),
        ("http://a@127.0.0.1/", "forgery-local"), ("localhost/", "forgery-local"),
        ("http://x.nip.io/", "forgery-local"), ("http://[::1]/", "forgery-local"),
        ("http://0x7f000001/", "forgery-address"), ("http://017700000001/", "forgery-address"),
        ("http://2130706433/", "forgery-address"), ("http://127.1/", "forgery-address"),
        ("http://8.8.8.8/a.txt", "include-address"), ("http://[2001:db8::1]/", "include-address"),
        ("http://2001:db8::1/", "include-address"), ("//192.0.2.1/x", "include-address"),
        ("https://evil.example/x?", "include-remote"), ("unix:/a|http://b/", "forgery-proxy"),
        ("http://metadata.google.internal/a", "forgery-metadata"),
        ("http::80//169.254.169.254/a", "forgery-metadata"),
        ("http://a.example#@b.example/", "forgery-address"),
        ("http://kubernetes.default.svc/api", "forgery-local"),
    ])
    func findsAddresses(_ text: String, _ rule: String) {
        #expect(Inspected.value(text).contains(rule), "\(Inspected.value(text))")
    }

    @Test(arguments: [
        "https://www.example.com/a?b=c", "http://10things.example/", "1.2.3.4", "a//b",
        "localhosting.example/", "mailto:a@b.c", "https://example.com:8443/x#y", "see http://a.b",
        "gs://[bucket]/[object]", "http://metadata.google.internal", "https://a.example/b#c@d",
    ])
    func letsURLsPass(_ text: String) {
        #expect(Inspected.value(text) == [])
    }

    @Test func namesThatIncludeCode() {
        #expect(Inspected.query("absolute_path=http://a.b/c").contains("include-remote"))
        #expect(Inspected.query("_CONF%5Bpath%5D=https%3A%2F%2Fa.b").contains("include-remote"))
        #expect(Inspected.query("include(x=ftp://a.b").contains("include-remote"))
        #expect(Inspected.query("path=http://a.b/c") == [])
    }

    @Test func originsAreNoTargets() {
        #expect(Inspected.header("Origin", "http://localhost:3000") == [])
        #expect(Inspected.header("Referer", "http://localhost:3000/x") == [])
    }
}
