/// A bucket of `burst` tokens that fills at a steady rate, as one number (the generic cell rate
/// algorithm of ITU-T I.371).
///
/// The state is the time at which the bucket will be full again. Time is counted in grains, of
/// which a token is worth a power of two, so that no rate is rounded. In any span of time no more
/// is let through than `burst`, what the rate gives in that span, and one grain: a token divided by
/// 2²⁰ for slow limits, by less for fast ones (see `grainsPerToken`).
package struct TokenBucket: LimitRule, Equatable {
    package let tokens: UInt64
    package let period: UInt64
    package let burst: UInt64
    package let stateBits: Int
    /// A token is 2 to this many grains; if negative, a grain is so many tokens.
    private let grainBits: Int
    private let capacity: UInt64
    private let grainsPerNanosecond: FixedRatio
    private let nanosecondsPerGrain: FixedRatio
    /// What may be owed.
    private let debtMax: UInt64

    package static var isPartlyOrdered: Bool { false }

    /// State bits that leave a key's tag 20 of 64; fast limits take up to `stateBitsMax`.
    private static let stateBitsAim = 44
    private static let stateBitsMax = 52
    private static let grainBitsMax = 20

    /// What a key may owe at most, as the time in which the rate pays it off.
    package static let debtNanosecondsMax: UInt64 = 60_000_000_000

    /// - `tokens`: how many come in `period`; at least one.
    /// - `period`: nanoseconds.
    /// - `burst`: how many the bucket holds; at least one.
    ///
    /// - `isCoarse`: for bytes. Then a grain may be up to 2²⁰ tokens, costs are rounded up to whole
    ///   grains, and the bound is two grains more.
    ///
    /// `nil` if one is zero, or rate or burst is beyond what a state holds for twenty years: 7
    /// million a second, unless coarse.
    package init?(tokens: UInt64, per period: UInt64, burst: UInt64, isCoarse: Bool = false) {
        guard tokens > 0, period > 0, burst > 0 else { return nil }
        let tokensMax =
            UInt128(tokens) * UInt128(LimitTime.horizon) / UInt128(period) + UInt128(burst) + 1
        let width = UInt128.bitWidth - tokensMax.leadingZeroBitCount
        if width <= Self.stateBitsAim {
            self.grainBits = min(Self.grainBitsMax, Self.stateBitsAim - width)
        } else {
            self.grainBits = min(0, Self.stateBitsMax - width)
        }
        guard self.grainBits >= (isCoarse ? -Self.grainBitsMax : 0) else { return nil }
        self.stateBits = width + self.grainBits
        self.tokens = tokens
        self.period = period
        self.burst = burst
        self.capacity = Self.grains(burst, self.grainBits)
        // One of both ratios' sides is shifted, so that neither runs over.
        let (up, down) = (max(0, self.grainBits), max(0, -self.grainBits))
        guard tokens.leadingZeroBitCount >= up, period.leadingZeroBitCount >= down
        else { return nil }
        let (grains, time) = (tokens << UInt64(up), period << UInt64(down))
        self.grainsPerNanosecond = FixedRatio(grains, time, roundedUp: false)
        self.nanosecondsPerGrain = FixedRatio(time, grains, roundedUp: true)
        self.debtMax = self.grainsPerNanosecond.applied(to: Self.debtNanosecondsMax)
    }

    /// How much finer than a token the bucket counts.
    package var grainsPerToken: Double {
        self.grainBits < 0 ? 1 / Double(1 << -self.grainBits) : Double(1 << self.grainBits)
    }

    /// What `cost` tokens are in grains, never less.
    private static func grains(_ cost: UInt64, _ grainBits: Int) -> UInt64 {
        guard grainBits < 0 else { return cost &<< UInt64(grainBits) }
        let bits = UInt64(-grainBits)
        return cost &>> bits &+ (cost & (1 &<< bits &- 1) == 0 ? 0 : 1)
    }

    private func nanoseconds(_ grains: UInt64) -> UInt64 {
        let (sum, isOver) = self.nanosecondsPerGrain.applied(to: grains)
            .addingReportingOverflow(1)
        return isOver ? .max : sum
    }

    /// The time in grains.
    package func moment(_ time: LimitTime) -> UInt64 {
        self.grainsPerNanosecond.applied(to: time.monotonic)
    }

    package func rank(_ state: UInt64, _ moment: UInt64) -> UInt64 { state }

    package func isIdle(_ state: UInt64, _ moment: UInt64) -> Bool { state <= moment }

    package func merged(_ first: UInt64, _ second: UInt64, _ moment: UInt64) -> UInt64 {
        max(first, second)
    }

    package func charged(_ state: UInt64, _ cost: UInt64, _ moment: UInt64) -> UInt64? {
        guard cost <= self.burst else { return nil }
        let full = max(state, moment) &+ Self.grains(cost, self.grainBits)
        guard full &- moment <= self.capacity, full &>> UInt64(self.stateBits) == 0
        else { return nil }
        return full
    }

    package func allowed(_ state: UInt64, _ moment: UInt64) -> LimitStanding {
        LimitStanding(
            isAllowed: true, remaining: self.remaining(state, moment),
            reset: state <= moment ? 0 : self.nanoseconds(state &- moment))
    }

    /// What costs more than the bucket holds is told to come back when the bucket is full.
    package func denied(_ state: UInt64, _ cost: UInt64, _ moment: UInt64) -> LimitStanding {
        let full = max(state, moment) &+ Self.grains(min(cost, self.burst), self.grainBits)
        let missing = full &- moment &- min(self.capacity, full &- moment)
        return LimitStanding(
            isAllowed: false, remaining: self.remaining(state, moment),
            reset: self.nanoseconds(missing))
    }

    private func remaining(_ state: UInt64, _ moment: UInt64) -> UInt64 {
        let used = state <= moment ? 0 : state &- moment
        let left = self.capacity &- min(used, self.capacity)
        return self.grainBits >= 0
            ? left &>> UInt64(self.grainBits) : min(self.burst, left &<< UInt64(-self.grainBits))
    }

    /// Spends `cost` whether there is room or not, as what was received already must be counted.
    ///
    /// What is owed is bounded by `debtNanosecondsMax`, or by this cost alone if that is more: who
    /// comes next is not to pay for everything that others ever took.
    ///
    /// - Returns: the new state, and the nanoseconds until the debt is paid off.
    package func paced(_ state: UInt64, _ cost: UInt64, _ moment: UInt64) -> (UInt64, wait: UInt64)
    {
        let stateMax = UInt64(1) &<< UInt64(self.stateBits) &- 1
        let grains = Self.grains(min(cost, UInt64(1) &<< 40), self.grainBits)
        let most = moment &+ self.capacity &+ max(self.debtMax, grains)
        // A state never falls, and another thread's clock may be ahead.
        let full = max(state, min(max(state, moment) &+ grains, most, stateMax))
        return (full, self.debt(full, moment))
    }

    /// Nanoseconds until what was spent too much is paid off.
    package func debt(_ state: UInt64, _ moment: UInt64) -> UInt64 {
        let debt = state &- min(state, moment &+ self.capacity)
        return debt == 0 ? 0 : self.nanoseconds(debt)
    }
}
