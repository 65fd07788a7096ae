import MartletAlgorithms
import Testing

@Suite struct CanaryVerdictTests {
    @Test func everyReasonIsASentenceWithItsNumbers() {
        #expect(
            CanaryWaiting.sampleTooSmall(requestCount: 12, needed: 100).text
                == "waiting for more requests to the canary: 12 of 100")
        #expect(
            CanaryWaiting.doubtful(strength: 7.9).text
                == "the canary looks worse (evidence 7 to 1), which may be chance")
        #expect(
            CanaryAbort.errorRate(canary: 0.0525, baseline: 0.01, strength: 163.2).text
                == "5.25 % of the canary's requests failed, and 1 % of the baseline's"
                + " (evidence 163 to 1)")
        #expect(
            CanaryAbort.latency(
                quantile: 0.95, canaryNanoseconds: 31_500_000, baselineNanoseconds: 9_040_000,
                strength: 1e6
            ).text
                == "95 % of the canary's requests took up to 31.5 ms, and of the baseline's up to"
                + " 9.04 ms (evidence 1000000 to 1)")
        #expect(CanaryAbort.requested.text == "taken back on request")
    }

    @Test func numbersThatAreNoneDoNotTrap() {
        let text = CanaryAbort.errorRate(canary: .nan, baseline: .infinity, strength: -1).text
        #expect(text.contains("0 %"))
    }
}
