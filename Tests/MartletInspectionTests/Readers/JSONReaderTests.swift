import MartletInspection
import Testing

@Suite struct JSONReaderTests {
    static let type = "application/json"

    @Test(arguments: [
        "{}", "[]", "1", "\"a\"", "null", " [1, -2.5e+3, true, {\"a\": []}] ", "{\"a\":{\"b\":[]}}",
        "[\"\\u00e9\\n\\\\\"]", "{\"a\":1,\"a\":2}",
    ])
    func reads(_ text: String) {
        #expect(Inspected.body(text, Self.type) == [])
    }

    @Test(arguments: [
        "{", "[1,]", "{\"a\"}", "{\"a\":}", "[01]", "[1.]", "\"a", "[\"\\x\"]", "[\"\n\"]", "{a:1}",
        "[1] 2", "nul", "{\"a\":1,}", "'a'", "[1 2]", "\u{feff}[]", "-", "[\"\\u12g4\"]",
    ])
    func refuses(_ text: String) {
        #expect(Inspected.body(text, Self.type).contains("ambiguous-json"))
    }

    @Test func looksAtNamesValuesAndEscapes() {
        #expect(Inspected.body("{\"a\":[{\"b\":\"x' or 1=1--\"}]}", Self.type).count > 0)
        #expect(Inspected.body("{\"x' or 'a'='a\":1}", Self.type).contains("sql-tautology"))
        #expect(Inspected.body("[\"\\u003Cscript>\"]", Self.type).contains("xss-tag"))
        #expect(Inspected.body("[\"a\\u0027--\"]", Self.type).contains("sql-quote-end"))
    }

    @Test func looksBehindWhatIsNoJSON() {
        #expect(Inspected.body("[1, <script>x</script>", Self.type).contains("xss-tag"))
    }

    @Test func isBoundedInDepth() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(Inspected.body(deep, Self.type).contains("ambiguous-json"))
        let fits = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(Inspected.body(fits, Self.type) == [])
    }
}
