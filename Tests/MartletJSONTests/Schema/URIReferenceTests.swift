import MartletJSON
import Testing

@Suite struct URIReferenceTests {
    /// RFC 3986 §5.4, with the base of that section.
    static let cases: [(String, String)] = [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"), ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"), (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"), ("./g/.", "http://a/b/c/g/"),
        ("g/../h", "http://a/b/c/h"), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/./x", "http://a/b/c/g?y/./x"), ("urn:a:b#c", "urn:a:b#c"),
    ]

    @Test(arguments: cases)
    func resolution(reference: String, expected: String) {
        let base = URIReference("http://a/b/c/d;p?q")
        #expect(URIReference(reference).resolved(against: base).description == expected)
    }

    @Test func fragmentsAreDecodedOrRefused() {
        #expect(URIReference("#a%22b").decodedFragment == "a\"b")
        #expect(URIReference("a").decodedFragment == "")
        for broken in ["#%", "#%4", "#%zz", "#%ff"] {
            #expect(URIReference(broken).decodedFragment == nil, "\(broken)")
        }
    }

    @Test func aURNHasNoSegments() {
        let base = URIReference("urn:uuid:dead.beef")
        #expect(URIReference("#x").resolved(against: base).description == "urn:uuid:dead.beef#x")
    }
}
