import MartletAlgorithms
import Testing

@Suite struct RetryDecisionTests {
    private var plan: RetryPlan {
        var plan = RetryPlan()
        plan.conditions = [.connectFailure, .refused, .connectionLost, .timeout, .status]
        plan.statuses = StatusSet([503])
        plan.tryCountMax = 3
        plan.backoff = Backoff(startNanoseconds: 100, capNanoseconds: 1000)
        plan.retryAfterNanosecondsMax = 5000
        return plan
    }

    private func decide(_ plan: RetryPlan, _ facts: TryFacts) -> RetryDecision {
        var random = SeededRandom(seed: 1)
        var budget = RetryBudget()
        return plan.decide(facts, budget: &budget, now: 0, random: &random)
    }

    private func facts(
        _ failure: TryFailure, isIdempotent: Bool = true, canReplay: Bool = true, tries: Int = 1
    ) -> TryFacts {
        TryFacts(
            failure: failure, isIdempotent: isIdempotent, canReplay: canReplay, tryCount: tries)
    }

    @Test(
        arguments: [
            .connectFailed, .refused, .connectionLost, .timedOut,
            .status(503, retryAfterNanoseconds: nil),
        ] as [TryFailure])
    func aSafeRequestIsTriedAgain(failure: TryFailure) {
        guard case .retry(let delay) = self.decide(self.plan, self.facts(failure)) else {
            Issue.record("\(failure) is not tried again")
            return
        }
        #expect(delay <= 100)
    }

    @Test(
        arguments: [
            (.connectFailed, true), (.refused, true), (.connectionLost, false),
            (.timedOut, false), (.status(503, retryAfterNanoseconds: nil), false),
        ] as [(TryFailure, Bool)])
    func anUnsafeRequestOnlyIfItWasNotProcessed(failure: TryFailure, isTried: Bool) {
        let facts = self.facts(failure, isIdempotent: false)
        let decision = self.decide(self.plan, facts)
        #expect((decision == .giveUp(.notIdempotent)) == !isTried)
        var plan = self.plan
        plan.includesUnsafe = true
        #expect(self.decide(plan, facts) != .giveUp(.notIdempotent))
    }

    @Test func theFirstRetryOfWhatWasNotProcessedIsAtOnce() {
        #expect(
            self.decide(self.plan, self.facts(.connectFailed)) == .retry(afterNanoseconds: 0))
        #expect(
            self.decide(self.plan, self.facts(.connectFailed, tries: 2))
                != .retry(afterNanoseconds: 0))
    }

    @Test func eachReasonIsNamed() {
        var begun = self.facts(.timedOut)
        begun.hasAnswerBegun = true
        #expect(self.decide(self.plan, begun) == .giveUp(.answerBegun))
        var narrow = self.plan
        narrow.conditions = .connectFailure
        #expect(self.decide(narrow, self.facts(.timedOut)) == .giveUp(.notConfigured))
        let status = TryFailure.status(500, retryAfterNanoseconds: nil)
        #expect(self.decide(self.plan, self.facts(status)) == .giveUp(.notConfigured))
        #expect(
            self.decide(self.plan, self.facts(.timedOut, tries: 3)) == .giveUp(.triesUsedUp))
        #expect(
            self.decide(self.plan, self.facts(.timedOut, canReplay: false))
                == .giveUp(.notReplayable))
        var late = self.facts(.connectFailed)
        late.remainingNanoseconds = 0
        #expect(self.decide(self.plan, late) == .giveUp(.noTimeLeft))
    }

    @Test(arguments: [0, 1, 4999, 5000] as [UInt64])
    func isNeverEarlierThanAskedFor(retryAfter: UInt64) {
        for tries in 1...2 {
            let facts = self.facts(
                .status(503, retryAfterNanoseconds: retryAfter), tries: tries)
            guard case .retry(let delay) = self.decide(self.plan, facts) else {
                Issue.record("not tried again")
                return
            }
            #expect(delay >= retryAfter)
            #expect(delay <= retryAfter + 200)
        }
    }

    @Test func tooMuchPatienceIsLeftToTheClient() {
        for retryAfter in [5001, .max] as [UInt64] {
            let facts = self.facts(.status(503, retryAfterNanoseconds: retryAfter))
            #expect(self.decide(self.plan, facts) == .giveUp(.retryAfterTooLong))
        }
        var patient = self.plan
        patient.retryAfterNanosecondsMax = .max
        var facts = self.facts(.status(503, retryAfterNanoseconds: .max))
        facts.remainingNanoseconds = 1_000_000
        #expect(self.decide(patient, facts) == .giveUp(.noTimeLeft))
    }

    @Test func whatIsNotTriedAgainCostsNoBudget() {
        var random = SeededRandom(seed: 1)
        var budget = RetryBudget(percent: 0, retryCountMin: 1)
        let refused = self.facts(.timedOut, canReplay: false)
        _ = self.plan.decide(refused, budget: &budget, now: 0, random: &random)
        #expect(budget.recentRetryCount == 0)
        // Nor does what reached nobody.
        for _ in 0..<3 {
            let facts = self.facts(.connectFailed)
            let decision = self.plan.decide(facts, budget: &budget, now: 0, random: &random)
            #expect(decision == .retry(afterNanoseconds: 0))
        }
        #expect(budget.recentRetryCount == 0)
        let lost = self.facts(.connectionLost)
        let first = self.plan.decide(lost, budget: &budget, now: 0, random: &random)
        #expect(first != .giveUp(.noBudget))
        let second = self.plan.decide(lost, budget: &budget, now: 0, random: &random)
        #expect(second == .giveUp(.noBudget))
    }
}
