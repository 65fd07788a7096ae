import MartletAlgorithms

/// What the limits of a route said of one exchange, until its answer is written and it is over.
///
/// A value in the exchange; at most `countMax` limits. `count` is 0 for routes without limits, and
/// nothing else is looked at then. The memory is kept from exchange to exchange.
package struct ExchangeRateLimits {
    struct Row: BitwiseCopyable {
        /// A row of `Plan.rateLimits`.
        var limit = 0
        /// The hash of the key.
        var key: UInt64 = 0
        var decision = LimitDecision(count: 0)
        /// The place that the exchange holds while it is under way.
        var lease: ConcurrencyLimit.Lease?
        /// More such places; `nil` if they are not limited.
        var placesLeft: UInt32?
    }

    static let countMax = 4

    /// The limit that had no room; negative if all had.
    private(set) var refusing = -1
    /// That limit had no place for one more request under way.
    private(set) var isFull = false
    /// The step that asks them has had the exchange wait for bandwidth, and will run again.
    var hasWaited = false
    // Not in line: 600 bytes would be copied with the value, and cleared for each exchange.
    private var rows: ContiguousArray<Row> = []

    package init() {}

    package var count: Int { self.rows.count }

    func limit(_ row: Int) -> Int { self.rows[row].limit }
    func key(_ row: Int) -> UInt64 { self.rows[row].key }
    func windowCount(_ row: Int) -> Int { self.rows[row].decision.count }
    func standing(_ row: Int, window: Int) -> LimitStanding { self.rows[row].decision[window] }
    func placesLeft(_ row: Int) -> UInt32? { self.rows[row].placesLeft }

    /// All of one, for those with time.
    subscript(row: Int) -> Row { self.rows[row] }

    package var isRefused: Bool { self.refusing >= 0 }

    mutating func append(limit: Int, key: UInt64) {
        guard self.count < Self.countMax else { return }
        self.rows.append(Row(limit: limit, key: key))
    }

    mutating func decided(_ row: Int, _ decision: LimitDecision) {
        self.rows[row].decision = decision
    }

    mutating func entered(_ row: Int, _ lease: ConcurrencyLimit.Lease, remaining: UInt32) {
        self.rows[row].lease = lease
        self.rows[row].placesLeft = remaining
    }

    mutating func foundFull(_ row: Int) {
        self.rows[row].placesLeft = 0
        self.isFull = true
    }

    mutating func refuse(_ row: Int) { self.refusing = row }

    /// Gives the places back.
    mutating func leave(_ limits: ContiguousArray<RateLimitPlan>) {
        for row in 0..<self.count {
            guard let lease = self.rows[row].lease else { continue }
            self.rows[row].lease = nil
            limits[self.rows[row].limit].concurrency?.leave(lease)
        }
    }

    /// Forgets all limits; keeps the memory.
    mutating func removeAll() {
        self.rows.removeAll(keepingCapacity: true)
        self.refusing = -1
        self.isFull = false
        self.hasWaited = false
    }

    /// Seconds until the refused request may come again.
    var retryAfterSeconds: UInt64 {
        guard self.isRefused, !self.isFull else { return 1 }
        return self.rows[self.refusing].decision.retryAfterSeconds
    }
}
