import MartletJSON
import Testing

@Suite struct RegularExpressionTests {
    /// Whether a pattern matches, by its table and by its program, which must agree.
    static func matches(_ pattern: String, _ text: [UInt8]) throws -> Bool {
        var matcher = RegularExpressionMatcher()
        let expression = try RegularExpression(pattern)
        let result = expression.matches(text.span, using: &matcher)
        var limits = RegularExpression.Limits()
        limits.tableBytesMax = 0
        limits.slowProgramCountMax = .max
        let slow = try RegularExpression(pattern, limits: limits)
        #expect(!slow.hasTable)
        #expect(slow.matches(text.span, using: &matcher) == result, "\(pattern) \(text)")
        return result
    }

    static let matches: [(pattern: String, yes: [String], no: [String])] = [
        ("", ["", "a"], []), ("a", ["a", "bab"], ["", "b"]), ("^a", ["ab"], ["ba"]),
        ("a$", ["ba"], ["ab", "a\n"]), ("^$", [""], ["a", "\n"]), ("^a*$", ["", "aaa"], ["ab"]),
        ("a|b", ["xa", "xb"], ["c"]), ("^(?:a|b|)$", ["a", "b", ""], ["ab"]),
        ("^(ab)+$", ["ab", "abab"], ["", "aba"]),
        ("^(?<year>\\d{4})$", ["2024"], ["202", "20245"]),
        ("^a?$", ["", "a"], ["aa"]), ("^a+?b*?$", ["a", "aabb"], ["b"]),
        ("^a{2}$", ["aa"], ["a", "aaa"]), ("^a{2,}$", ["aa", "aaaa"], ["a"]),
        ("^a{1,3}$", ["a", "aaa"], ["", "aaaa"]), ("^a{0}$", [""], ["a"]),
        ("^(a{0,2}b){2}$", ["bb", "aabab"], ["b", "aaabb"]), ("^(?:){1000}x$", ["x"], ["xx"]),
        ("^(a*)*$", ["", "aaa"], ["b"]), ("^(a*)+b$", ["b", "aab"], ["a"]), ("(|a)+", [""], []),
        (".", ["a", "ä", "😀", "\u{85}"], ["", "\n", "\r", "\u{2028}", "\u{2029}"]),
        ("^.$", ["😀"], ["ab"]), ("[abc]", ["xb"], ["d"]), ("[^abc]", ["d"], ["abc", ""]),
        ("^[a-cx-z]+$", ["abcxyz"], ["d"]), ("[]", [], ["", "a"]), ("[^]", ["a", "\n"], [""]),
        ("^[a-]+$", ["a-"], ["b"]), ("^[-a]+$", ["a-"], ["b"]), ("^[\\-a\\]]+$", ["a-]"], ["\\"]),
        ("^[a\\-c]+$", ["a-c"], ["b"]), ("^[\\w.-]+$", ["a.b-c_9"], ["a b"]),
        ("[\\b]", ["\u{8}"], ["b"]),
        ("^[ä-ü😀]$", ["ö", "😀"], ["a", "😁"]),
        ("^\\d\\D\\w\\W\\s\\S$", ["1a_- x", "9\u{7c0}a \u{a0}x"], ["11_- x"]),
        ("^\\t\\n\\v\\f\\r\\0$", ["\t\n\u{b}\u{c}\r\0"], ["tnvfr0"]),
        ("^\\cJ\\cj$", ["\n\n"], ["JJ"]),
        ("^\\x41\\u0042\\u{43}\\u{1F600}\\ud83d\\ude00$", ["ABC😀😀"], ["ABC😀"]),
        ("^\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\^\\$\\/\\\\$", [".*+?()[]{}|^$/\\"], ["a"]),
        ("^\\-\\_\\@\\!$", ["-_@!"], ["-"]),
        ("\\bfoo\\b", ["foo", "a foo.", "foo"], ["food", "afoo", "foo_"]),
        ("\\Bfoo", ["afoo"], ["foo", " foo"]), ("^\\b$", [], [""]), ("^\\B$", [""], []),
        ("\\b", ["a"], ["", "-"]),
        ("a\\b", ["ä a", "aä"], ["ab"]), ("^\\p{L}+$", ["aÄж漢"], ["a1", "_"]),
        ("^\\p{Lu}\\p{Ll}$", ["Äö"], ["äö"]),
        ("^\\P{L}$", ["1", "-"], ["a"]), ("^[\\p{Nd}\\p{Letter}]+$", ["a৪"], ["-"]),
        ("^[^\\p{L}]+$", ["12"], ["1a"]),
        ("^\\p{General_Category=Decimal_Number}\\p{gc=Lt}$", ["1ǅ"], ["1a"]),
        ("^\\p{Alphabetic}\\p{Any}\\p{ASCII}$", ["ä漢a"], ["ä漢ä"]),
        ("^\\p{LC}\\p{C}$", ["a\u{378}"], ["ab"]),
        ("^[\\ud800-\\udfff]$", [], ["a", "😀"]),
        ("^\\s+$", [" \t\n\u{b}\u{c}\r\u{a0}\u{feff}\u{2028}\u{3000}"], ["\u{85}", "\u{200b}"]),
        ("^(?:a(?:b(?:c|d)|e)|f)$", ["abc", "abd", "ae", "f"], ["ab", "a", "abcd"]),
        ("x^", [], ["x", ""]), ("$x", [], ["x"]), ("^^a$$", ["a"], ["aa"]),
        ("(^a|b)c", ["ac", "xbc"], ["xac"]),
        (
            "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
            ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567e89b12d3a456426614174000"]
        ),
    ]

    @Test(arguments: matches)
    func matchesAndDoesNot(pattern: String, yes: [String], no: [String]) throws {
        for text in yes {
            #expect(try Self.matches(pattern, Array(text.utf8)), "\(pattern) on \(text)")
        }
        for text in no {
            #expect(try !Self.matches(pattern, Array(text.utf8)), "\(pattern) on \(text)")
        }
    }

    static let noUTF8: [(String, [UInt8], Bool)] = [
        (".", [0xff], false), ("[^a]", [0x80, 0xc3], false), ("a", [0xff, 0x61], true),
        ("^.a", [0xff, 0x61], false), ("a.b", [0x61, 0xe2, 0x82, 0x62], false),
        ("\\W", [0xc0, 0xaf], false),
        ("a\\b", [0x61, 0xff], true), ("", [0xff], true), ("ä", [0xff, 0xc3, 0xa4], true),
        ("[\\ud800-\\udfff]", [0xed, 0xa0, 0x80], false),
    ]

    @Test(arguments: noUTF8)
    func bytesThatAreNoTextAreMatchedByNothing(
        pattern: String, text: [UInt8], expected: Bool
    ) throws {
        #expect(try Self.matches(pattern, text) == expected)
    }

    // MARK: - Linear time

    /// Patterns that make a backtracking engine take longer than there is time.
    static let hostile: [(String, [UInt8])] = [
        ("^(a+)+$", Array(repeating: 0x61, count: 100_000) + [0x21]),
        ("^(a|a)*$", Array(repeating: 0x61, count: 100_000) + [0x21]),
        ("^(a|aa)+$", Array(repeating: 0x61, count: 100_000) + [0x21]),
        ("(x+x+)+y", Array(repeating: 0x78, count: 100_000)),
        ("^(.*,){12}P", Array(repeating: 0x2c, count: 100_000)),
        (
            "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@)$",
            Array(repeating: 0x61, count: 100_000)
        ),
        ("\\s+$", Array(repeating: 0x20, count: 100_000) + [0x61]),
    ]

    @Test(arguments: hostile)
    func hostileTextsTakeLinearTime(pattern: String, text: [UInt8]) throws {
        let expression = try RegularExpression(pattern)
        var matcher = RegularExpressionMatcher()
        #expect(!expression.matches(text.span, using: &matcher))
    }

    @Test func whatHasNoTableCostsStepsThatAreCounted() throws {
        // Which of the last sixteen characters were an `a` takes 65,536 states.
        let expression = try RegularExpression("a.{16}b")
        #expect(!expression.hasTable)
        let text = [UInt8](repeating: 0x61, count: 1000)
        var matcher = RegularExpressionMatcher()
        #expect(!expression.matches(text.span, using: &matcher))
        let taken = Int.max - matcher.steps
        #expect(taken > 1000 && taken < 1000 * 50)
        matcher.steps = 100
        #expect(!expression.matches(text.span, using: &matcher))
        #expect(matcher.steps < 0)
        matcher.steps = 100_000
        let match = text + [UInt8](repeating: 0x62, count: 17)
        #expect(expression.matches(match.span, using: &matcher))
    }

    static let tooLarge = [
        "a{100000}", "(a{200}){200}", "((((a{50}){50}){50}){50}){50}",
        "(((((a?){99}){99}){99}){99}){99}",
        "^(.{0,100},){0,20}$", "x.{2000}y", "a{99999999999999999999}",
    ]

    @Test(arguments: tooLarge)
    func refusesWhatGrowsTooLarge(pattern: String) {
        #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
    }

    @Test func takesLargeCountsOfWhatIsUnambiguous() throws {
        let text = [UInt8](repeating: 0x61, count: 5000)
        #expect(try RegularExpression("^[a-z]{1,5000}$").hasTable)
        var matcher = RegularExpressionMatcher()
        #expect(try RegularExpression("^[a-z]{1,5000}$").matches(text.span, using: &matcher))
        #expect(try !RegularExpression("^[a-z]{1,4999}$").matches(text.span, using: &matcher))
        // Unambiguous only from the left: the program is larger than the table.
        #expect(try RegularExpression("^\\p{L}{1,64}$").hasTable)
    }

    @Test func nestedNothingRepeatedForNothingEnds() throws {
        let pattern = String(repeating: "(?:", count: 40) + String(repeating: "){99999}", count: 40)
        #expect(try Self.matches(pattern, []))
    }
}
