import MartletAlgorithms
import Testing

/// What each value of the plan does to a canary that fails three times as often.
@Suite struct CanaryGatePlanTests {
    private var simulation: CanarySimulation {
        var simulation = CanarySimulation()
        (simulation.baselineErrorRate, simulation.canaryErrorRate) = (0.02, 0.06)
        return simulation
    }

    private var plan: CanaryGatePlan {
        var plan = CanaryGatePlan()
        plan.latencyQuantiles = []
        return plan
    }

    private func isAborted(_ plan: CanaryGatePlan) -> Bool {
        self.simulation.aborts(plan, windows: 60, runs: 10).share == 1
    }

    @Test func bothTheRatioAndTheDifferenceMustBeExceeded() {
        #expect(self.isAborted(self.plan))
        var plan = self.plan
        plan.errorRatioMax = 3.5
        #expect(!self.isAborted(plan))
        plan = self.plan
        plan.errorRateDifferenceMin = 0.1
        #expect(!self.isAborted(plan))
    }

    @Test func nothingIsDecidedBelowTheLeastSample() {
        var plan = self.plan
        plan.requestCountMin = 100_000
        let outcome = self.simulation.run(plan, windows: 60, seed: 1)
        guard case .continue(.sampleTooSmall(_, let needed)) = outcome.verdict else {
            Issue.record("\(outcome)")
            return
        }
        #expect(needed == 100_000)
    }

    @Test func aLowerFalseAbortRateTakesLonger() {
        var careful = self.plan
        careful.falseAbortRate = 0.000_001
        let (quick, slow) = (
            self.simulation.aborts(self.plan, windows: 200, runs: 20),
            self.simulation.aborts(careful, windows: 200, runs: 20)
        )
        #expect(quick.medianWindows < slow.medianWindows)
        #expect(slow.share == 1)
    }
}
