import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

/// Random routes and requests: the tree must answer as the patterns do when read one by one.
@Suite struct RoutingOracleTests {
    struct Random {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            self.state ^= self.state &<< 13
            self.state ^= self.state &>> 7
            self.state ^= self.state &<< 17
            return Int(self.state % UInt64(bound))
        }

        mutating func pick<Element>(_ elements: [Element]) -> Element {
            elements[self.below(elements.count)]
        }
    }

    static let uuid = "0f0e0d0c-0b0a-4908-8706-050403020100"
    static let segments = ["a", "b", "7", uuid, "a;x", "c"]

    private static func pattern(_ random: inout Random) -> String {
        var text = ""
        let count = random.below(4)
        for index in 0..<count {
            text +=
                "/"
                + random.pick(
                    ["a", "b", "7", uuid, "{c\(index)}", "{c\(index):int}", "{c\(index):uuid}"])
        }
        switch random.below(5) {
        case 0: return text.isEmpty ? "/ prefix" : text + " prefix"
        case 1: return text + "/{rest*}"
        case 2: return text + "/"
        default: return text.isEmpty ? "/" : text
        }
    }

    private static func route(_ index: Int, _ random: inout Random) -> RouteConfig {
        let hosts = ["a.b.c", "b.c", "*.b.c", "*.c", "*.a.b.c"]
        return makeRoute(
            "r\(index)", hosts: random.below(2) == 0 ? [] : [random.pick(hosts)],
            random.below(12) == 0 ? [] : (0...random.below(2)).map { _ in pattern(&random) },
            methods: random.pick([[], [], ["GET"], ["POST", "PURGE"], ["HEAD"]]),
            headers: random.below(3) == 0
                ? [
                    FieldMatchConfig(
                        name: "x", test: random.pick([.equals("1"), .isPresent, .isAbsent]))
                ]
                : [],
            query: random.below(4) == 0 ? [FieldMatchConfig(name: "q", test: .hasPrefix("1"))] : [],
            listeners: random.below(5) == 0 ? ["two"] : [],
            priority: random.pick([0, 0, 0, 1, -1]))
    }

    @Test(arguments: 1...60)
    func agreesWithTheExplanation(seed: UInt64) {
        var random = Random(state: seed &* 0x9e37_79b9_7f4a_7c15)
        let routes = (0..<(1 + random.below(40))).map { Self.route($0, &random) }
        let fixture = RoutingFixture(routes, listeners: ["one", "two"])
        var answers: Set<String> = []
        for _ in 0..<120 {
            var path = ""
            for _ in 0..<random.below(5) { path += "/" + random.pick(Self.segments) }
            if path.isEmpty || random.below(6) == 0 { path += "/" }
            if random.below(3) == 0 { path += "?q=" + random.pick(["1", "12", "2"]) }
            let head = makeHead(
                random.pick(["GET", "HEAD", "POST", "PURGE", "BREW"]), path,
                host: random.pick(["a.b.c", "b.c", "x.b.c", "x.a.b.c", "d", "c"]),
                headers: random.below(2) == 0 ? [("X", random.pick(["1", "2"]))] : [])
            // `answer` records an issue where match and explanation differ.
            answers.insert(fixture.answer(head, listener: UInt16(random.below(2))))
        }
        #expect(!answers.isEmpty)
    }

    /// Routes without those that only the order in the file keeps apart from another.
    private static func untied(_ routes: [RouteConfig]) -> [RouteConfig] {
        var routes = routes
        while true {
            let ties = RoutingFixture(routes, listeners: ["one", "two"]).diagnostics.filter {
                $0.message.contains("overlaps") || $0.message.contains("same conditions")
                    || $0.message.contains("first in the file")
            }
            guard let path = ties.first?.path else { return routes }
            guard let index = routes.indices.first(where: { path == "routes[\($0)].match" })
            else { return routes }
            routes.remove(at: index)
        }
    }

    @Test(arguments: 1...20)
    func theOrderInTheFileOnlyBreaksTies(seed: UInt64) {
        var random = Random(state: seed &* 0xd134_2543_de82_ef95)
        let routes = Self.untied((0..<25).map { Self.route($0, &random) })
        #expect(routes.count > 5)
        let fixture = RoutingFixture(routes, listeners: ["one", "two"])
        let reversed = RoutingFixture(routes.reversed(), listeners: ["one", "two"])
        for _ in 0..<60 {
            var path = ""
            for _ in 0..<random.below(4) { path += "/" + random.pick(Self.segments) }
            if path.isEmpty { path = "/" }
            let host = random.pick(["a.b.c", "d"])
            let head = makeHead(random.pick(["GET", "HEAD", "POST"]), path, host: host)
            #expect(fixture.answer(head) == reversed.answer(head), "\(path)")
        }
    }
}
