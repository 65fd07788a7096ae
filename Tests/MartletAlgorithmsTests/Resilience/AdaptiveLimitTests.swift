import MartletAlgorithms
import Testing

/// The upstream can do `slots ÷ service time` a second; the best limit is a little above `slots`.
@Suite struct AdaptiveLimitTests {
    typealias Phase = QueueSimulation.Phase

    private func simulation(
        exponential: Bool = true, start: Int = 20, seed: UInt64 = 1
    ) -> QueueSimulation {
        var plan = AdaptiveLimitPlan()
        plan.limitStart = start
        return QueueSimulation(plan: plan, isExponential: exponential, seed: seed)
    }

    /// Twice the load that the upstream can take: all of its capacity is used, and latency stays
    /// near what it is without a queue, wherever the limit began.
    @Test(
        arguments: [(true, 20), (false, 20), (true, 4), (false, 4), (true, 500), (false, 500)],
        1...2 as ClosedRange<UInt64>)
    func convergesUnderOverload(start: (exponential: Bool, limit: Int), seed: UInt64) {
        var simulation = self.simulation(
            exponential: start.exponential, start: start.limit, seed: seed)
        let result = simulation.run(
            Phase(seconds: 60, rate: 4000, slots: 20, serviceMilliseconds: 10))
        Measurement.report(
            "2000/s possible, 4000/s wanted, start \(start), seed \(seed): \(result)")
        #expect(result.answeredPerSecond > 1850, "seed \(seed): \(result)")
        #expect(result.latencyMilliseconds < 35, "seed \(seed): \(result)")
        #expect((20...70).contains(result.limitMean), "seed \(seed): \(result)")
    }

    @Test(arguments: [true, false])
    func followsTheCapacity(exponential: Bool) {
        var simulation = self.simulation(exponential: exponential)
        _ = simulation.run(Phase(seconds: 19.9, rate: 4000, slots: 40, serviceMilliseconds: 10))
        let collapsed = simulation.run(
            Phase(seconds: 40, rate: 4000, slots: 4, serviceMilliseconds: 10))
        Measurement.report("40 slots become 4 (400/s possible): \(collapsed)")
        #expect(collapsed.answeredPerSecond > 370, "\(collapsed)")
        #expect(collapsed.limitMean < 15, "\(collapsed)")
        let restored = simulation.run(
            Phase(seconds: 60, rate: 8000, slots: 40, serviceMilliseconds: 10))
        Measurement.report("4 slots become 40 (4000/s possible): \(restored)")
        #expect(restored.answeredPerSecond > 3800, "\(restored)")
        #expect(restored.latencyMilliseconds < 35, "\(restored)")
    }

    /// Every request takes ten times as long, without a queue: not a reason for a low limit.
    @Test(arguments: [true, false])
    func followsALatencyThatIsNoQueue(exponential: Bool) {
        var simulation = self.simulation(exponential: exponential)
        _ = simulation.run(Phase(seconds: 30, rate: 8000, slots: 40, serviceMilliseconds: 10))
        _ = simulation.run(Phase(seconds: 60, rate: 8000, slots: 40, serviceMilliseconds: 100))
        let slower = simulation.run(
            Phase(seconds: 60, rate: 8000, slots: 40, serviceMilliseconds: 100))
        Measurement.report("ten times slower without a queue (400/s possible): \(slower)")
        #expect(slower.answeredPerSecond > 340, "of 400: \(slower)")
        #expect(slower.latencyMilliseconds < 350, "\(slower)")
    }

    /// With little load the limit is not known to be too low, and does not run away.
    @Test func doesNotGrowUnused() {
        var simulation = self.simulation()
        let light = simulation.run(
            Phase(seconds: 60, rate: 500, slots: 40, serviceMilliseconds: 10))
        Measurement.report("500/s of 4000/s: \(light)")
        #expect(light.limitMost <= 40, "\(light)")
        #expect(light.answeredPerSecond > 480)
    }

    @Test func timeGoingBackwardsAndEndlessLatenciesAreTaken() {
        let plan = AdaptiveLimitPlan()
        var limit = AdaptiveLimit(plan: plan)
        var random = SeededRandom(seed: 2)
        for _ in 0..<5000 {
            limit.requestEnded(
                nanoseconds: random.next() >> random.next(below: 64),
                inFlight: Int(random.next(below: 2000)), now: random.next(), plan)
            if !(plan.limitMin...plan.limitMax).contains(limit.limit) {
                Issue.record("\(limit.limit)")
            }
        }
    }
}
