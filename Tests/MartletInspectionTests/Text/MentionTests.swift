import Testing

/// Texts that speak of code and files, and such as use them.
@Suite struct MentionTests {
    @Test(arguments: [
        "the document.cookie property", "`document.cookie` is read", "Reads document.cookie.",
        "set in /etc/hosts by you", "values of .env files", "see the /etc/fstab file.",
        "in process.env, for instance", "what does phpinfo() tell", "setTimeout() and its kin",
    ])
    func isSpokenOf(_ text: String) {
        #expect(Inspected.value(text) == [])
    }

    @Test(arguments: [
        "return document.cookie", "new XMLHttpRequest", "x=document.cookie ", "`phpinfo()`",
        "cat /etc/hosts", "copy with cat /etc/hosts", "load /etc/hosts now please",
        "/etc/hosts", "document.cookie", "document.cookie=a b", "eval process.env",
    ])
    func isUsed(_ text: String) {
        #expect(Inspected.value(text) != [], "\(text)")
    }
}
