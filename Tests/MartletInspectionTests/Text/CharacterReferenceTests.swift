import Testing

@Suite struct CharacterReferenceTests {
    @Test(arguments: ["&colon;", "&#58;", "&#x3a;", "&#X3A", "&#00058;"])
    func areUndone(_ reference: String) {
        #expect(Inspected.value("javascript\(reference)x()").contains("xss-script-url"))
    }

    @Test(arguments: [
        "AT&T; R&D", "&foo;", "&#;", "&#x;", "&", "a &amp; b", "&#8222;The Title&#8221;",
    ])
    func letsOthersPass(_ text: String) {
        #expect(Inspected.value(text) == [])
    }
}
