/// A stretch of the calendar that a quota is for; begins on the hour, at midnight, on Monday or on
/// the first, by the clocks of a time zone.
package enum CalendarPeriod: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case minute, hour, day, week, month

    /// One period: its place in the count of them, and the second at which the next one begins.
    package struct Span: Sendable, BitwiseCopyable, Equatable {
        package let index: Int64
        package let end: Int64

        package init(index: Int64, end: Int64) {
            self.index = index
            self.end = end
        }
    }

    /// How long it is in seconds; `nil` for the month, which varies.
    package var seconds: UInt64? {
        switch self {
        case .minute: 60
        case .hour: 3600
        case .day: 86_400
        case .week: 604_800
        case .month: nil
        }
    }

    /// Enough bits for the index of any such period of this century and the next.
    var indexBits: Int {
        switch self {
        case .minute: 27
        case .hour: 21
        case .day: 17
        case .week: 14
        case .month: 12
        }
    }

    /// The period that holds a moment.
    ///
    /// Where clocks are set back over midnight, an hour belongs to the day before once more.
    ///
    /// - `time`: seconds since 1970.
    package func span(containing time: Int64, in zone: TimeZoneOffsets) -> Span {
        // Far enough for any clock, and nothing below runs over.
        let time = min(max(time, -(1 << 40)), 1 << 40)
        let offset = zone.offset(at: time)
        switch self {
        case .minute: return Self.span(time, length: 60, offset: 0)
        // By local clocks, which in some zones are half an hour off.
        case .hour: return Self.span(time, length: 3600, offset: Self.floor(offset, 3600).rest)
        case .day, .week, .month:
            let day = Self.floor(time + offset, 86_400).quotient
            let (index, next) = self.period(ofDay: day)
            return Span(index: index, end: zone.firstTime(from: time, showing: next * 86_400))
        }
    }

    private static func span(_ time: Int64, length: Int64, offset: Int64) -> Span {
        let index = self.floor(time + offset, length).quotient
        return Span(index: index, end: (index + 1) * length - offset)
    }

    /// The period that holds a day, and the first day of the next; days are counted from 1970.
    private func period(ofDay day: Int64) -> (index: Int64, next: Int64) {
        switch self {
        case .minute, .hour, .day: return (day, day + 1)
        case .week:
            // 1970 began on a Thursday.
            let week = Self.floor(day + 3, 7).quotient
            return (week, (week + 1) * 7 - 3)
        case .month:
            let month = Self.month(ofDay: day)
            return (month, Self.firstDay(ofMonth: month + 1))
        }
    }

    private static func floor(_ value: Int64, _ unit: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: unit)
        return rest < 0 ? (quotient - 1, rest + unit) : (quotient, rest)
    }

    /// Months since January 1970 of the proleptic Gregorian calendar.
    ///
    /// Years are counted from March, so that the leap day is the last; 400 years are 146,097 days.
    private static func month(ofDay day: Int64) -> Int64 {
        let (era, dayOfEra) = self.floor(day + 719_468, 146_097)
        let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let year = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        // March is 0; five months in turn have 153 days.
        let month = (5 * dayOfYear + 2) / 153
        return (era * 400 + year - 1970) * 12 + month + 2
    }

    private static func firstDay(ofMonth month: Int64) -> Int64 {
        let (years, monthFromMarch) = self.floor(month - 2, 12)
        let (era, year) = self.floor(years + 1970, 400)
        let dayOfYear = (153 * monthFromMarch + 2) / 5
        return era * 146_097 + year * 365 + year / 4 - year / 100 + dayOfYear - 719_468
    }
}
