/// One window's rule with the counters of all keys.
///
/// Reached through constants only, so that no reference is counted for a request: all workers would
/// count it in one place.
package enum LimitWindowTable: Sendable {
    case tokenBucket(LimitTable<TokenBucket>)
    case slidingWindow(LimitTable<SlidingWindow>)
    case quota(LimitTable<PeriodQuota>)
    /// A limit with fewer windows than it could have.
    case absent

    /// `nil` if there is no memory for it.
    package init?(
        _ window: LimitWindow?, keysMax: Int?, at time: LimitTime, forgetsEvicted: Bool = false
    ) {
        switch window {
        case .tokenBucket(let rule):
            guard
                let table = LimitTable(
                    rule: rule, keysMax: keysMax, at: time, forgetsEvicted: forgetsEvicted)
            else { return nil }
            self = .tokenBucket(table)
        case .slidingWindow(let rule):
            guard
                let table = LimitTable(
                    rule: rule, keysMax: keysMax, at: time, forgetsEvicted: forgetsEvicted)
            else { return nil }
            self = .slidingWindow(table)
        case .quota(let rule):
            guard
                let table = LimitTable(
                    rule: rule, keysMax: keysMax, at: time, forgetsEvicted: forgetsEvicted)
            else { return nil }
            self = .quota(table)
        case nil: self = .absent
        }
    }

    /// Where the key stands if `cost` were to be spent; spends nothing.
    package func standing(_ hash: UInt64, cost: UInt64, _ time: LimitTime) -> LimitStanding {
        switch self {
        case .tokenBucket(let table): table.standing(hash, cost: cost, table.moment(time))
        case .slidingWindow(let table): table.standing(hash, cost: cost, table.moment(time))
        case .quota(let table): table.standing(hash, cost: cost, table.moment(time))
        case .absent: .unlimited
        }
    }

    /// Spends `cost` if there is room for it.
    package func take(_ hash: UInt64, cost: UInt64, _ time: LimitTime) -> LimitStanding {
        switch self {
        case .tokenBucket(let table): table.take(hash, cost: cost, table.moment(time))
        case .slidingWindow(let table): table.take(hash, cost: cost, table.moment(time))
        case .quota(let table): table.take(hash, cost: cost, table.moment(time))
        case .absent: .unlimited
        }
    }

    /// How many keys have given way that had spent something.
    package var evictionCount: UInt64 {
        switch self {
        case .tokenBucket(let table): table.evictionCount
        case .slidingWindow(let table): table.evictionCount
        case .quota(let table): table.evictionCount
        case .absent: 0
        }
    }

    /// Memory, all of it.
    package var byteCount: Int {
        switch self {
        case .tokenBucket(let table): table.byteCount
        case .slidingWindow(let table): table.byteCount
        case .quota(let table): table.byteCount
        case .absent: 0
        }
    }
}
