import Testing

@Suite struct AgentVocabularyTests {
    @Test(arguments: [
        "sqlmap/1.8", "Mozilla/5.0 (compatible; Nikto/2.5)", "Nessus", "nuclei - x", "WPScan v3",
    ])
    func scannersAreKnown(_ agent: String) {
        #expect(Inspected.header("User-Agent", agent).contains("scanner-agent"))
    }

    @Test(arguments: OrdinaryText.agents + ["urlgrabber/3.10 yum/3.4.3"])
    func ordinaryAgentsPass(_ agent: String) {
        #expect(Inspected.header("User-Agent", agent) == [])
    }
}
