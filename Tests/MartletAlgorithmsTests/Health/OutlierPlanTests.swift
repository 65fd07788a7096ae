import MartletAlgorithms
import Testing

@Suite struct OutlierPlanTests {
    @Test(
        arguments: [
            (0, 100, 0), (1, 100, 0), (2, 0, 0), (2, 10, 1), (10, 10, 1), (19, 10, 1),
            (20, 10, 2), (3, 50, 1), (4, 50, 2), (4, 100, 4), (4, 1000, 4),
        ] as [(Int, UInt32, Int)])
    func aShareOfTheEndpointsMayBeOut(endpoints: Int, percent: UInt32, expected: Int) {
        var plan = OutlierPlan()
        plan.ejectedPercentMax = percent
        #expect(plan.ejectedCountMax(endpointCount: endpoints) == expected)
    }
}
