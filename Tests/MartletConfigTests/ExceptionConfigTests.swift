import MartletConfig
import Testing

@Suite struct ExceptionConfigTests {
    @Test(arguments: [
        ("1970-01-01", Int64(86_400)), ("2026-12-31", 1_798_761_600),
        ("2024-02-29", 1_709_251_200), ("2000-02-29", 951_868_800), ("2100-02-28", 4_107_542_400),
        ("9999-12-31", 253_402_300_800),
        ("2026-12-31T18:00:00Z", 1_798_740_000), ("2026-12-31T18:00Z", 1_798_740_000),
        ("2026-12-31T18:00:00+01:00", 1_798_736_400), ("2026-12-31T18:00-05:30", 1_798_759_800),
    ])
    func dates(text: String, seconds: Int64) {
        #expect(ExceptionConfig(until: text, reason: "a")?.end == seconds)
    }

    @Test(arguments: [
        "", "2026", "2026-12", "2026-13-01", "2026-00-01", "2026-02-29", "2100-02-29", "2026-04-31",
        "2026-12-00", "26-12-31", "2026/12/31", "31-12-2026", "1969-12-31", "2026-12-31T",
        "2026-12-31T18:00", "2026-12-31T24:00Z", "2026-12-31T18:60Z", "2026-12-31T18:00:60Z",
        "2026-12-31T18:00:00z", "2026-12-31 18:00:00Z", "2026-12-31T18:00Z1", "2026-12-3１",
        "2026-12-31T18:00:00+25:00", "+026-12-31", "2026-12-31T1:00Z", "T18:00Z",
    ])
    func whatIsNoDate(text: String) {
        #expect(ExceptionConfig(until: text, reason: "a") == nil)
    }

    @Test func holdsUntilItsEnd() {
        let exception = ExceptionConfig(until: "1970-01-01", reason: "a")
        #expect(exception?.isInForce(at: 86_399) == true)
        #expect(exception?.isInForce(at: 86_400) == false)
        #expect(ExceptionConfig().isInForce(at: .max))
    }
}
