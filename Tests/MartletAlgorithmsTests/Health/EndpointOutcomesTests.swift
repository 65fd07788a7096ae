import MartletAlgorithms
import Testing

@Suite struct EndpointOutcomesTests {
    private func outcomes(succeeded: Int, failed: Int, nanoseconds: UInt64) -> EndpointOutcomes {
        var outcomes = EndpointOutcomes()
        for _ in 0..<succeeded { outcomes.requestSucceeded(nanoseconds: nanoseconds) }
        for _ in 0..<failed { outcomes.requestFailed() }
        return outcomes
    }

    @Test func givesRateAndMean() {
        let outcomes = self.outcomes(succeeded: 3, failed: 1, nanoseconds: 40)
        #expect(outcomes.count == 4)
        #expect(outcomes.successRate == 0.75)
        #expect(outcomes.latencyMean == 40)
        #expect(EndpointOutcomes().successRate == 1)
        #expect(EndpointOutcomes().latencyMean == 0)
    }

    @Test func workersSumsAreTheSumOfAll() {
        var merged = self.outcomes(succeeded: 1, failed: 2, nanoseconds: 10)
        merged.merge(self.outcomes(succeeded: 3, failed: 0, nanoseconds: 30))
        #expect(merged.succeeded == 4)
        #expect(merged.failed == 2)
        #expect(merged.latencyMean == 25)
    }

    @Test func aRunEndsWithASuccess() {
        var run = FailureRun()
        #expect(
            [false, false, true, false, false].map { isSuccess in
                guard !isSuccess else {
                    run.requestSucceeded()
                    return false
                }
                return run.requestFailed(countMax: 3)
            } == [false, false, false, false, false])
        #expect(run.requestFailed(countMax: 3) == true)
        #expect(run.requestFailed(countMax: 3) == false, "it begins anew")
    }

    @Test func withoutALimitNoRunIsTooLong() {
        var run = FailureRun()
        for _ in 0..<10 { #expect(run.requestFailed(countMax: 0) == false) }
    }
}
