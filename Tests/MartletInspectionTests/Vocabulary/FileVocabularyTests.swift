import Testing

@Suite struct FileVocabularyTests {
    @Test(arguments: [
        "/etc/shadow", "/srv/.aws/credentials", "/WEB-INF/web.xml", "/a/.kube/config",
        "/var/log/syslog", "C:/Windows/System32/config/SAM", "/proc/self/maps",
        "/.claude/settings.json",
    ])
    func filesAreKnown(_ name: String) {
        #expect(Inspected.value(name).contains("file-sensitive"))
    }
}
