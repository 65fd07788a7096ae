import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct HeaderEditPolicyTests {
    struct Case: Sendable {
        var name: String
        var edit = HeaderEditConfig()
        var before: [String]
        var after: [String]

        init(
            _ name: String, _ before: [String], _ after: [String],
            _ edit: (inout HeaderEditConfig) -> Void
        ) {
            self.name = name
            (self.before, self.after) = (before, after)
            edit(&self.edit)
        }
    }

    static let cases: [Case] = [
        Case("nothing", ["a: 1", "A: 2"], ["a: 1", "A: 2"]) { _ in },
        Case("remove", ["a: 1", "X-B: 2", "x_b: 3", "Server: s", "x-bc: 4"], ["a: 1", "x-bc: 4"]) {
            $0.remove = ["x-b", "SERVER"]
        },
        Case("remove a known name in every spelling", ["x-request-id: 1", "X_Request-Id: 2"], []) {
            $0.remove = ["x-request-id"]
        },
        Case(
            "remove by prefix", ["x-internal-a: 1", "X_INTERNAL_B: 2", "x-internal: 3"],
            ["x-internal: 3"]
        ) {
            $0.remove = ["x-internal-*"]
        },
        Case("rename", ["X-Old: 1", "b: 2", "x-old: 3"], ["x-new: 1", "b: 2", "x-new: 3"]) {
            $0.rename = EditedRequest.pairs(["x-old": "x-new"])
        },
        Case(
            "rename overwrites what could be taken for it",
            ["x-new: forged", "x_new: f", "x-old: 1"], ["x-new: 1"]
        ) {
            $0.rename = EditedRequest.pairs(["x-old": "x-new"])
        },
        Case("rename of nothing", ["x-new: kept"], ["x-new: kept"]) {
            $0.rename = EditedRequest.pairs(["x-old": "x-new"])
        },
        Case(
            "map", ["X-Plan: free", "x-plan: gold", "x-plan: FREE", "other: free"],
            ["x-plan: basic", "x-plan: gold", "x-plan: FREE", "other: free"]
        ) {
            $0.map = [
                ValueMapConfig(name: "x-plan", values: EditedRequest.pairs(["free": "basic"]))
            ]
        },
        Case("map is not applied twice", ["m: a"], ["m: b"]) {
            $0.map = [ValueMapConfig(name: "m", values: EditedRequest.pairs(["a": "b", "b": "c"]))]
        },
        Case(
            "set", ["x-tenant: forged", "X_Tenant: forged", "X-TENANT: forged", "a: 1"],
            ["a: 1", "x-tenant: acme"]
        ) {
            $0.set = EditedRequest.pairs(["x-tenant": "acme"])
        },
        Case("set to nothing", ["a: 1"], ["a: "]) { $0.set = EditedRequest.pairs(["a": ""]) },
        Case("set from a capture", ["x-id: forged"], ["x-id: order-7"]) {
            $0.set = EditedRequest.pairs(["x-id": "order-{id}"])
        },
        Case("add", ["a: 1"], ["a: 1", "a: 2", "a: 7"]) {
            $0.add = EditedRequest.pairs(["a": "2", "a": "{id}"])
        },
        Case("order", ["a: 1", "b: 2"], ["d: y", "c: set", "c: more"]) {
            $0.remove = ["b"]
            $0.rename = EditedRequest.pairs(["a": "d"])
            $0.map = [ValueMapConfig(name: "d", values: EditedRequest.pairs(["1": "y"]))]
            $0.set = EditedRequest.pairs(["c": "set"])
            $0.add = EditedRequest.pairs(["c": "more"])
        },
    ]

    @Test(arguments: cases)
    func editsRequests(_ test: Case) throws {
        let (head, captures) = EditedRequest.make(
            path: "/orders/7", headers: test.before, captures: ["7"])
        let policy = try HeaderEditPolicy(test.edit, captureNames: ["id"])
        policy.apply(to: head, captures: captures)
        let lines = EditedRequest.lines(head.headers)
        #expect(lines == test.after, "\(test.name)")
    }

    @Test(arguments: cases)
    func editsResponses(_ test: Case) throws {
        let (head, captures) = EditedRequest.make(
            path: "/orders/7", headers: ["own: 1"], captures: ["7"])
        var headers = EditedRequest.list(test.before)
        let policy = try HeaderEditPolicy(test.edit, captureNames: ["id"])
        policy.apply(toResponse: &headers, captures: captures, head: head)
        let lines = EditedRequest.lines(headers)
        #expect(lines == test.after, "\(test.name)")
        let lines2 = EditedRequest.lines(head.headers)
        #expect(lines2 == ["own: 1"])
    }

    @Test(arguments: [
        "", "a b", "a:b", "é", "content-length", "Transfer-Encoding", "connection", "Host", "te",
        "upgrade", "keep-alive", "trailer", "proxy-connection", "http2-settings", "a\r\nb",
    ])
    func refusesNames(name: String) {
        var configs = Array(repeating: HeaderEditConfig(), count: 6)
        configs[0].remove = [name]
        configs[1].set = [HeaderValueConfig(name: name, value: "")]
        configs[2].add = [HeaderValueConfig(name: name, value: "")]
        configs[3].rename = [HeaderValueConfig(name: name, value: "x-new")]
        configs[4].rename = [HeaderValueConfig(name: "x-old", value: name)]
        configs[5].map = [ValueMapConfig(name: name, values: [])]
        for config in configs {
            #expect(throws: InvalidPolicy.self) { try HeaderEditPolicy(config, captureNames: []) }
        }
    }

    @Test func refusesOtherNonsense() {
        var config = HeaderEditConfig()
        config.rename = EditedRequest.pairs(["x-a": "X_A"])
        #expect(throws: InvalidPolicy.self) { try HeaderEditPolicy(config, captureNames: []) }
        config = HeaderEditConfig()
        config.remove = ["*"]
        #expect(throws: InvalidPolicy.self) { try HeaderEditPolicy(config, captureNames: []) }
        config = HeaderEditConfig()
        config.set = EditedRequest.pairs(["a": "b\r\nc: d"])
        #expect(throws: InvalidPolicy.self) { try HeaderEditPolicy(config, captureNames: []) }
        config.set = EditedRequest.pairs(["a": "{nothing}"])
        #expect(throws: InvalidPolicy.self) { try HeaderEditPolicy(config, captureNames: ["id"]) }
    }
}
