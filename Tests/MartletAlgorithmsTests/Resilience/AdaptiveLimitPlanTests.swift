import MartletAlgorithms
import Testing

@Suite struct AdaptiveLimitPlanTests {
    @Test(
        arguments: [(20, 4, 1000, 20), (1, 4, 1000, 4), (5000, 4, 1000, 1000)])
    func theFirstLimitLiesBetweenTheEnds(start: Int, least: Int, most: Int, expected: Int) {
        var plan = AdaptiveLimitPlan()
        (plan.limitStart, plan.limitMin, plan.limitMax) = (start, least, most)
        #expect(AdaptiveLimit(plan: plan).limit == expected)
    }
}
