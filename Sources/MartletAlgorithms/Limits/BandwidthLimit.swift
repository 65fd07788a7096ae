/// How many bytes a second may pass, for each key of a limit or for all of it.
///
/// Bytes are counted when they have come already, so nothing is refused: what is too much is made
/// up for by waiting: who has sent a piece before it sends more (`pace`), and who comes new before
/// it begins (`debt`). In any span of time no more passes than the burst, what the rate gives, and
/// for each stream that shares the key one piece, which came before its stream was told to wait.
/// What a key owes is bounded by `debtNanosecondsMax`, and by one piece if that is more.
package final class BandwidthLimit: Sendable {
    package let bytesPerSecond: UInt64
    package let burst: UInt64
    private let table: LimitTable<TokenBucket>

    package static let debtNanosecondsMax = TokenBucket.debtNanosecondsMax

    /// `nil` if one of the numbers is 0 or beyond what a `TokenBucket` counts.
    ///
    /// - `burst`: bytes that pass unhindered after a pause; more than one read of a socket.
    /// - `keysMax`: how many keys are told apart; `nil` for a limit without keys.
    package init?(bytesPerSecond: UInt64, burst: UInt64, keysMax: Int?, at time: LimitTime) {
        guard keysMax ?? 1 > 0,
            let rule = TokenBucket(
                tokens: bytesPerSecond, per: 1_000_000_000, burst: burst, isCoarse: true),
            let table = LimitTable(rule: rule, keysMax: keysMax, at: time)
        else { return nil }
        self.bytesPerSecond = bytesPerSecond
        self.burst = burst
        self.table = table
    }

    package var byteCount: Int { self.table.byteCount }
    package var evictionCount: UInt64 { self.table.evictionCount }

    /// Counts bytes that have come.
    ///
    /// - Returns: nanoseconds for which no more should be read of this stream; 0 to go on at once.
    package func pace(_ key: UInt64, byteCount: Int, at time: LimitTime) -> UInt64 {
        self.table.pace(key, cost: UInt64(clamping: byteCount), self.table.moment(time))
    }

    /// Nanoseconds until what streams of a key have taken too much is made up for; counts nothing.
    package func debt(_ key: UInt64, at time: LimitTime) -> UInt64 {
        self.table.debt(key, self.table.moment(time))
    }
}
