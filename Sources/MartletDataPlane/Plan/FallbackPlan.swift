import MartletAlgorithms
package import MartletConfig

/// What a route's client gets when the upstream does not answer, compiled.
package struct FallbackPlan: Sendable, BitwiseCopyable, Equatable {
    /// Kept of a request's body, to be sent to the fallback, where `retries` says nothing of it.
    static let replayBytesMax = 64 * 1024

    /// A row of `Plan.upstreams`.
    package let upstream: Int?
    /// A row of `Plan.staticReplies`.
    package let reply: UInt32?
    /// Answers that count as none.
    private let statuses: StatusSet
    private let includesUnsafe: Bool

    package init(_ config: FallbackConfig, upstream: Int?, reply: UInt32?) {
        self.upstream = upstream
        self.reply = reply
        self.statuses = StatusSet(config.statuses.map { UInt16(clamping: $0) })
        self.includesUnsafe = config.includesUnsafe
    }

    package enum OnUnanswered: Sendable, Equatable {
        case none
        case forward(Int)
        case reply(UInt32)
    }

    /// What is known of an exchange whose upstream has not answered.
    package struct Facts: Sendable, BitwiseCopyable {
        package var isIdempotent: Bool
        /// The request cannot have taken effect.
        package var isUnprocessed: Bool
        /// Nothing of the body has gone out, or all of it is still at hand.
        package var canReplay: Bool
        /// The other upstream has been asked already.
        package var hasFallenBack: Bool

        package init(
            isIdempotent: Bool, isUnprocessed: Bool, canReplay: Bool, hasFallenBack: Bool
        ) {
            self.isIdempotent = isIdempotent
            self.isUnprocessed = isUnprocessed
            self.canReplay = canReplay
            self.hasFallenBack = hasFallenBack
        }
    }

    /// The answer is one that counts as none.
    package func replaces(status: UInt16) -> Bool { self.statuses.contains(status) }

    /// The upstream has not answered, and is not tried again.
    package func unanswered(_ facts: Facts) -> OnUnanswered {
        let isSafe = facts.isUnprocessed || facts.isIdempotent || self.includesUnsafe
        if let upstream = self.upstream, !facts.hasFallenBack, facts.canReplay, isSafe {
            return .forward(upstream)
        }
        return self.reply.map { .reply($0) } ?? .none
    }
}
