import Testing

/// The same attack in the encodings that something behind a proxy undoes.
@Suite struct ValueDecoderTests {
    @Test(arguments: [
        "<script>", "%3Cscript%3E", "%253Cscript%253E", "%25253Cscript>", "%u003cscript%u003e",
        "\\u003cscript>", "\\x3cscript>", "\\u{3c}script>", "%26lt;script>", "%26%2360;script>",
        "%26%23x3C;script>", "%26%230000060script>", "%C0%BCscript>", "%E0%80%BCscript>",
        "%F0%80%80%BCscript>", "%uff1cscript>", "%2BADw-script%2BAD4-", "%26lt%3Bscript>",
        "%3C%00script>", "<%0dscript>",
    ])
    func isUndone(_ text: String) {
        #expect(Inspected.query("v=" + text).contains("xss-tag"), "\(Inspected.query("v=" + text))")
    }

    @Test(arguments: [
        ("v=%5Cu0061lert", "ambiguous-letter"), ("v=%u0061lert", "ambiguous-letter"),
        ("v=%C0%AE", "ambiguous-overlong"), ("v=a%00b", "ambiguous-null"),
        ("v=%C0%2E", "ambiguous-overlong"), ("v=%s%e%l%e%c%t%,%1%,%2%,%3", "ambiguous-letter"),
    ])
    func tellsWhatHides(_ query: String, _ rule: String) {
        #expect(Inspected.query(query).contains(rule))
    }

    @Test(arguments: [
        "v=100%25", "v=%", "v=%4", "v=%zz", "v=a+b", "v=%C3%A9", "v=C:%5Cxyz", "v=a%26b",
        "v=%25Y%25m%25d%25H%25M%25S%25z", "v=%C5%BF", "v=[^%5Cx00]", "v=%5Cu0000-%5Cu001F",
    ])
    func letsOrdinaryEscapesPass(_ query: String) {
        #expect(Inspected.query(query) == [])
    }

    @Test func stopsAfterSomeRounds() {
        let layers = String(repeating: "%25", count: 20_000)
        _ = Inspected.query("v=" + layers + "3Cscript>")
    }
}
