/// At most `limit` in any window, estimated from two counts: this window's, and the last one's
/// times the share of it that a window ending now still covers.
///
/// The estimate takes the last window's requests as evenly spread. At worst they all came at its
/// end: then a span of one window may hold up to twice the limit, but never more, and two windows
/// from their beginning hold no more than twice the limit either. Who needs the strict bound takes
/// a `TokenBucket`.
package struct SlidingWindow: LimitRule, Equatable {
    /// The window that is now, modulo 2 to the number of index bits, and nanoseconds into it.
    package struct Moment: BitwiseCopyable {
        var index: UInt64
        var elapsed: UInt64
    }

    /// A state's two counts as they are at a moment.
    private struct Counts {
        var current: UInt64
        var previous: UInt64
        /// Behind the moment's own, if another worker's clock is a little ahead.
        var elapsed: UInt64
    }

    package let limit: UInt64
    package let period: UInt64
    package let stateBits: Int
    private let countBits: UInt64
    private let indexMask: UInt64

    package static var isPartlyOrdered: Bool { true }

    /// So many windows may pass before one is taken for another.
    private static let indexBitsMin = 12
    private static let indexBitsMax = 30

    /// - `limit`: at least one.
    /// - `period`: the window in nanoseconds, at least a thousand.
    /// - `stateBitsMax`: 52 for limits with keys, 64 for those without.
    ///
    /// `nil` if one is too small, or the limit beyond 2²⁰ − 1 with a key and 2²⁶ − 1 without.
    package init?(limit: UInt64, per period: UInt64, stateBitsMax: Int = 52) {
        guard limit > 0, period >= 1000 else { return nil }
        let countBits = UInt64.bitWidth - limit.leadingZeroBitCount
        let indexBits = min(Self.indexBitsMax, stateBitsMax - 2 * countBits)
        guard indexBits >= Self.indexBitsMin else { return nil }
        self.limit = limit
        self.period = period
        self.countBits = UInt64(countBits)
        self.indexMask = UInt64(1) << UInt64(indexBits) - 1
        self.stateBits = indexBits + 2 * countBits
    }

    /// Windows are counted from 2, so that the state zero lies two windows back: idle.
    package func moment(_ time: LimitTime) -> Moment {
        let (index, elapsed) = time.monotonic.quotientAndRemainder(dividingBy: self.period)
        return Moment(index: (index &+ 2) & self.indexMask, elapsed: elapsed)
    }

    private func state(index: UInt64, _ current: UInt64, _ previous: UInt64) -> UInt64 {
        (index &<< self.countBits | current) &<< self.countBits | previous
    }

    /// How many windows a state lies behind; a negative number is a great one.
    private func age(_ state: UInt64, _ moment: Moment) -> UInt64 {
        (moment.index &- state &>> (2 &* self.countBits)) & self.indexMask
    }

    private func counts(_ state: UInt64, _ moment: Moment) -> Counts {
        let mask = UInt64(1) &<< self.countBits &- 1
        let (current, previous) = (state &>> self.countBits & mask, state & mask)
        switch self.age(state, moment) {
        case 0: return Counts(current: current, previous: previous, elapsed: moment.elapsed)
        case 1: return Counts(current: 0, previous: current, elapsed: moment.elapsed)
        case self.indexMask &- 1, self.indexMask:
            return Counts(current: current, previous: previous, elapsed: 0)
        default: return Counts(current: 0, previous: 0, elapsed: moment.elapsed)
        }
    }

    /// The last window's share, rounded up.
    private func weighted(_ previous: UInt64, _ elapsed: UInt64) -> UInt64 {
        guard previous > 0 else { return 0 }
        let product = previous.multipliedFullWidth(by: self.period &- elapsed)
        let (share, rest) = self.period.dividingFullWidth(product)
        return rest == 0 ? share : share &+ 1
    }

    /// Ahead of the moment's window counts as ahead, not as long ago.
    package func rank(_ state: UInt64, _ moment: Moment) -> UInt64 {
        let half = self.indexMask &>> 1
        let position = (half &- self.age(state, moment)) & self.indexMask
        let counts = state & (UInt64(1) &<< (2 &* self.countBits) &- 1)
        return position &<< (2 &* self.countBits) | counts
    }

    package func isIdle(_ state: UInt64, _ moment: Moment) -> Bool {
        let counts = self.counts(state, moment)
        return counts.current == 0 && counts.previous == 0
    }

    /// Who is ahead stays ahead: what is behind it is then counted for longer, never shorter.
    package func merged(_ first: UInt64, _ second: UInt64, _ moment: Moment) -> UInt64 {
        let (one, other) = (self.counts(first, moment), self.counts(second, moment))
        let isFirstAhead =
            (self.index(first, moment) &- self.index(second, moment)) & self.indexMask <= 2
        return self.state(
            index: self.index(isFirstAhead ? first : second, moment),
            max(one.current, other.current), max(one.previous, other.previous))
    }

    /// The window that a state is for once it has been brought up to the moment.
    private func index(_ state: UInt64, _ moment: Moment) -> UInt64 {
        self.age(state, moment) >= self.indexMask &- 1
            ? state &>> (2 &* self.countBits) : moment.index
    }

    package func charged(_ state: UInt64, _ cost: UInt64, _ moment: Moment) -> UInt64? {
        let counts = self.counts(state, moment)
        let used = counts.current &+ self.weighted(counts.previous, counts.elapsed)
        guard used <= self.limit, cost <= self.limit &- used else { return nil }
        return self.state(
            index: self.index(state, moment), counts.current &+ cost, counts.previous)
    }

    private func remaining(_ counts: Counts) -> UInt64 {
        let used = counts.current &+ self.weighted(counts.previous, counts.elapsed)
        return self.limit &- min(self.limit, used)
    }

    package func allowed(_ state: UInt64, _ moment: Moment) -> LimitStanding {
        let counts = self.counts(state, moment)
        // What came in this window counts, less and less, until the next one is over.
        let whole = counts.current > 0 ? 2 &* self.period : self.period
        return LimitStanding(
            isAllowed: true, remaining: self.remaining(counts), reset: whole &- counts.elapsed)
    }

    package func denied(_ state: UInt64, _ cost: UInt64, _ moment: Moment) -> LimitStanding {
        let counts = self.counts(state, moment)
        let free = self.limit &- min(self.limit, counts.current)
        let reset: UInt64
        if cost <= free {
            // In this window still, once enough of the last one has been left behind.
            let wanted = self.elapsed(counts.previous, leaving: free &- cost)
            reset = wanted &- min(wanted, counts.elapsed)
        } else {
            // In the next one, whose last window is this one.
            let leaving = self.limit &- min(self.limit, cost)
            reset = self.period &- counts.elapsed &+ self.elapsed(counts.current, leaving: leaving)
        }
        return LimitStanding(isAllowed: false, remaining: self.remaining(counts), reset: reset)
    }

    /// How far a window has to have gone until no more than `share` of `previous` counts.
    private func elapsed(_ previous: UInt64, leaving share: UInt64) -> UInt64 {
        guard previous > share else { return 0 }
        let product = self.period.multipliedFullWidth(by: share)
        return self.period &- previous.dividingFullWidth(product).quotient
    }
}
