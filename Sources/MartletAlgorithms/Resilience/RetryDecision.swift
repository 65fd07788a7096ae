/// How a try ended that gave no answer, or one that may be tried again.
package enum TryFailure: Sendable, BitwiseCopyable, Equatable {
    case connectFailed
    case refused
    case connectionLost
    case timedOut
    /// - `retryAfterNanoseconds`: what the answer asks for (RFC 9110 §10.2.3).
    case status(UInt16, retryAfterNanoseconds: UInt64?)
}

/// What is known of an exchange when one of its tries has failed.
package struct TryFacts: Sendable, BitwiseCopyable, Equatable {
    package var failure: TryFailure
    /// By its method (RFC 9110 §9.2.2), or because it carries a key that the upstream honours.
    package var isIdempotent: Bool
    /// Nothing of the body has gone out, or all of it is still at hand.
    package var canReplay: Bool
    /// Part of an answer has been passed on to the client.
    package var hasAnswerBegun = false
    /// Tries so far, the failed one included.
    package var tryCount: Int
    /// Until the exchange must be over.
    package var remainingNanoseconds: UInt64 = .max

    package init(
        failure: TryFailure, isIdempotent: Bool, canReplay: Bool, tryCount: Int
    ) {
        self.failure = failure
        self.isIdempotent = isIdempotent
        self.canReplay = canReplay
        self.tryCount = tryCount
    }

    /// Whether the request cannot have taken effect, so that any method may be sent again.
    var isUnprocessed: Bool {
        self.failure == .connectFailed || self.failure == .refused
    }
}

/// Whether a failed try is made again.
package enum RetryDecision: Sendable, BitwiseCopyable, Equatable {
    case retry(afterNanoseconds: UInt64)
    case giveUp(RetryRefusal)
}

/// Why a failed try is the last, the first reason that holds.
package enum RetryRefusal: Sendable, BitwiseCopyable, Equatable, CaseIterable {
    case answerBegun
    case notConfigured
    case triesUsedUp
    case notReplayable
    /// It may have taken effect, and must not twice.
    case notIdempotent
    /// The upstream wants more patience than the plan has.
    case retryAfterTooLong
    /// It would come after the exchange's deadline.
    case noTimeLeft
    case noBudget
}

extension RetryPlan {
    /// Decides about a failed try, and takes a retry from the budget if there is to be one.
    package func decide(
        _ facts: TryFacts, budget: inout RetryBudget, now: UInt64, random: inout SeededRandom
    ) -> RetryDecision {
        if let refusal = self.refusal(facts) { return .giveUp(refusal) }
        let delay = self.delay(facts, random: &random)
        guard delay < facts.remainingNanoseconds else { return .giveUp(.noTimeLeft) }
        // A request that reached nobody has cost nobody anything, so its next try is no more load
        // than the first would have been.
        guard facts.failure == .connectFailed || budget.takeRetry(now: now) else {
            return .giveUp(.noBudget)
        }
        return .retry(afterNanoseconds: delay)
    }

    private func refusal(_ facts: TryFacts) -> RetryRefusal? {
        if facts.hasAnswerBegun { return .answerBegun }
        guard self.includes(facts.failure) else { return .notConfigured }
        guard facts.tryCount < self.tryCountMax else { return .triesUsedUp }
        guard facts.canReplay else { return .notReplayable }
        guard facts.isUnprocessed || facts.isIdempotent || self.includesUnsafe else {
            return .notIdempotent
        }
        if case .status(_, let retryAfter?) = facts.failure,
            retryAfter > self.retryAfterNanosecondsMax
        {
            return .retryAfterTooLong
        }
        return nil
    }

    private func includes(_ failure: TryFailure) -> Bool {
        switch failure {
        case .connectFailed: self.conditions.contains(.connectFailure)
        case .refused: self.conditions.contains(.refused)
        case .connectionLost: self.conditions.contains(.connectionLost)
        case .timedOut: self.conditions.contains(.timeout)
        case .status(let status, _):
            self.conditions.contains(.status) && self.statuses.contains(status)
        }
    }

    private func delay(_ facts: TryFacts, random: inout SeededRandom) -> UInt64 {
        // Another endpoint is tried, and this one has done no work: nothing to wait for.
        if facts.isUnprocessed, facts.tryCount == 1 { return 0 }
        let delay = self.backoff.delay(retry: facts.tryCount - 1, random: &random)
        // Never earlier than asked for; the jitter comes on top.
        guard case .status(_, let retryAfter?) = facts.failure else { return delay }
        let sum = retryAfter.addingReportingOverflow(delay)
        return sum.overflow ? .max : sum.partialValue
    }
}
