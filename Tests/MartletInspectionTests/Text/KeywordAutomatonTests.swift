import Testing

/// The automaton only chooses detectors: what it chooses has to be found wherever it stands.
@Suite struct KeywordAutomatonTests {
    @Test(arguments: [0, 1, 2, 7, 40])
    func wordsAreFoundAtEveryPlace(_ count: Int) {
        let before = String(repeating: "x ", count: count)
        #expect(Inspected.value(before + "java.lang.Runtime y").contains("java-class"))
        #expect(Inspected.value(before + "JAVA.LANG.Runtime y").contains("java-class"))
    }

    @Test(arguments: ["jjava.lang", "java.lan", "java lang", "ava.lang.x", "java.langx"])
    func partsAreNotWords(_ text: String) {
        #expect(Inspected.value(text) == [])
    }

    @Test func wordsInsideOfOtherWords() {
        #expect(
            Inspected.value("information_information_schema.x").contains("sql-catalogue") == false)
        #expect(Inspected.value("information_ information_schema.x").contains("sql-catalogue"))
    }
}
