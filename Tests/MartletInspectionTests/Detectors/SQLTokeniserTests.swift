import Testing

/// Spellings that only a tokeniser sees through.
@Suite struct SQLTokeniserTests {
    @Test(arguments: [
        "9\tunion\n(select\r1,2)", "9 union/* a 'b */select 1", "9 union -- x\n select 1",
        "9 union all (select 0x41,1e1)", "9 union#x\nselect @@version", "9.0union select 1,2",
        "9 and#x\n4=4", "9)--x\nand 4=4",
    ])
    func readsBlanksAndComments(_ text: String) {
        let rules = Inspected.value(text)
        #expect(!rules.isEmpty, "\(text)")
    }

    @Test(arguments: ["'a''b' or 1", "'a\\' or 1=1'", "\"a 'or' b\"", "`a` and `b`"])
    func keepsStringsWhole(_ text: String) {
        #expect(Inspected.value(text) == [])
    }

    @Test func endsWithManyTokens() {
        let text = String(repeating: "a,", count: 30_000) + " union select 1,2"
        _ = Inspected.body(text, "text/plain")
    }
}
