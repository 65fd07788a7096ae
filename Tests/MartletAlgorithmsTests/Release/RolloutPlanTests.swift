import MartletAlgorithms
import Testing

@Suite struct RolloutPlanTests {
    @Test(
        arguments: [
            ([], []), ([100, 500, 2500], [100, 500, 2500]), ([0, 100], [100]),
            ([500, 100, 500, 600], [500, 600]), ([9000, 20_000, 10_000], [9000, 10_000]),
        ] as [([UInt16], [UInt16])])
    func stepsRise(points: [UInt16], expected: [UInt16]) {
        let plan = RolloutPlan(
            steps: points.map { RolloutPlan.Step(points: $0, holdNanoseconds: 1) })
        #expect(plan.steps.map(\.points) == expected)
    }
}
