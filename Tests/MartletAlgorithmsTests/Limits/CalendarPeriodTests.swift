import Foundation
import MartletAlgorithms
import Testing

@Suite struct CalendarPeriodTests {
    @Test(
        arguments: [
            // Thursday, 1 January 1970, and the second before.
            (.minute, 0, 0, 60), (.minute, -1, -1, 0), (.hour, 3599, 0, 3600),
            (.day, 86_399, 0, 86_400), (.day, -1, -1, 0), (.week, 0, 0, 345_600),
            (.week, 345_600, 1, 950_400), (.month, 0, 0, 2_678_400), (.month, -1, -1, 0),
            // 29 February 2000, and 2100, which has none.
            (.month, 951_782_400, 361, 951_868_800), (.month, 4_107_456_000, 1561, 4_107_542_400),
        ] as [(CalendarPeriod, Int64, Int64, Int64)])
    func spansInUTC(period: CalendarPeriod, time: Int64, index: Int64, end: Int64) {
        #expect(period.span(containing: time, in: .utc) == .init(index: index, end: end))
    }

    /// What the system's calendar says, over years and the changes of the clocks.
    @Test(
        arguments: ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Beirut"],
        [(CalendarPeriod.day, Calendar.Component.day), (.week, .weekOfYear), (.month, .month)])
    func agreesWithTheSystem(name: String, period: (CalendarPeriod, Calendar.Component)) throws {
        let (offsets, zone) = try TimeZoneOffsetsTests.named(name)
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = zone
        var previous: CalendarPeriod.Span?
        for step in 0..<1500 as Range<Int64> {
            let time = 1_767_225_600 + step * 33_333
            let span = period.0.span(containing: time, in: offsets)
            let date = Date(timeIntervalSince1970: Double(time))
            let expected = try #require(calendar.dateInterval(of: period.1, for: date))
            #expect(span.end == Int64(expected.end.timeIntervalSince1970), "\(date)")
            if let previous {
                let isNext = time >= previous.end
                #expect(span.index == previous.index + (isNext ? 1 : 0), "\(date)")
            }
            previous = span
        }
    }

    /// The hour begins on the half hour of UTC in India.
    @Test func hoursAreThoseOfLocalClocks() throws {
        let india = try #require(TimeZoneOffsets(first: 19_800, changes: []))
        #expect(CalendarPeriod.hour.span(containing: 1799, in: india).end == 1800)
        #expect(CalendarPeriod.hour.span(containing: 1800, in: india).end == 5400)
    }

    /// On the day that clocks are set back it lasts 25 hours, when they are set forward 23.
    @Test func daysOfTheChangeAreLongerAndShorter() throws {
        let (berlin, _) = try TimeZoneOffsetsTests.named("Europe/Berlin")
        // 29 March 2026 begins at 23:00 UTC, 25 October at 22:00 UTC of the days before.
        let (spring, autumn): (Int64, Int64) = (1_774_738_800, 1_792_879_200)
        #expect(CalendarPeriod.day.span(containing: spring, in: berlin).end == spring + 23 * 3600)
        #expect(CalendarPeriod.day.span(containing: autumn, in: berlin).end == autumn + 25 * 3600)
        #expect(CalendarPeriod.day.span(containing: autumn - 1, in: berlin).end == autumn)
    }

    @Test(arguments: CalendarPeriod.allCases)
    func noClockIsTooWrong(period: CalendarPeriod) {
        for time in [Int64.min, -1, .max] {
            let span = period.span(containing: time, in: .utc)
            #expect(span.end > span.index || span.index < 0)
        }
    }
}
