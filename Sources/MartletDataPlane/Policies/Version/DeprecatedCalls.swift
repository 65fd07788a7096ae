import MartletHTTP

/// Who has called deprecated versions, on one worker.
///
/// Owned by its worker and confined to its loop; kept over reloads. Bounded: callers beyond
/// `callerCountMax` are counted together.
package struct DeprecatedCalls {
    private struct Key: Hashable {
        let route: UInt64
        /// Of the consumer's name, or the client's address.
        let caller: UInt64
    }

    private static let callerCountMax = 1000

    private var callers: [Key: DeprecatedCaller] = [:]

    /// - `routeHash`: of the route's name.
    mutating func count(_ exchange: Exchange, route: Int, routeHash: UInt64) {
        let consumer = exchange.consumerName
        let seconds = exchange.worker.wallSeconds
        var caller =
            consumer.isEmpty
            ? StableHash.value(of: exchange.origin.address.bits)
            : StableHash.value(of: consumer.span)
        var key = Key(route: routeHash, caller: caller)
        if self.callers[key] == nil, self.callers.count >= Self.callerCountMax {
            caller = 0
            key = Key(route: routeHash, caller: 0)
        }
        if self.callers[key] == nil {
            self.callers[key] = DeprecatedCaller(
                route: exchange.generation.plan.routeNames[route],
                consumer: caller == 0 || consumer.isEmpty
                    ? nil : String(decoding: consumer, as: UTF8.self),
                client: caller == 0 || !consumer.isEmpty
                    ? nil : exchange.origin.address.text.span.text)
        }
        self.callers[key]?.count &+= 1
        self.callers[key]?.lastSeconds = seconds
    }

    package var all: [DeprecatedCaller] { Array(self.callers.values) }
}

/// Who calls a deprecated version; neither consumer nor client for all that were too many.
package struct DeprecatedCaller: Sendable {
    package let route: String
    package let consumer: String?
    /// An address.
    package let client: String?
    package internal(set) var count: UInt64 = 0
    /// Seconds since 1970.
    package internal(set) var lastSeconds: Int64 = 0
}
