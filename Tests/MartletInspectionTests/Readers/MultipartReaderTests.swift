import Testing

@Suite struct MultipartReaderTests {
    @Test func readsParts() {
        let body =
            "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n"
            + "--xYz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x y.pdf\"\r\n"
            + "Content-Type: application/pdf\r\n\r\n\u{0}\u{1}\r\n--xYz--\r\n"
        #expect(Inspected.body(body, Inspected.multipart) == [])
        let bare = body.replacing("\r\n", with: "\n")
        #expect(Inspected.body(bare, Inspected.multipart) == [])
    }

    @Test func looksAtNamesAndContents() {
        let plain = "Content-Disposition: form-data; name=\"a\""
        #expect(Inspected.part(plain, "<script>").contains("xss-tag"))
        #expect(Inspected.part(plain + "; filename=\"a\"", "<script>") == [])
        #expect(Inspected.part(plain + "; filename=\"\"", "<script>").contains("xss-tag"))
        #expect(Inspected.part(plain + "; filename=\"\"", "") == [])
        // RFC 7578 §4.2: `filename*` is nothing here, but some readers take it for the name.
        let extended = plain + "; filename*=utf-8''a.txt"
        #expect(Inspected.part(extended, "<script>").contains("xss-tag"))
        #expect(Inspected.part(plain + "; filename=\"a\"; filename*=utf-8''a", "<script>") == [])
        #expect(
            Inspected.part(plain + "; filename*=utf-8''a.php", "").contains("upload-executable"))
        let name = "Content-Disposition: form-data; name=\"a[$ne]\""
        #expect(Inspected.part(name, "1").contains("nosql-operator"))
    }

    @Test(arguments: [
        "Content-Disposition: form-data; name=\"a\"; name=\"b\"",
        "Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"",
        "Content-Disposition: form-data; name=\"a", "X-Other: a", "no colon",
        "Content-Disposition: form-data; name=\"a\"; x=\"y\"",
        "Content-Disposition: form-data; name=\"a\"; filename*=utf-8''a; filename*=utf-8''b",
        "Content-Disposition: form-data; name=\"\"\r\nContent-Transfer-Encoding: quoted-printable",
    ])
    func reportsAmbiguousFields(_ fields: String) {
        #expect(Inspected.part(fields, "x").contains("ambiguous-multipart"))
    }

    @Test(arguments: [";a", "a;b", "it's", "a\\\"b"])
    func reportsAmbiguousNames(_ name: String) {
        let fields = "Content-Disposition: form-data; name=\"\(name)\""
        #expect(Inspected.part(fields, "x").contains("ambiguous-multipart-name"))
    }

    @Test(arguments: [
        "", "--xYz", "--xYz--", "no boundary", "before\r\n--xYz--\r\n", "--xYz--\r\nafter",
        "--xYzA\r\n\r\n--xYz--", "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
    ])
    func reportsBrokenBodies(_ body: String) {
        let rules = Inspected.body(body, Inspected.multipart)
        #expect(
            rules.contains("ambiguous-multipart") == !["", "--xYz--"].contains(body), "\(body)")
    }

    @Test func endsWithManyParts() {
        let one = "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n"
        let rules = Inspected.body(
            String(repeating: one, count: 2000) + "--xYz--\r\n", Inspected.multipart)
        #expect(rules.contains("ambiguous-too-many"))
    }
}
