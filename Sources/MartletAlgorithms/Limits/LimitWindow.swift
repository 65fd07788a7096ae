/// One of a limit's windows: what is counted, and by which rule.
package enum LimitWindow: Sendable, Equatable {
    case tokenBucket(TokenBucket)
    case slidingWindow(SlidingWindow)
    case quota(PeriodQuota)

    /// How much a client may spend in `seconds`, as `RateLimit-Policy` says it.
    package var quota: UInt64 {
        switch self {
        case .tokenBucket(let rule): rule.burst
        case .slidingWindow(let rule): rule.limit
        case .quota(let rule): rule.limit
        }
    }

    /// The window in whole seconds, rounded up; for a token bucket the time that fills it.
    ///
    /// `nil` for months, which vary.
    package var seconds: UInt64? {
        switch self {
        case .tokenBucket(let rule):
            let (tokens, period) = (rule.tokens, rule.period)
            let time = UInt128(rule.burst) * UInt128(period) / UInt128(tokens)
            return LimitStanding.seconds(UInt64(clamping: max(time, 1)))
        case .slidingWindow(let rule): return LimitStanding.seconds(rule.period)
        case .quota(let rule): return rule.period.seconds
        }
    }
}
