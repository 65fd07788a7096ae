import MartletAlgorithms
import Testing

@Suite struct CircuitBreakerPlanTests {
    /// Values that make no sense neither trap nor leave the breaker without a way to close.
    @Test func senselessValuesStillGiveABreaker() {
        var plan = CircuitBreakerPlan()
        plan.window = .calls(0)
        plan.callCountMin = 0
        plan.failurePercent = 0
        plan.probeCount = 0
        plan.openNanoseconds = .max
        plan.openNanosecondsMax = .max
        var breaker = CircuitBreakerStateMachine(plan: plan)
        guard case .permit(let first) = breaker.callRequested(now: 5) else {
            Issue.record("not closed")
            return
        }
        #expect(
            breaker.callEnded(first, hasFailed: true, nanoseconds: 1, now: 5)
                == .opened(.failures, untilNanoseconds: .max))
        guard case .permit(let probe) = breaker.callRequested(now: .max) else {
            Issue.record("no probe")
            return
        }
        #expect(
            breaker.callEnded(probe, hasFailed: false, nanoseconds: 1, now: .max) == .closed)
    }
}
