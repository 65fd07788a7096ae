/// One limit with the counters of all its keys, shared by all workers and all routes that name it.
///
/// Exact over all threads, without a lock. Kept by name over reloads while its settings stay the
/// same. Memory is fixed: `byteCount`, and what was never touched takes none.
package final class SharedLimit: Sendable {
    package let settings: LimitSettings
    private let windowCount: Int
    private let first: LimitWindowTable
    private let second: LimitWindowTable
    private let third: LimitWindowTable
    private let fourth: LimitWindowTable

    /// As many windows as a limit can have.
    package static let windowCountMax = LimitDecision.windowCountMax

    /// `nil` if there are no windows or too many, no keys, or no memory.
    package init?(_ settings: LimitSettings, at time: LimitTime) {
        let (windows, keysMax) = (settings.windows, settings.keysMax)
        func table(_ index: Int) -> LimitWindowTable? {
            LimitWindowTable(
                index < windows.count ? windows[index] : nil, keysMax: keysMax, at: time,
                forgetsEvicted: settings.forgetsEvicted)
        }
        guard 1...Self.windowCountMax ~= windows.count, keysMax ?? 1 > 0,
            let first = table(0), let second = table(1), let third = table(2),
            let fourth = table(3)
        else { return nil }
        self.settings = settings
        self.windowCount = windows.count
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// Memory of all counters, when every key has been used.
    package var byteCount: Int {
        self.first.byteCount + self.second.byteCount + self.third.byteCount
            + self.fourth.byteCount
    }

    /// How many keys have given way to others that had spent something, over all windows.
    package var evictionCount: UInt64 {
        self.first.evictionCount &+ self.second.evictionCount &+ self.third.evictionCount
            &+ self.fourth.evictionCount
    }

    /// Where a key stands if `cost` were to be spent; spends nothing.
    package func standing(_ key: UInt64, cost: UInt64, at time: LimitTime) -> LimitDecision {
        var decision = LimitDecision(count: self.windowCount)
        for index in 0..<self.windowCount {
            decision[index] = self.standing(index, key, cost, time)
        }
        return decision
    }

    /// Spends `cost` in every window if there is room for it in each, else in none.
    ///
    /// All windows are asked before one is charged. If another worker takes the last of one at that
    /// very moment, this request is turned away although it may have been charged in the others. To
    /// make that seldom, the window with the least left is charged first.
    ///
    /// - `key`: the value of its `KeyedHash`; any number for a limit without keys.
    package func take(_ key: UInt64, cost: UInt64, at time: LimitTime) -> LimitDecision {
        guard self.windowCount > 1 else {
            var decision = LimitDecision(count: 1)
            decision[0] = self.first.take(key, cost: cost, time)
            return decision
        }
        var decision = self.standing(key, cost: cost, at: time)
        var uncharged = (1 &<< self.windowCount) &- 1
        while decision.isAllowed, let index = decision.least(of: uncharged) {
            decision[index] = self.take(index, key, cost, time)
            uncharged &= ~(1 &<< index)
        }
        return decision
    }

    private func standing(
        _ window: Int, _ key: UInt64, _ cost: UInt64, _ time: LimitTime
    ) -> LimitStanding {
        switch window {
        case 0: self.first.standing(key, cost: cost, time)
        case 1: self.second.standing(key, cost: cost, time)
        case 2: self.third.standing(key, cost: cost, time)
        default: self.fourth.standing(key, cost: cost, time)
        }
    }

    private func take(
        _ window: Int, _ key: UInt64, _ cost: UInt64, _ time: LimitTime
    ) -> LimitStanding {
        switch window {
        case 0: self.first.take(key, cost: cost, time)
        case 1: self.second.take(key, cost: cost, time)
        case 2: self.third.take(key, cost: cost, time)
        default: self.fourth.take(key, cost: cost, time)
        }
    }
}
