import MartletAlgorithms
import Testing

@Suite struct LimitSettingsTests {
    static func settings(
        _ name: String = "a", limit: UInt64 = 10, keysMax: Int? = 100, store: LimitStore = .local
    ) throws -> LimitSettings {
        let window = LimitWindow.quota(try #require(PeriodQuota(limit: limit, per: .day)))
        return LimitSettings(name: name, windows: [window], keysMax: keysMax, store: store)
    }

    /// A reload keeps the counters if and only if these are equal.
    @Test func whatWasChangedIsAnotherLimit() throws {
        let settings = try Self.settings()
        #expect(try settings == Self.settings())
        #expect(try settings != Self.settings("b"))
        #expect(try settings != Self.settings(limit: 11))
        #expect(try settings != Self.settings(keysMax: nil))
        #expect(try settings != Self.settings(store: .shared(fallback: .open)))
        #expect(
            try Self.settings(store: .shared(fallback: .local))
                != Self.settings(store: .shared(fallback: .closed)))
    }

    @Test func theTimeZoneBelongsToIt() throws {
        let ahead = try #require(TimeZoneOffsets(first: 3600, changes: []))
        let utc = try #require(PeriodQuota(limit: 1, per: .day))
        let other = try #require(PeriodQuota(limit: 1, per: .day, in: ahead))
        #expect(LimitWindow.quota(utc) != LimitWindow.quota(other))
    }
}
