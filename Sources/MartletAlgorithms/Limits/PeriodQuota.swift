/// At most `limit` in each minute, hour, day, week or month of a calendar.
///
/// Exact for each period. A span as long as a period may hold twice as much: the end of one period
/// and the beginning of the next.
package struct PeriodQuota: LimitRule, Equatable {
    package struct Moment: BitwiseCopyable {
        var index: UInt64
        var reset: UInt64
    }

    package let limit: UInt64
    package let period: CalendarPeriod
    package let zone: TimeZoneOffsets
    package let stateBits: Int
    private let countBits: UInt64

    package static var isPartlyOrdered: Bool { false }

    private static let stateBitsMax = 52

    /// `nil` if the limit is 0, or more than a state holds: 2²⁵ − 1 for the minute, 2³¹ − 1 for the
    /// hour, 2³⁵ − 1 for the day, and more for the others.
    package init?(limit: UInt64, per period: CalendarPeriod, in zone: TimeZoneOffsets = .utc) {
        let countBits = UInt64.bitWidth - limit.leadingZeroBitCount
        guard limit > 0, countBits + period.indexBits <= Self.stateBitsMax else { return nil }
        self.limit = limit
        self.period = period
        self.zone = zone
        self.countBits = UInt64(countBits)
        self.stateBits = countBits + period.indexBits
    }

    package func moment(_ time: LimitTime) -> Moment {
        let span = self.period.span(containing: time.wall / 1_000_000_000, in: self.zone)
        let indexMax = UInt64(1) &<< UInt64(self.period.indexBits) &- 1
        let left = span.end.multipliedReportingOverflow(by: 1_000_000_000)
            .partialValue.subtractingReportingOverflow(time.wall).partialValue
        return Moment(
            index: min(UInt64(clamping: span.index), indexMax), reset: UInt64(clamping: left))
    }

    /// A state's index and count as they are at a moment.
    ///
    /// One period ahead is another worker's clock, or local clocks set back over midnight; further
    /// ahead, the system's clock was set back, and what it said before is forgotten.
    private func counted(_ state: UInt64, _ moment: Moment) -> (index: UInt64, count: UInt64) {
        let (index, count) = (state &>> self.countBits, state & (1 &<< self.countBits &- 1))
        return index == moment.index || index == moment.index &+ 1
            ? (index, count) : (moment.index, 0)
    }

    package func rank(_ state: UInt64, _ moment: Moment) -> UInt64 { state }

    package func isIdle(_ state: UInt64, _ moment: Moment) -> Bool {
        self.counted(state, moment).count == 0
    }

    package func merged(_ first: UInt64, _ second: UInt64, _ moment: Moment) -> UInt64 {
        let (first, second) = (self.counted(first, moment), self.counted(second, moment))
        return max(
            first.index &<< self.countBits | first.count,
            second.index &<< self.countBits | second.count)
    }

    package func charged(_ state: UInt64, _ cost: UInt64, _ moment: Moment) -> UInt64? {
        let (index, count) = self.counted(state, moment)
        guard cost <= self.limit &- min(self.limit, count) else { return nil }
        return index &<< self.countBits | (count &+ cost)
    }

    private func standing(_ state: UInt64, _ moment: Moment, isAllowed: Bool) -> LimitStanding {
        let count = self.counted(state, moment).count
        return LimitStanding(
            isAllowed: isAllowed, remaining: self.limit &- min(self.limit, count),
            reset: moment.reset)
    }

    package func allowed(_ state: UInt64, _ moment: Moment) -> LimitStanding {
        self.standing(state, moment, isAllowed: true)
    }

    package func denied(_ state: UInt64, _ cost: UInt64, _ moment: Moment) -> LimitStanding {
        self.standing(state, moment, isAllowed: false)
    }
}
