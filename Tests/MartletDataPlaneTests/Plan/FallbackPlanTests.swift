import MartletConfig
import MartletDataPlane
import Testing

@Suite struct FallbackPlanTests {
    private func facts(
        idempotent: Bool = true, unprocessed: Bool = false, replay: Bool = true,
        fallen: Bool = false
    ) -> FallbackPlan.Facts {
        FallbackPlan.Facts(
            isIdempotent: idempotent, isUnprocessed: unprocessed, canReplay: replay,
            hasFallenBack: fallen)
    }

    @Test func theOtherUpstreamComesBeforeTheReply() {
        let plan = FallbackPlan(FallbackConfig(), upstream: 2, reply: 5)
        #expect(plan.unanswered(self.facts()) == .forward(2))
        #expect(plan.unanswered(self.facts(fallen: true)) == .reply(5))
        #expect(plan.unanswered(self.facts(replay: false)) == .reply(5))
    }

    @Test func nothingTakesEffectTwice() {
        let plan = FallbackPlan(FallbackConfig(), upstream: 2, reply: nil)
        #expect(plan.unanswered(self.facts(idempotent: false)) == .none)
        #expect(plan.unanswered(self.facts(idempotent: false, unprocessed: true)) == .forward(2))
        var config = FallbackConfig()
        config.includesUnsafe = true
        let unsafe = FallbackPlan(config, upstream: 2, reply: nil)
        #expect(unsafe.unanswered(self.facts(idempotent: false)) == .forward(2))
        #expect(unsafe.unanswered(self.facts(idempotent: false, replay: false)) == .none)
    }

    @Test func countsChosenAnswersAsNone() {
        var config = FallbackConfig()
        config.statuses = [502, 503]
        let plan = FallbackPlan(config, upstream: nil, reply: 1)
        #expect(plan.replaces(status: 503) && !plan.replaces(status: 500))
        #expect(!plan.replaces(status: 200))
    }
}
