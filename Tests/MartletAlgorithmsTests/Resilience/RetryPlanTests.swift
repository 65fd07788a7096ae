import MartletAlgorithms
import Testing

@Suite struct RetryPlanTests {
    /// What a user gets without a word: only what is safe, and once.
    @Test func theDefaultsAreCareful() {
        let plan = RetryPlan()
        #expect(plan.tryCountMax == 2)
        #expect(!plan.includesUnsafe)
        #expect(!plan.conditions.contains(.status))
        #expect(!plan.conditions.contains(.timeout))
        #expect([502, 503, 504].allSatisfy { plan.statuses.contains($0) })
        #expect(!plan.statuses.contains(500))
    }

    @Test func eachConditionIsABitOfItsOwn() {
        let conditions: [RetryPlan.Conditions] = [
            .connectFailure, .refused, .connectionLost, .timeout, .status,
        ]
        #expect(Set(conditions.map(\.rawValue)).count == 5)
        #expect(conditions.allSatisfy { $0.rawValue.nonzeroBitCount == 1 })
    }
}
