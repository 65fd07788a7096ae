/// At most `limit` requests of a key at the same time, exact over all workers, without a lock.
///
/// A number and the counters that it holds for, which another number can take over: requests that
/// are under way stay counted when a reload changes it. Kept over reloads like `SharedLimit`.
package struct ConcurrencyLimit: Sendable {
    /// One request in flight.
    ///
    /// To be given back once, to a limit with the counters that it came from.
    package struct Lease: Sendable, BitwiseCopyable, Equatable {
        let line: Int
        let word: Int
    }

    package enum OnEnter: Sendable, BitwiseCopyable, Equatable {
        case entered(Lease, remaining: UInt32)
        /// The key has `limit` requests in flight.
        case full
        /// More keys at once than the table is made for.
        case crowded
    }

    package let limit: UInt32
    private let table: ConcurrencyTable

    package static let limitMax: UInt32 = 1 << 20

    /// `nil` if the limit is 0 or above `limitMax`, or if there is no memory.
    ///
    /// - `keysMax`: how many keys have requests in flight at once; `nil` for a limit without keys.
    ///   One word in eight is used then, and one new key in 100,000 finds its line crowded.
    package init?(limit: UInt32, keysMax: Int?) {
        let lineCount = keysMax.map { max(1, min($0, 1 << 32)) } ?? 1
        guard 1...Self.limitMax ~= limit, let table = ConcurrencyTable(lineCount: lineCount)
        else { return nil }
        self.limit = limit
        self.table = table
    }

    private init(limit: UInt32, _ table: ConcurrencyTable) {
        self.limit = limit
        self.table = table
    }

    /// Another number for the same requests; `nil` if it is 0 or above `limitMax`.
    package func changed(to limit: UInt32) -> ConcurrencyLimit? {
        1...Self.limitMax ~= limit ? ConcurrencyLimit(limit: limit, self.table) : nil
    }

    /// Memory of all counters.
    package var byteCount: Int { self.table.byteCount }

    /// - `key`: its `KeyedHash`; any constant for a limit without keys.
    package func enter(_ key: UInt64) -> OnEnter { self.table.enter(key, limit: self.limit) }

    package func leave(_ lease: Lease) { self.table.leave(lease) }

    /// How many requests of a key are in flight.
    package func count(_ key: UInt64) -> UInt32 { self.table.count(key) }
}
