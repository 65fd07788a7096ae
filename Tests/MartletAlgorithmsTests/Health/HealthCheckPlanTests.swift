import MartletAlgorithms
import Testing

@Suite struct HealthCheckPlanTests {
    @Test func whatMakesNoSenseIsMovedIntoRange() {
        let plan = HealthCheckPlan(
            passCount: 0, failureCount: 0, intervalNanoseconds: 0, jitter: 3)
        #expect(plan.passCount == 1)
        #expect(plan.failureCount == 1)
        #expect(plan.intervalNanoseconds == 1)
        #expect(plan.unhealthyIntervalNanoseconds == 1)
        #expect(plan.jitter == 1)
    }

    @Test func theUnhealthyAreCheckedAsOftenUnlessSaid() {
        #expect(HealthCheckPlan(intervalNanoseconds: 7).unhealthyIntervalNanoseconds == 7)
        let plan = HealthCheckPlan(intervalNanoseconds: 7, unhealthyIntervalNanoseconds: 3)
        #expect(plan.unhealthyIntervalNanoseconds == 3)
    }
}
