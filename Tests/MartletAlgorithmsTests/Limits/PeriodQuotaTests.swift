import MartletAlgorithms
import Testing

@Suite struct PeriodQuotaTests {
    /// Noon of 1 October 2026, UTC.
    static let noon: Int64 = 1_790_856_000

    private func take(
        _ rule: PeriodQuota, _ state: inout UInt64, _ cost: UInt64, at second: Int64
    ) -> LimitStanding {
        let moment = rule.moment(LimitTime(monotonic: 0, wall: second * 1_000_000_000))
        guard let next = rule.charged(state, cost, moment) else {
            return rule.denied(state, cost, moment)
        }
        state = next
        return rule.allowed(state, moment)
    }

    @Test(
        arguments: [
            (.minute, 60), (.hour, 3600), (.day, 43_200), (.week, 43_200 + 3 * 86_400),
            (.month, 43_200 + 30 * 86_400),
        ] as [(CalendarPeriod, UInt64)])
    func countsUntilThePeriodEnds(period: CalendarPeriod, left: UInt64) throws {
        let rule = try #require(PeriodQuota(limit: 10, per: period))
        var state: UInt64 = 0
        let first = self.take(rule, &state, 4, at: Self.noon)
        #expect(first == LimitStanding(isAllowed: true, remaining: 6, reset: left * 1_000_000_000))
        let last = Self.noon + Int64(left) - 1
        #expect(self.take(rule, &state, 6, at: last).remaining == 0)
        let denied = self.take(rule, &state, 1, at: last)
        #expect(denied == LimitStanding(isAllowed: false, remaining: 0, reset: 1_000_000_000))
        #expect(self.take(rule, &state, 10, at: last + 1).isAllowed)
        #expect(!self.take(rule, &state, 1, at: last + 1).isAllowed)
    }

    @Test func midnightIsThatOfTheTimeZone() throws {
        let (berlin, _) = try TimeZoneOffsetsTests.named("Europe/Berlin")
        let rule = try #require(PeriodQuota(limit: 1, per: .day, in: berlin))
        var state: UInt64 = 0
        #expect(self.take(rule, &state, 1, at: Self.noon).resetSeconds == 10 * 3600)
        #expect(!self.take(rule, &state, 1, at: Self.noon + 10 * 3600 - 1).isAllowed)
        #expect(self.take(rule, &state, 1, at: Self.noon + 10 * 3600).isAllowed)
    }

    @Test func aClockSetBackALittleChangesNothingAndSetBackFarForgets() throws {
        let rule = try #require(PeriodQuota(limit: 5, per: .hour))
        var state: UInt64 = 0
        #expect(self.take(rule, &state, 5, at: Self.noon).isAllowed)
        #expect(!self.take(rule, &state, 1, at: Self.noon - 1).isAllowed)
        #expect(self.take(rule, &state, 1, at: Self.noon - 3601).isAllowed)
        #expect(self.take(rule, &state, 5, at: Self.noon).isAllowed)
    }

    @Test(
        arguments: [
            (0, .day, false), (1 << 25 - 1, .minute, true), (1 << 25, .minute, false),
            (1 << 31 - 1, .hour, true), (1 << 31, .hour, false), (1 << 35 - 1, .day, true),
            (1 << 38 - 1, .week, true), (1 << 40 - 1, .month, true), (.max, .month, false),
        ] as [(UInt64, CalendarPeriod, Bool)])
    func bounds(limit: UInt64, period: CalendarPeriod, isTaken: Bool) {
        let rule = PeriodQuota(limit: limit, per: period)
        #expect((rule != nil) == isTaken)
        if let rule { #expect(rule.stateBits <= 52) }
    }

    @Test(arguments: CalendarPeriod.allCases)
    func noClockIsTooWrong(period: CalendarPeriod) throws {
        let rule = try #require(PeriodQuota(limit: 10, per: period))
        for wall in [Int64.min, -1, 0, .max] {
            let moment = rule.moment(LimitTime(monotonic: .max, wall: wall))
            let state = try #require(rule.charged(0, 10, moment))
            #expect(rule.charged(state, 1, moment) == nil)
            #expect(rule.charged(state, .max, moment) == nil)
            #expect(rule.merged(state, 0, moment) == state)
        }
    }
}
