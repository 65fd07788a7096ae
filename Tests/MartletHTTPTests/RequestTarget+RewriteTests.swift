import MartletHTTP
import Testing

@Suite struct RequestTargetRewriteTests {
    @Test(
        arguments: [
            ("/a", [], [], "/a"), ("/a//b/./c/../d", [], [], "/a/b/d"),
            ("/%61%c3%a9", [], [], "/a%C3%A9"),
            ("/a%2fb", [], .encodedSlash, "/a%2Fb"), ("/a%2fb", .encodedSlash, [], "/a%2Fb"),
            ("/a%2fb", [], [], nil), ("/a%2fb", .encodedBackslash, .doubleEncoding, nil),
            ("/a%252e", [], [], nil), ("/a%", [], [], nil), ("/a?b", [], [], nil),
            ("/a b", [], [], nil),
            ("/a\r\n", [], [], nil), ("/..", [], [], nil), ("/a/..%2f", .encodedSlash, [], nil),
        ] as [(String, PathTraits, PathTraits, String?)])
    func replaces(path: String, traits: PathTraits, allowed: PathTraits, after: String?) {
        let head = RequestHead()
        head.path = head.headers.appendBytes("/old")
        head.pathTraits = traits
        let range = head.headers.appendBytes(Array(path.utf8))
        let error = RequestTarget.replacePath(range, allowing: allowed, head: head)
        #expect((error == nil) == (after != nil))
        let text = head.headers.text(head.path)
        #expect(text == after ?? "/old")
        #expect(head.pathTraits.isSuperset(of: traits))
        #expect(traits.union(allowed).isSuperset(of: head.pathTraits))
    }
}
