import MartletJSON
import Testing

@Suite struct JSONPlacePatternTests {
    @Test(arguments: [
        ("/a", ["a"], true), ("/a", ["b"], false), ("/a", ["a", "b"], false), ("/a", [], false),
        ("/items/*/id", ["items", "3", "id"], true), ("/items/*/id", ["items", "id"], false),
        ("/**/at", ["at"], true), ("/**/at", ["a", "b", "at"], true),
        ("/**/at", ["a", "at", "b"], false), ("/a/**", ["a"], true), ("/a/**", ["a", "b"], true),
        ("/a/**", ["b"], false), ("/**/a/**/b", ["x", "a", "y", "z", "b"], true),
        ("/a~1b/c~0d", ["a/b", "c~d"], true), ("/", [""], true), ("/*", ["*"], true),
    ])
    func matches(pattern: String, path: [String], isMatch: Bool) throws {
        #expect(try #require(JSONPlacePattern(pattern)).matches(path) == isMatch)
    }

    @Test(arguments: ["", "a", "a/b", "/a~", "/a~2", "*"])
    func refuses(pattern: String) {
        #expect(JSONPlacePattern(pattern) == nil)
    }

    /// Many wildcards against a long path take a moment, not years.
    @Test func staysQuick() throws {
        let pattern = try #require(JSONPlacePattern(String(repeating: "/**/a", count: 40)))
        #expect(!pattern.matches(Array(repeating: "a", count: 1000) + ["b"]))
    }
}
