import Testing

@Suite struct FileDetectorTests {
    @Test(arguments: [
        ("../x", "file-traversal"), ("a/../../b", "file-traversal"), ("..\\x", "file-traversal"),
        ("%2e%2e%2fx", "file-traversal"), ("%252e%252e/x", "file-traversal"),
        ("..%c0%afx", "file-traversal"), (".%00./x", "file-traversal"), ("..;/x", "file-traversal"),
        (".../.../x", "file-traversal"), ("0x2e0x2e0x2f/x", "file-hex-traversal"),
        ("/etc/passwd", "file-sensitive"), ("c:\\windows\\win.ini", "file-sensitive"),
        ("/proc/self/environ", "file-sensitive"), ("/srv/a/.ssh/id_rsa", "file-sensitive"),
        ("a/.git/HEAD", "file-sensitive"), ("dump.sql.gz", "file-extension"),
        ("php://filter/x", "file-wrapper"), ("jar:http://a!/b", "file-wrapper"),
        ("data:text/plain,x", "file-wrapper"), ("file:///x", "file-wrapper"),
        ("/etc/./passwd", "file-sensitive"), ("/etc//passwd", "file-sensitive"),
        ("..%E2%88%95x", "file-traversal"), ("..%u2216x", "file-traversal"),
        ("/var/log/nginx/access.log", "file-sensitive"),
        ("C:%5CWindows%5CSystem32%5Cconfig%5CSAM", "file-sensitive"),
        ("....//....//x", "file-traversal"), ("....%5C/x", "file-traversal"),
        ("..%c0%2fx", "file-traversal"), ("%c0%2e%c0%2e/x", "file-traversal"),
        ("..%uEFC8x", "file-traversal"), ("./%5C/./x", "file-traversal"),
        ("..0x2fx", "file-hex-traversal"), ("/etc/services", "file-sensitive"),
        ("c:/users/administrator/x", "file-sensitive"), ("read+/etc/passwd", "file-sensitive"),
        ("cat+the+/etc/passwd", "file-sensitive"), ("/run/secrets/x", "file-sensitive"),
    ])
    func findsFiles(_ text: String, _ rule: String) {
        let rules = Inspected.query("v=" + text)
        #expect(rules.contains(rule), "\(rules)")
    }

    @Test(arguments: [
        "report..pdf", "wait.../maybe", "v1..v2", "and so on../or", "user.profile", "a.environment",
        "x.history", "etc. passwords", "notes.md", "/docs/a.md", "data:image/png;base64,AAAA",
        "http://example.com/a", "foo.gitx", "1.2.3", "...", "C:\\Windows\\System32\\user32.dll",
        "/var/log/app/today.txt", "data:application/json;base64,e30=",
        "compare two .env files", "keep secrets, .env files and keys out",
        "reads entries from /etc/hosts at start", "and so on .... /maybe", "wait..../maybe",
    ])
    func letsNamesPass(_ text: String) {
        #expect(Inspected.value(text) == [])
    }

    @Test(arguments: [
        ("/.env", "file-hidden"), ("/a/.git/config", "file-hidden"), ("/x.bak", "file-extension"),
        ("/x.php~", "file-extension"), ("/Dockerfile", "file-sensitive"),
        ("/a/db.sql.zip", "file-extension"), ("/%2e%2e/x", "file-traversal"),
    ])
    func looksAtPaths(_ path: String, _ rule: String) {
        #expect(Inspected.path(path).contains(rule), "\(Inspected.path(path))")
    }

    @Test(arguments: [
        "/.well-known/security.txt", "/~user/", "/a.b/c.json", "/v1.0/x", "/get/foo../1",
        "/a/b.pdf",
    ])
    func letsPathsPass(_ path: String) {
        #expect(Inspected.path(path) == [])
    }
}
