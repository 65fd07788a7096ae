import MartletAlgorithms

/// What the limits of a route said of one exchange, until its answer is written and it is over.
///
/// A value in the exchange; at most `countMax` limits. `count` is 0 for routes without limits, and
/// nothing else is looked at then.
package struct ExchangeRateLimits: BitwiseCopyable {
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

    package private(set) var count = 0
    /// The limit that had no room; negative if all had.
    private(set) var refusing = -1
    /// That limit had no place for one more request under way.
    private(set) var isFull = false
    private var rows = InlineArray<4, Row>(repeating: Row())

    package init() {}

    // Each by itself and through a span: the compiler copies all of an inline array to read one of
    // its elements.
    func limit(_ row: Int) -> Int { self.rows.span[row].limit }
    func key(_ row: Int) -> UInt64 { self.rows.span[row].key }
    func windowCount(_ row: Int) -> Int { self.rows.span[row].decision.count }
    func standing(_ row: Int, window: Int) -> LimitStanding {
        self.rows.span[row].decision[window]
    }
    func placesLeft(_ row: Int) -> UInt32? { self.rows.span[row].placesLeft }

    /// All of one, for those with time.
    subscript(row: Int) -> Row { self.rows[row] }

    package var isRefused: Bool { self.refusing >= 0 }

    mutating func append(limit: Int, key: UInt64) {
        guard self.count < Self.countMax else { return }
        self.rows[self.count] = Row(limit: limit, key: key)
        self.count += 1
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

    /// Seconds until the refused request may come again.
    var retryAfterSeconds: UInt64 {
        guard self.isRefused, !self.isFull else { return 1 }
        return self.rows[self.refusing].decision.retryAfterSeconds
    }
}
