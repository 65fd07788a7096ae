import MartletAlgorithms
import Testing

@Suite struct RolloutStateMachineTests {
    private let plan = RolloutPlan(steps: [
        .init(points: 100, holdNanoseconds: 1000), .init(points: 2500, holdNanoseconds: 500),
    ])
    private let waiting = CanaryVerdict.continue(.sampleTooSmall(requestCount: 0, needed: 1))
    private let reason = CanaryAbort.errorRate(canary: 1, baseline: 0, strength: 100)

    private func begun(now: UInt64 = 0) -> RolloutStateMachine {
        var rollout = RolloutStateMachine(plan: self.plan)
        _ = rollout.beginRequested(now: now)
        return rollout
    }

    @Test func goesThroughItsStepsToTheEnd() {
        var rollout = RolloutStateMachine(plan: self.plan)
        #expect(rollout.points == 0)
        #expect(rollout.beginRequested(now: 10) == .stepBegan(points: 100))
        #expect(rollout.beginRequested(now: 10) == .none)
        #expect(rollout.verdictGiven(.promote, now: 1009) == .none, "not held long enough")
        #expect(rollout.verdictGiven(self.waiting, now: 5000) == .none)
        #expect(rollout.verdictGiven(.promote, now: 5000) == .stepBegan(points: 2500))
        #expect(rollout.points == 2500)
        #expect(rollout.verdictGiven(.promote, now: 5499) == .none)
        #expect(rollout.verdictGiven(.promote, now: 5500) == .promoted)
        #expect(rollout.points == 10_000)
        #expect(rollout.verdictGiven(.abort(self.reason), now: 6000) == .none, "it is over")
    }

    @Test func anAbortTakesEverythingBack() {
        var rollout = self.begun()
        _ = rollout.verdictGiven(.promote, now: 1000)
        #expect(
            rollout.verdictGiven(.abort(self.reason), now: 1001) == .aborted(self.reason))
        #expect(rollout.points == 0)
        #expect(rollout.verdictGiven(.promote, now: 9999) == .none)
        #expect(rollout.nextStepRequested(now: 9999) == .none)
        #expect(rollout.points == 0)
    }

    @Test func aPausedCanaryStaysUnlessItIsBad() {
        var rollout = self.begun()
        rollout.pauseRequested()
        #expect(rollout.points == 100)
        #expect(rollout.verdictGiven(.promote, now: 9000) == .none)
        rollout.resumeRequested(now: 9000)
        #expect(rollout.verdictGiven(.promote, now: 9999) == .none, "its time begins anew")
        #expect(rollout.verdictGiven(.promote, now: 10_000) == .stepBegan(points: 2500))
        rollout.pauseRequested()
        #expect(
            rollout.verdictGiven(.abort(self.reason), now: 10_001) == .aborted(self.reason))
    }

    @Test func peopleMayDecideForThemselves() {
        var rollout = self.begun()
        #expect(rollout.nextStepRequested(now: 1) == .stepBegan(points: 2500))
        #expect(rollout.abortRequested() == .aborted(.requested))
        #expect(rollout.abortRequested() == .none)
        var waiting = RolloutStateMachine(plan: self.plan)
        #expect(waiting.nextStepRequested(now: 1) == .none)
        #expect(waiting.abortRequested() == .aborted(.requested))
    }

    @Test func withoutStepsItIsAllOrNothing() {
        var rollout = RolloutStateMachine(plan: RolloutPlan(steps: []))
        #expect(rollout.beginRequested(now: 0) == .promoted)
        #expect(rollout.points == 10_000)
    }

    /// Any inputs in any order: the share only rises, until it is nothing for good.
    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func theShareOnlyRisesUntilItIsNothing(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var rollout = RolloutStateMachine(plan: self.plan)
        var (now, last, isOver) = (UInt64(0), UInt16(0), false)
        for _ in 0..<60 {
            now += random.next(below: 400)
            switch random.next(below: 12) {
            case 0: _ = rollout.beginRequested(now: now)
            case 1: rollout.pauseRequested()
            case 2...3: rollout.resumeRequested(now: now)
            case 4: _ = rollout.nextStepRequested(now: now)
            case 5 where random.next(below: 4) == 0: _ = rollout.abortRequested()
            case 6 where random.next(below: 4) == 0:
                _ = rollout.verdictGiven(.abort(self.reason), now: now)
            case 7: _ = rollout.verdictGiven(self.waiting, now: now)
            default: _ = rollout.verdictGiven(.promote, now: now)
            }
            if case .aborted = rollout.state { isOver = true }
            #expect(isOver ? rollout.points == 0 : rollout.points >= last, "seed \(seed)")
            last = rollout.points
        }
    }
}
