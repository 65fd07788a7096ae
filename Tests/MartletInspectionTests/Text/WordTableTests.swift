import Testing

/// Whole words, not parts of them, whatever their case.
@Suite struct WordTableTests {
    @Test(arguments: [
        ("TempDB", true), ("tempdbx", false), ("xtempdb", false), ("SYSOBJECTS", true),
        ("temp", false),
    ])
    func wholeWordsCount(_ text: String, _ isName: Bool) {
        #expect(Inspected.value(text).contains("sql-catalogue") == isName)
    }
}
