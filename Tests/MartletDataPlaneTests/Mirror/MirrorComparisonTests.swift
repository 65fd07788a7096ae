import MartletConfig
import MartletDataPlane
import NIOCore
import Testing

@Suite struct MirrorComparisonTests {
    private func plan(_ edit: (inout MirrorConfig) -> Void = { _ in }) throws -> MirrorPlan {
        var upstream = UpstreamConfig()
        upstream.name = "next"
        var config = MirrorConfig()
        config.upstream = "next"
        edit(&config)
        return try MirrorPlan(config, route: RouteConfig(), upstreams: [upstream])
    }

    private func answer(
        _ body: String, status: UInt16 = 200, type: String? = "application/json",
        isEncoded: Bool = false
    ) -> MirrorAnswer {
        var answer = MirrorAnswer()
        answer.status = status
        answer.fields = [type]
        answer.isJSON = type == "application/json"
        answer.isEncoded = isEncoded
        answer.body = ByteBuffer(string: body)
        return answer
    }

    private func kinds(
        _ one: MirrorAnswer, _ other: MirrorAnswer, ignore: [String] = []
    ) throws -> [String]? {
        let plan = try self.plan { $0.ignore = ignore }
        return MirrorComparison.differences(plan, expected: one, found: other)?
            .map { "\($0.kind.rawValue) \($0.place)" }
    }

    @Test func findsNothingInTheSame() throws {
        #expect(try self.kinds(self.answer("{}"), self.answer(" {} ")) == [])
        #expect(try self.kinds(self.answer("a", type: nil), self.answer("a", type: nil)) == [])
    }

    @Test func findsEachKind() throws {
        let one = self.answer(#"{"a":1,"t":5}"#)
        #expect(
            try self.kinds(one, self.answer(#"{"a":"1"}"#, status: 201, type: "text/plain")) == [
                "status ", "header content-type", "type /a", "missing /t",
            ])
        #expect(try self.kinds(one, self.answer("not JSON")) == ["body "])
        #expect(
            try self.kinds(self.answer("a", type: nil), self.answer("b", type: nil)) == ["body "])
        #expect(try self.kinds(one, self.answer(#"{"a":1,"t":6}"#), ignore: ["/t"]) == [])
    }

    @Test func saysNothingOfCompressedBodies() throws {
        let (one, other) = (
            self.answer("x", isEncoded: true), self.answer("y", isEncoded: true)
        )
        #expect(try self.kinds(one, other) == nil)
        #expect(try self.kinds(one, one) == [])
        var moved = other
        moved.status = 404
        #expect(try self.kinds(one, moved) == ["status "])
    }

    @Test func refusesUpstreamsThatItCannotAsk() {
        #expect(throws: InvalidPolicy.self) { try self.plan { $0.upstream = "other" } }
        #expect(throws: InvalidPolicy.self) { try self.plan { $0.ignore = ["/a~b"] } }
    }
}
