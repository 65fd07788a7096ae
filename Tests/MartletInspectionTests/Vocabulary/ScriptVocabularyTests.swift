import Testing

@Suite struct ScriptVocabularyTests {
    @Test(arguments: [
        "script", "iframe", "object", "embed", "svg", "math", "meta", "link", "style",
    ])
    func tagsAreKnown(_ name: String) {
        #expect(Inspected.value("<\(name) a=b>").contains("xss-tag"))
        #expect(Inspected.value("\(name) a=b") == [])
    }

    @Test(arguments: ["b", "i", "em", "strong", "p", "br", "ul", "li", "code", "h1", "td"])
    func formattingPasses(_ name: String) {
        #expect(Inspected.value("<\(name)>a</\(name)>") == [])
    }
}
