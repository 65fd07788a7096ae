import Testing

/// Attacks without a single sign that would call a detector: their words have to.
@Suite struct GateVocabularyTests {
    @Test(arguments: [
        "java.lang.Runtime", "process.env", "9 union select user from t", "information_schema.x",
        "Get-ChildItem x", "window.location", "if not exist a b", "time ifconfig", "curl -o a b",
        "__proto__", "!ENTITY % a SYSTEM b", "tempdb", "dump.sql", "sqlmap/1.0",
    ])
    func wordsAreEnough(_ text: String) {
        let rules = Inspected.value(text) + Inspected.header("User-Agent", text)
        #expect(!rules.isEmpty)
    }
}
