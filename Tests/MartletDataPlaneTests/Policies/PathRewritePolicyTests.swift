import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct PathRewritePolicyTests {
    struct Case: Sendable {
        var rewrite = RewriteConfig()
        var path: String
        var captures: [String]
        var prefixEnd: Int
        var after: String?

        init(
            _ path: String, _ after: String?, captures: [String] = [], prefixEnd: Int = 0,
            _ rewrite: (inout RewriteConfig) -> Void
        ) {
            (self.path, self.after) = (path, after)
            (self.captures, self.prefixEnd) = (captures, prefixEnd)
            rewrite(&self.rewrite)
        }
    }

    static func prefix(_ path: String, _ prefixEnd: Int, _ prefix: String, _ after: String) -> Case
    {
        Case(path, after, prefixEnd: prefixEnd) { $0.prefix = prefix }
    }

    static let cases: [Case] = [
        Case("/v1/orders/7", "/orders/7", captures: ["7"]) { $0.path = "/orders/{a}" },
        Case("/v1/a/b", "/orders/a/b", captures: ["a/b"]) { $0.path = "/orders/{a}" },
        Case("/v1/", "/orders/", captures: [""]) { $0.path = "/orders/{a}" },
        Case("/v1/", "/orders/x", captures: [""]) { $0.path = "/orders/{a}/x" },
        Case("/a/b", "/b/a", captures: ["a", "b"]) { $0.path = "/{b}/{a}" },
        Case("/a", "/a%20b", captures: []) { $0.path = "/a b" },
        Case("/a", "/%C3%A9", captures: []) { $0.path = "/é" },
        Case("/a", "/a", captures: []) { $0.path = "/%61" },
        Case("/a", "/a%2Fb", captures: []) { $0.path = "/a%2fb" },
        Case("/.hidden", "/x..hidden", captures: [".hidden"]) { $0.path = "/x.{a}" },
        // Joined pieces that would mean more than either.
        Case("/x%25", nil, captures: ["x%25"]) { $0.path = "/{a}2e2e" },
        Case("/;x", nil, captures: [";x"]) { $0.path = "/{a}" },
        Case("/..;x", nil, captures: ["..;x"]) { $0.path = "/{a}" },
        Case("/a b", nil, captures: ["a b"]) { $0.addPrefix = "/x" },
        Case("*", "*", captures: []) { $0.path = "/a" },
        // The table of the Gateway API's ReplacePrefixMatch.
        prefix("/foo/bar", 4, "/xyz", "/xyz/bar"), prefix("/foo/bar", 4, "/xyz/", "/xyz/bar"),
        prefix("/foo/bar", 5, "/xyz", "/xyz/bar"), prefix("/foo/bar", 5, "/xyz/", "/xyz/bar"),
        prefix("/foo", 4, "/xyz", "/xyz"), prefix("/foo/", 4, "/xyz", "/xyz/"),
        prefix("/foo/bar", 4, "", "/bar"), prefix("/foo/", 4, "", "/"), prefix("/foo", 4, "", "/"),
        prefix("/foo/", 4, "/", "/"), prefix("/foo", 4, "/", "/"),
        prefix("/foo/bar", 0, "/xyz", "/xyz/foo/bar"),
        prefix("/foo/bar", 1, "/xyz", "/xyz/foo/bar"),
        prefix("/foo", 99, "/xyz", "/xyz"), prefix("/foo", -1, "/xyz", "/xyz/foo"),
        Case("/v1/a", "/a") { $0.stripPrefix = "/v1" },
        Case("/v1/a", "/a") { $0.stripPrefix = "/v1/" },
        Case("/v1", "/") { $0.stripPrefix = "/v1" },
        Case("/v1/", "/") { $0.stripPrefix = "/v1" },
        Case("/v10/a", "/v10/a") { $0.stripPrefix = "/v1" },
        Case("/a", "/a") { $0.stripPrefix = "/" },
        Case("/a", "/api/a") { $0.addPrefix = "/api" },
        Case("/a", "/api/a") { $0.addPrefix = "/api/" },
        Case("/", "/api/") { $0.addPrefix = "/api" },
        Case("/v1/a", "/v2/a") {
            $0.stripPrefix = "/v1"
            $0.addPrefix = "/v2"
        },
        Case("/acme/a", "/tenants/acme/a", captures: ["acme"]) {
            $0.stripPrefix = "/acme"
            $0.addPrefix = "/tenants/{a}"
        },
    ]

    @Test(arguments: cases)
    func rewrites(_ test: Case) throws {
        let (head, captures) = EditedRequest.make(
            path: test.path, query: "q=1", captures: test.captures)
        let policy = try PathRewritePolicy(test.rewrite, captureNames: ["a", "b"])
        let error = policy.apply(to: head, captures: captures, prefixEnd: test.prefixEnd)
        #expect((error == nil) == (test.after != nil))
        let text = head.headers.text(head.path)
        #expect(text == test.after ?? test.path)
        let text2 = head.headers.text(head.query)
        #expect(text2 == "q=1")
    }

    @Test(arguments: [
        "", "a", "/a?b", "/a#b", "/../a", "/a/./b", "/a/..", "/a/.{a}/..", "/.{a}", "/a/..{a}",
        "/%2",
        "/a\\b", "/{none}", "/{", "/a\u{0}", "/%2e%2e/a",
    ])
    func refusesTemplates(text: String) {
        for config in [\RewriteConfig.path, \.addPrefix]
            as [WritableKeyPath<RewriteConfig, String?> & Sendable]
        {
            var rewrite = RewriteConfig()
            rewrite[keyPath: config] = text
            #expect(throws: InvalidPolicy.self) {
                try PathRewritePolicy(rewrite, captureNames: ["a"])
            }
        }
    }

    @Test(arguments: ["", "v1", "/{a}", "/v1?", "/%"])
    func refusesPrefixesToStrip(text: String) {
        var rewrite = RewriteConfig()
        rewrite.stripPrefix = text
        #expect(throws: InvalidPolicy.self) { try PathRewritePolicy(rewrite, captureNames: ["a"]) }
    }
}
