import MartletAlgorithms
import Testing

@Suite struct VersionLifecycleTests {
    @Test(
        arguments: [
            (nil, nil, 0, .active, nil), (100, nil, 99, .active, 100),
            (100, nil, 100, .deprecated, nil), (100, 200, 0, .active, 100),
            (100, 200, 150, .deprecated, 200), (100, 200, 199, .deprecated, 200),
            (100, 200, 200, .gone, nil), (nil, 200, 199, .active, 200),
            // Gone before it was deprecated: it stays gone.
            (300, 200, 250, .gone, nil), (300, 200, 100, .active, 200),
            (-50, nil, -100, .active, -50), (.max, .max, .max, .gone, nil),
        ] as [(Int64?, Int64?, Int64, VersionStage, Int64?)])
    func datesGiveTheStage(
        deprecatedAt: Int64?, sunsetAt: Int64?, now: Int64, stage: VersionStage, next: Int64?
    ) {
        let lifecycle = VersionLifecycle(deprecatedAt: deprecatedAt, sunsetAt: sunsetAt)
        #expect(lifecycle.stage(at: now) == stage)
        #expect(lifecycle.nextChange(after: now) == next)
    }
}
