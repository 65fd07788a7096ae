import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct CookieEditPolicyTests {
    struct Case: Sendable {
        var edit = CookieEditConfig()
        var before: [String]
        var after: [String]

        init(
            _ before: [String], _ after: [String],
            _ edit: (inout CookieEditConfig) -> Void = { _ in }
        ) {
            (self.before, self.after) = (before, after)
            edit(&self.edit)
        }
    }

    static let cases: [Case] = [
        Case([], []), Case(["cookie: a=1;b=2"], ["cookie: a=1;b=2"]),
        Case(["cookie: a=1;b=2"], ["cookie: a=1;b=2"]) { $0.remove = ["c", "A"] },
        Case(["cookie: a=1; b=2; a=3"], ["cookie: b=2"]) { $0.remove = ["a"] },
        Case(["x: 1", "cookie: a=1", "y: 2"], ["x: 1", "y: 2"]) { $0.remove = ["a"] },
        Case(["cookie: a=1; b=2", "cookie: c=3; a=4"], ["cookie: b=2; c=3"]) { $0.remove = ["a"] },
        Case(["cookie: a = 1;\t a\t=2; aa=3;;  ;=4;a"], ["cookie: aa=3; =4; a"]) {
            $0.remove = ["a"]
        },
        Case(["cookie: b=\"x; a=1\""], ["cookie: b=\"x"]) { $0.remove = ["a"] },
        Case(["cookie: a=1=2; c=3"], ["cookie: b=1=2; c=3"]) {
            $0.rename = EditedRequest.pairs(["a": "b"])
        },
        Case(["cookie: b=forged; a=1"], ["cookie: b=1"]) {
            $0.rename = EditedRequest.pairs(["a": "b"])
        },
        Case(["cookie: b=kept"], ["cookie: b=kept"]) {
            $0.rename = EditedRequest.pairs(["a": "b"])
        },
        Case([], ["cookie: tenant=acme"]) { $0.set = EditedRequest.pairs(["tenant": "acme"]) },
        Case(["cookie: a=1; tenant=forged"], ["cookie: a=1; tenant=x%3By"]) {
            $0.set = EditedRequest.pairs(["tenant": "{id}"])
        },
        Case(["cookie: a=1; b=2; c=3"], ["cookie: c=3; d=set"]) {
            $0.remove = ["b"]
            $0.rename = EditedRequest.pairs(["a": "d"])
            $0.set = EditedRequest.pairs(["d": "set"])
        },
    ]

    @Test(arguments: cases)
    func edits(_ test: Case) throws {
        let (head, captures) = EditedRequest.make(
            path: "/x;y", headers: test.before, captures: ["x;y"])
        try CookieEditPolicy(test.edit, captureNames: ["id"]).apply(to: head, captures: captures)
        let lines = EditedRequest.lines(head.headers)
        #expect(lines == test.after)
    }

    @Test(arguments: [
        ("", "1"), ("a b", "1"), ("a;b", "1"), ("a=b", "1"), ("a", "x;y"), ("a", "x y"),
        ("a", "x\r\ny"),
        ("a", "\"x\""), ("a", "{other}"),
    ])
    func refuses(name: String, value: String) {
        var config = CookieEditConfig()
        config.set = [HeaderValueConfig(name: name, value: value)]
        #expect(throws: InvalidPolicy.self) { try CookieEditPolicy(config, captureNames: ["id"]) }
    }

    @Test func refusesTooManyRenames() {
        var config = CookieEditConfig()
        config.rename = (0...64).map { HeaderValueConfig(name: "a\($0)", value: "b\($0)") }
        #expect(throws: InvalidPolicy.self) { try CookieEditPolicy(config, captureNames: []) }
    }
}
