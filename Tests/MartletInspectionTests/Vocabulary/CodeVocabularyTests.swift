import Testing

@Suite struct CodeVocabularyTests {
    @Test(arguments: [
        "file_get_contents('a')", "call_user_func($a)", "proc_open('a')", "passthru('a')",
    ])
    func functionsAreKnown(_ text: String) {
        #expect(Inspected.value(text).contains("php-function"))
    }

    @Test(arguments: ["java.io.File", "javax.naming.x", "com.sun.x", "org.apache.commons.io"])
    func packagesAreKnown(_ text: String) {
        #expect(Inspected.value(text).contains("java-class"))
    }
}
