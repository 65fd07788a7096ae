import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct QueryEditPolicyTests {
    struct Case: Sendable {
        var edit = QueryEditConfig()
        var before: String?
        var after: String?

        init(
            _ before: String?, _ after: String?, _ edit: (inout QueryEditConfig) -> Void = { _ in }
        ) {
            (self.before, self.after) = (before, after)
            edit(&self.edit)
        }
    }

    static let cases: [Case] = [
        Case(nil, nil), Case("", ""), Case("a=1&&b", "a=1&&b"), Case("&", "&"),
        Case("a=1&b=2&a=3&aa=4", "b=2&aa=4") { $0.remove = ["a"] },
        Case("a=1", nil) { $0.remove = ["a"] },
        Case("b=1&", "b=1&") { $0.remove = ["a"] },
        Case(nil, nil) { $0.remove = ["a"] },
        Case("%61pi%5Fkey=1&api+key=2&API_KEY=3&api_key", "api+key=2&API_KEY=3") {
            $0.remove = ["api_key"]
        },
        Case("a+b=1&a%20b=2&a%2Bb=3", "a%2Bb=3") { $0.remove = ["a b"] },
        Case("a%=1&a%2=2&a%zz=3&a%00=4", "a%2=2&a%zz=3&a%00=4") { $0.remove = ["a%"] },
        Case("=1&a=2", "=1") { $0.remove = ["a"] },
        Case("a=1=2&c", "b=1=2&c") { $0.rename = EditedRequest.pairs(["a": "b"]) },
        Case("a&b=forged&%62=forged", "b") { $0.rename = EditedRequest.pairs(["a": "b"]) },
        Case("b=kept", "b=kept") { $0.rename = EditedRequest.pairs(["a": "b"]) },
        Case("a=1", "b%20%26=1") { $0.rename = EditedRequest.pairs(["a": "b &"]) },
        Case("a=1&b=2", "b=1&a=2") { $0.rename = EditedRequest.pairs(["a": "b", "b": "a"]) },
        Case("v=1&v=2&v=%31&w=1", "v=one&v=2&v=one&w=1") {
            $0.map = [
                ValueMapConfig(name: "v", values: EditedRequest.pairs(["1": "one", "one": "x"]))
            ]
        },
        Case("v", "v=none") {
            $0.map = [ValueMapConfig(name: "v", values: EditedRequest.pairs(["": "none"]))]
        },
        Case("a=1&version=9&version=8", "a=1&version=2") {
            $0.set = EditedRequest.pairs(["version": "2"])
        },
        Case(nil, "version=2") { $0.set = EditedRequest.pairs(["version": "2"]) },
        Case("", "q=a%26b%3D%C3%A9") { $0.set = EditedRequest.pairs(["q": "a&b=é"]) },
        Case("a=1", "a=1&a=x%26y%3B&a=") { $0.add = EditedRequest.pairs(["a": "{id}", "a": ""]) },
        Case("a=1&b=2&c=3", "d=y&e=set&e=more") {
            $0.remove = ["b", "c"]
            $0.rename = EditedRequest.pairs(["a": "d"])
            $0.map = [ValueMapConfig(name: "d", values: EditedRequest.pairs(["1": "y"]))]
            $0.set = EditedRequest.pairs(["e": "set"])
            $0.add = EditedRequest.pairs(["e": "more"])
        },
        Case("a=1", "b=set") {
            $0.rename = EditedRequest.pairs(["a": "b"])
            $0.set = EditedRequest.pairs(["b": "set"])
        },
    ]

    @Test(arguments: cases)
    func edits(_ test: Case) throws {
        let (head, captures) = EditedRequest.make(
            path: "/x&y;", query: test.before, headers: ["a: 1"], captures: ["x&y;"])
        let policy = try QueryEditPolicy(test.edit, captureNames: ["id"])
        policy.apply(to: head, captures: captures)
        #expect(head.hasQuery == (test.after != nil))
        let text = head.headers.text(head.query)
        #expect(text == test.after ?? "")
        let text2 = head.headers.text(head.path)
        #expect(text2 == "/x&y;")
        let lines = EditedRequest.lines(head.headers)
        #expect(lines == ["a: 1"])
    }

    @Test func refusesWhatItCannotDo() {
        var config = QueryEditConfig()
        config.rename = (0...64).map { HeaderValueConfig(name: "a\($0)", value: "b\($0)") }
        #expect(throws: InvalidPolicy.self) { try QueryEditPolicy(config, captureNames: []) }
        config.rename = EditedRequest.pairs(["a": ""])
        #expect(throws: InvalidPolicy.self) { try QueryEditPolicy(config, captureNames: []) }
        config = QueryEditConfig()
        config.set = EditedRequest.pairs(["": "1"])
        #expect(throws: InvalidPolicy.self) { try QueryEditPolicy(config, captureNames: []) }
    }

    @Test func sixtyFourRenamesWork() throws {
        var config = QueryEditConfig()
        config.rename = (0..<64).map { HeaderValueConfig(name: "a\($0)", value: "b\($0)") }
        let (head, captures) = EditedRequest.make(query: "a63=1&b63=forged&a0=2&b1=kept")
        try QueryEditPolicy(config, captureNames: []).apply(to: head, captures: captures)
        let text = head.headers.text(head.query)
        #expect(text == "b63=1&b0=2&b1=kept")
    }
}
