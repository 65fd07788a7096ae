import Testing

/// Names of commands, however they are hidden.
@Suite struct CommandNameTests {
    @Test(arguments: [
        ";'id'", ";\"i\"d", ";i\\d", ";/usr/bin/id", ";a=b id", ";$x id", ";(id)", ";{ id;}",
        ";i$@d", ";python3.11 -c x", ";cmd.exe /c dir", ";c^md /c dir",
    ])
    func areFound(_ text: String) {
        #expect(Inspected.value(text).contains { $0.hasPrefix("command-") }, "\(text)")
    }

    @Test(arguments: [";I'd say", ";ideas", ";identity", "?a=1&id=5", ";lsx", ";'some text'"])
    func areNotSeenInWords(_ text: String) {
        #expect(Inspected.value(text) == [])
    }
}
