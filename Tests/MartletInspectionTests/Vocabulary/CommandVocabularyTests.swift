import Testing

@Suite struct CommandVocabularyTests {
    @Test(arguments: ["wget", "ifconfig", "chmod", "ansible", "certutil", "powershell", "bash"])
    func commandsAreKnown(_ name: String) {
        #expect(Inspected.value(";\(name) -x").contains("command-separated"))
    }

    @Test(arguments: ["time", "find", "cat", "sort", "more", "type", "path", "date"])
    func wordsNeedAnOption(_ name: String) {
        #expect(Inspected.value("a; \(name) of day") == [])
        #expect(Inspected.value("a; \(name) -x").contains("command-separated"))
    }
}
