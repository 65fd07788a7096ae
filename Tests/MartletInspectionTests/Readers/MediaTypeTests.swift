import Testing

@Suite struct MediaTypeTests {
    @Test(arguments: [
        "application/json", "application/json; charset=utf-8", "multipart/form-data; boundary=a",
        "multipart/mixed; boundary=\"a b\"", "text/plain;charset=\"UTF-8\"",
        "text/vcard;version=4.0",
        "application/soap+xml; action=\"urn:x\"", "image/png",
    ])
    func letsTypesPass(_ type: String) {
        #expect(Inspected.header("Content-Type", type) == [])
    }

    @Test(arguments: [
        ("json", "ambiguous-content-type"), ("a/b/c", "ambiguous-content-type"),
        ("multipart/form-data", "ambiguous-content-type"),
        ("multipart/form-data; boundary=a; boundary=b", "ambiguous-content-type"),
        ("multipart/form-data; boundary=   a", "ambiguous-content-type"),
        ("application/json; boundary=x", "ambiguous-content-type"),
        ("text/plain; charset", "ambiguous-content-type"),
        ("text/plain; charset=\"utf-8", "ambiguous-content-type"),
        ("application/json; charset=utf-7", "ambiguous-charset"),
        ("%{(#a='multipart/form-data')}", "expression-language"),
    ])
    func findsOddities(_ type: String, _ rule: String) {
        #expect(Inspected.header("Content-Type", type).contains(rule))
    }

    @Test func choosesTheReader() {
        let attack = "{\"a\":\"\\u003cscript\\u003e\"}"
        #expect(Inspected.body(attack, "application/problem+json").contains("xss-tag"))
        #expect(Inspected.body("<a b='&#60;script>'/>", "image/svg+xml").contains("xss-tag"))
        #expect(Inspected.body("<a b='&#60;script>'/>", "image/png") == [])
        #expect(Inspected.body("<a b='&#60;script>'/>", "application/atom+xml").contains("xss-tag"))
        #expect(Inspected.body("<script>", "application/octet-stream") == [])
        #expect(Inspected.body("a=%3Cscript%3E", "").contains("xss-tag"))
    }
}
