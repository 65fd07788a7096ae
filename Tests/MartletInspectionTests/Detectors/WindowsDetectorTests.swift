import Testing

@Suite struct WindowsDetectorTests {
    @Test(arguments: [
        ("Invoke-Expression $x", "command-powershell"), ("Get-ChildItem x", "command-powershell"),
        ("get-content c:\\x", "command-powershell"), ("for %a in (x) do y", "command-batch"),
        ("FOR /L %%a IN (1,1,2) DO x", "command-batch"), ("if exist a b", "command-batch"),
        ("if not defined a b", "command-batch"), ("if \"%a%\"==\"b\" c", "command-batch"),
        ("if %a% geq 2 b", "command-batch"), ("|certutil -x", "command-separated"),
        ("& powershell Start-Sleep -s 5", "command-powershell"),
        ("if %a% == b c", "command-batch"), ("New-Object Net.WebClient", "command-powershell"),
    ])
    func findsCommands(_ text: String, _ rule: String) {
        #expect(Inspected.value(text).contains(rule), "\(Inspected.value(text))")
    }

    @Test(arguments: [
        "get-started", "add-item", "new-item-released", "if not defined, use 5", "for me in (a)",
        "if it exists", "set-up", "if a = b", "iffoo a==b foo",
        "if kind == other then use it", "a new-object of ours",
    ])
    func letsProsePass(_ text: String) {
        #expect(Inspected.value(text) == [])
    }
}
