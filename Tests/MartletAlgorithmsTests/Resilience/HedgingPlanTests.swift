import MartletAlgorithms
import Testing

@Suite struct HedgingPlanTests {
    @Test func aFixedDelayIsKnownAtOnce() {
        let plan = HedgingPlan(delay: .fixed(nanoseconds: 70), delayNanosecondsMin: 50)
        #expect(HedgingDelay(plan: plan).nanoseconds == 70)
        let short = HedgingPlan(delay: .fixed(nanoseconds: 7), delayNanosecondsMin: 50)
        #expect(HedgingDelay(plan: short).nanoseconds == 50)
    }

    @Test func aQuantileIsKnownWithEnoughAnswers() throws {
        var delay = HedgingDelay(
            plan: HedgingPlan(delay: .quantile(0.9), sampleCountMin: 100),
            periodNanoseconds: 1000)
        for sample in 0..<99 as Range<UInt64> {
            delay.answered(nanoseconds: 10_000_000, now: sample)
        }
        delay.answered(nanoseconds: 10_000_000, now: 1000)
        #expect(delay.nanoseconds == nil, "99 answers in the first period")
        for sample in 0..<200 as Range<UInt64> {
            let nanoseconds: UInt64 = sample % 5 == 0 ? 80_000_000 : 10_000_000
            delay.answered(nanoseconds: nanoseconds, now: 1001 + sample)
        }
        delay.answered(nanoseconds: 10_000_000, now: 2001)
        let found = try #require(delay.nanoseconds)
        #expect((80_000_000...86_000_000).contains(found))
    }

    @Test func oldAnswersAreForgotten() throws {
        var delay = HedgingDelay(plan: HedgingPlan(), periodNanoseconds: 1000)
        for (period, nanoseconds) in [100_000_000, 10_000_000, 10_000_000].enumerated() {
            for period in period * 8..<period * 8 + 8 {
                for sample in 0..<200 {
                    delay.answered(
                        nanoseconds: UInt64(nanoseconds), now: UInt64(period * 1000 + sample))
                }
            }
        }
        #expect(try #require(delay.nanoseconds) < 11_000_000)
    }

    @Test func aQuantileIsNeverBelowTheLeastDelay() throws {
        var delay = HedgingDelay(
            plan: HedgingPlan(delayNanosecondsMin: 5_000_000), periodNanoseconds: 1000)
        for sample in 0..<1200 as Range<UInt64> {
            delay.answered(nanoseconds: 1_000_000, now: sample)
        }
        #expect(delay.nanoseconds == 5_000_000)
    }

    @Test func aHedgeIsARetry() {
        let plan = HedgingPlan(hedgeCountMax: 1)
        var budget = RetryBudget(percent: 0, retryCountMin: 1)
        func due(
            isIdempotent: Bool = true, canReplay: Bool = true, hedgeCount: Int = 0
        ) -> HedgingPlan.OnHedgeDue {
            plan.hedgeDue(
                isIdempotent: isIdempotent, canReplay: canReplay, hedgeCount: hedgeCount,
                budget: &budget, now: 0)
        }
        #expect(due(hedgeCount: 1) == .refuse(.triesUsedUp))
        #expect(due(canReplay: false) == .refuse(.notReplayable))
        #expect(due(isIdempotent: false) == .refuse(.notIdempotent))
        #expect(due() == .send)
        #expect(due() == .refuse(.noBudget))
    }
}
