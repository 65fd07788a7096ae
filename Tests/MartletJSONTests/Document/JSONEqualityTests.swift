import MartletJSON
import Testing

@Suite struct JSONEqualityTests {
    static func isEqual(_ left: String, _ right: String) throws -> Bool {
        var equality = JSONEquality()
        let (left, right) = (try JSONDocument(twins: left), try JSONDocument(twins: right))
        return equality.isEqual(left, 0, right, 0)
    }

    @Test func agreesWithEqualityOfTheHashedTables() throws {
        for texts in JSONHashTests.equal + JSONHashTests.different {
            let areEqual = JSONHashTests.equal.contains(texts)
            for (index, left) in texts.enumerated() {
                for right in texts[(index + 1)...] {
                    #expect(try Self.isEqual(left, right) == areEqual, "\(left) \(right)")
                }
            }
        }
    }

    static let pairs: [(String, String, Bool)] = [
        (#"{"a":1,"b":2}"#, #"{"a":1}"#, false), (#"{"a":1}"#, #"{"b":1}"#, false),
        ("[1,2]", "[1]", false), ("[]", "{}", false), ("\"a\"", "\"b\"", false),
        // Twins count each.
        (#"{"a":1,"a":2}"#, #"{"a":1,"a":2}"#, true), (#"{"a":1,"a":1}"#, #"{"a":1,"b":1}"#, false),
        (#"{"a":1,"a":2}"#, #"{"a":2,"a":1}"#, false),
        (#"{"a":1,"b":2,"a":3}"#, #"{"b":2,"a":1,"a":3}"#, true),
    ]

    @Test(arguments: pairs)
    func compares(left: String, right: String, expected: Bool) throws {
        #expect(try Self.isEqual(left, right) == expected)
        #expect(try Self.isEqual(right, left) == expected)
    }

    /// Objects on both sides of where the way to compare them changes.
    @Test(arguments: [1, 15, 16, 17, 18, 40, 500])
    func orderOfKeysDoesNotMatter(count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count))
        let members = (0..<count).map { "\"key \($0)\":\($0 % 3)" }
        let whole = "{" + members.joined(separator: ",") + "}"
        #expect(
            try Self.isEqual(
                whole, "{" + members.shuffled(using: &random).joined(separator: ",") + "}"))
        var others = members
        others[random.below(count)] = "\"key\":0"
        #expect(try !Self.isEqual(whole, "{" + others.joined(separator: ",") + "}"))
    }

    @Test func endsWhenItsStepsAreUsedUp() throws {
        let text = "[" + Array(repeating: "1", count: 1000).joined(separator: ",") + "]"
        let document = try JSONDocument(text)
        var equality = JSONEquality(steps: 100)
        let isDecided = equality.isEqual(document, 0, document, 0)
        #expect(!isDecided)
        #expect(equality.steps < 0)
        equality.steps = 10_000
        let areEqual = equality.isEqual(document, 0, document, 0)
        #expect(areEqual)
    }
}
