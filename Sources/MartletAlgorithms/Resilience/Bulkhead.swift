/// What one upstream, or one endpoint, may use at the same time.
package struct BulkheadLimits: Sendable, BitwiseCopyable, Equatable {
    package var connections: UInt32
    package var requests: UInt32
    package var pending: UInt32
    package var retries: UInt32

    package init(
        connections: UInt32 = .max, requests: UInt32 = .max, pending: UInt32 = .max,
        retries: UInt32 = .max
    ) {
        self.connections = connections
        self.requests = requests
        self.pending = pending
        self.retries = retries
    }

    fileprivate var vector: SIMD4<UInt32> {
        SIMD4(self.connections, self.requests, self.pending, self.retries)
    }
}

/// Counts what is in use and refuses what would be too much, so that one upstream's trouble does
/// not take what others need.
///
/// One for each upstream on each worker, with the worker's share of the limits. Lowering a limit
/// refuses newcomers; those inside stay.
package struct Bulkhead: Sendable, BitwiseCopyable, Equatable {
    package enum Place: Int, Sendable, CaseIterable {
        case connection
        case request
        case pending
        case retry
    }

    private var limitOf: SIMD4<UInt32>
    private var usedOf = SIMD4<UInt32>(repeating: 0)

    package init(limits: BulkheadLimits) { self.limitOf = limits.vector }

    /// Takes other limits over.
    package mutating func update(to limits: BulkheadLimits) { self.limitOf = limits.vector }

    package func used(_ place: Place) -> UInt32 { self.usedOf[place.rawValue] }

    /// Takes a place; false if all are in use.
    package mutating func take(_ place: Place) -> Bool {
        guard self.usedOf[place.rawValue] < self.limitOf[place.rawValue] else { return false }
        self.usedOf[place.rawValue] &+= 1
        return true
    }

    /// Gives a place back; one that was not taken is none.
    package mutating func give(_ place: Place) {
        if self.usedOf[place.rawValue] > 0 { self.usedOf[place.rawValue] &-= 1 }
    }
}
