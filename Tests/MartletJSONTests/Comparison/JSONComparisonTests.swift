import MartletJSON
import Testing

@Suite struct JSONComparisonTests {
    private func differences(
        _ expected: String, _ found: String, ignoring: [String] = [], countMax: Int = 20
    ) throws -> [String] {
        let comparison = JSONComparison(
            ignored: ignoring.compactMap { JSONPlacePattern($0) }, differenceCountMax: countMax)
        let left = try JSONDocument(Array(expected.utf8).span)
        let right = try JSONDocument(Array(found.utf8).span)
        return comparison.differences(between: left, and: right)
            .map { "\($0.kind.rawValue) \($0.place)" }
    }

    @Test(arguments: [
        (#"{"a":1,"b":[1,2]}"#, #"{"b":[1,2.0],"a":1e0}"#, []),
        (#"{"a":1}"#, #"{}"#, ["missing /a"]), (#"{}"#, #"{"a":1}"#, ["added /a"]),
        (#"{"a":1}"#, #"{"a":"1"}"#, ["type /a"]), (#"{"a":1}"#, #"{"a":2}"#, ["value /a"]),
        (#"{"a":true}"#, #"{"a":false}"#, ["value /a"]), (#"{"a":null}"#, #"{"a":0}"#, ["type /a"]),
        (#"[1,2]"#, #"[1]"#, ["length "]), (#""\u0061""#, #""a""#, []),
        (
            #"[{"id":1,"p":3},{"id":2,"p":4}]"#, #"[{"id":1,"p":5},{"id":2,"p":6}]"#,
            ["value /*/p", "value /*/p"]
        ),
        (#"{"a/b":{"c~d":1}}"#, #"{"a/b":{"c~d":2}}"#, ["value /a~1b/c~0d"]),
        (#"12345678901234567890"#, #"12345678901234567891"#, ["value "]),
    ])
    func finds(expected: String, found: String, differences: [String]) throws {
        #expect(try self.differences(expected, found) == differences)
    }

    @Test func ignoresWhatItIsTold() throws {
        let (one, other) = (
            #"{"at":1,"items":[{"id":1,"seen":2}],"x":{"at":3}}"#,
            #"{"at":2,"items":[{"id":1,"seen":3,"new":1}],"x":{}}"#
        )
        #expect(
            try self.differences(one, other) == [
                "value /at", "value /items/*/seen", "added /items/*/new", "missing /x/at",
            ])
        #expect(try self.differences(one, other, ignoring: ["/**/at", "/items/*/*"]) == [])
        #expect(try self.differences(one, other, ignoring: ["/**"]) == [])
    }

    @Test func isBounded() throws {
        let one = "[" + (0..<100).map(String.init).joined(separator: ",") + "]"
        let other = "[" + (1..<101).map(String.init).joined(separator: ",") + "]"
        #expect(try self.differences(one, other, countMax: 7).count == 7)
    }

    @Test func showsValuesCutShort() throws {
        let left = try JSONDocument(Array(#"{"a":"xyz"}"#.utf8).span)
        let long = "{\"a\":\"" + String(repeating: "y", count: 500) + "\"}"
        let right = try JSONDocument(Array(long.utf8).span)
        let difference = try #require(
            JSONComparison().differences(between: left, and: right).first)
        #expect(difference.expected == "\"xyz\"" && difference.path == ["a"])
        #expect(difference.found.utf8.count < 100 && difference.found.hasSuffix("…"))
    }
}
