import Testing

@Suite struct UploadDetectorTests {
    @Test(arguments: [
        ("a.php", "upload-executable"), ("a.PHP..", "upload-executable"),
        ("a.jsp;.jpg", "upload-executable"), ("a. phtml", "upload-executable"),
        (".htaccess", "file-hidden"), ("sess_0123456789abcdef", "session-file"),
        ("../a.txt", "file-traversal"), ("web.config", "file-sensitive"),
    ])
    func findsNames(_ name: String, _ rule: String) {
        #expect(Inspected.header("X-File-Name", name).contains(rule))
        let fields = "Content-Disposition: form-data; name=\"f\"; filename=\"\(name)\""
        #expect(Inspected.part(fields, "x").contains(rule))
    }

    @Test(arguments: ["a.jpg", "report..pdf", "my.php.notes.txt", "resume.docx", "a.phpx", "é.png"])
    func letsNamesPass(_ name: String) {
        let fields = "Content-Disposition: form-data; name=\"f\"; filename=\"\(name)\""
        #expect(Inspected.part(fields, "x") == [])
    }
}
