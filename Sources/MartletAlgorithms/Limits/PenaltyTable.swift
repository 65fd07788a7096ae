/// Points that clients collect, and who has collected too many and is kept out for a while: over
/// all workers, in fixed memory, without a lock.
///
/// Points are taken from a token bucket. Whoever has emptied it is entered into a second table, in
/// which a bucket of one token is full again when the client may come back. In a crowded table
/// those with the fewest points are forgotten; nobody takes over what others have earned.
package final class PenaltyTable: Sendable {
    package struct Settings: Sendable, Equatable {
        /// Whoever has as many points is kept out; two or more.
        package let threshold: UInt64
        /// In this time as many points are forgotten, one after the other.
        package let decayNanoseconds: UInt64
        package let blockNanoseconds: UInt64
        /// How many clients are to be told apart.
        package let keysMax: Int

        package init(
            threshold: UInt64, decayNanoseconds: UInt64, blockNanoseconds: UInt64, keysMax: Int
        ) {
            self.threshold = threshold
            self.decayNanoseconds = decayNanoseconds
            self.blockNanoseconds = blockNanoseconds
            self.keysMax = keysMax
        }
    }

    package let settings: Settings
    /// Rounded up; a bucket counts in grains that are no whole seconds.
    package let blockSeconds: UInt64
    private let points: LimitTable<TokenBucket>
    private let blocked: LimitTable<TokenBucket>
    private let deeds: LimitTable<TokenBucket>

    /// Of each client so many deeds are told apart on average.
    private static let deedsPerKey = 4

    /// `nil` for settings that no bucket can have, or if there is no memory.
    package init?(_ settings: Settings, at time: LimitTime) {
        guard settings.threshold >= 2, settings.keysMax > 0,
            let points = TokenBucket(
                tokens: settings.threshold, per: settings.decayNanoseconds,
                burst: settings.threshold - 1),
            let blocked = TokenBucket(tokens: 1, per: settings.blockNanoseconds, burst: 1),
            let deeds = TokenBucket(tokens: 1, per: settings.decayNanoseconds, burst: 1)
        else { return nil }
        let deedsMax = settings.keysMax.multipliedReportingOverflow(by: Self.deedsPerKey)
        guard !deedsMax.overflow,
            let pointsTable = Self.table(points, settings.keysMax, at: time),
            let blockedTable = Self.table(blocked, settings.keysMax, at: time),
            let deedsTable = Self.table(deeds, deedsMax.partialValue, at: time)
        else { return nil }
        self.settings = settings
        self.blockSeconds = LimitStanding.seconds(settings.blockNanoseconds)
        self.points = pointsTable
        self.blocked = blockedTable
        self.deeds = deedsTable
    }

    private static func table(
        _ bucket: TokenBucket, _ keysMax: Int, at time: LimitTime
    ) -> LimitTable<TokenBucket>? {
        LimitTable(rule: bucket, keysMax: keysMax, at: time, forgetsEvicted: true)
    }

    /// Seconds for which the client is kept out; 0 if it is not.
    package func secondsBlocked(_ key: UInt64, at time: LimitTime) -> UInt64 {
        let standing = self.blocked.standing(key, cost: 1, self.blocked.moment(time))
        return standing.isAllowed ? 0 : min(standing.resetSeconds, self.blockSeconds)
    }

    /// - Returns: whether it is now that the client has too many; of requests that are served at
    ///   the same time one is told so.
    package func add(_ points: UInt64, to key: UInt64, at time: LimitTime) -> Bool {
        guard !self.points.take(key, cost: points, self.points.moment(time)).isAllowed else {
            return false
        }
        return self.blocked.take(key, cost: 1, self.blocked.moment(time)).isAllowed
    }

    /// Whether this has not been done in the time in which points are forgotten.
    ///
    /// - `deed`: a hash of the client and of what it has done.
    package func isNew(_ deed: UInt64, at time: LimitTime) -> Bool {
        self.deeds.take(deed, cost: 1, self.deeds.moment(time)).isAllowed
    }
}
