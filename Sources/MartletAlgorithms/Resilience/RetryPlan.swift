/// Which failures are tried again, how often and when.
package struct RetryPlan: Sendable, Equatable {
    /// What may be tried again.
    package struct Conditions: OptionSet, Sendable, BitwiseCopyable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// No connection came about.
        package static let connectFailure = Conditions(rawValue: 1 << 0)
        /// The upstream says that it has not processed the request (RFC 9113 §8.7).
        package static let refused = Conditions(rawValue: 1 << 1)
        /// The connection was lost before the answer began.
        package static let connectionLost = Conditions(rawValue: 1 << 2)
        /// The answer did not begin in time.
        package static let timeout = Conditions(rawValue: 1 << 3)
        /// The answer has one of `RetryPlan.statuses`.
        package static let status = Conditions(rawValue: 1 << 4)
    }

    package var conditions: Conditions = [.connectFailure, .refused, .connectionLost]
    package var statuses = StatusSet([502, 503, 504])
    /// Of a request's body that is kept to be sent again.
    package var replayBytesMax = 0
    /// Tries in all, the first one included.
    package var tryCountMax: Int = 2
    package var backoff = Backoff()
    /// A longer `Retry-After` is left to the client.
    package var retryAfterNanosecondsMax: UInt64 = 2_000_000_000
    /// Also methods that are not idempotent; only right if the upstream knows repeated requests.
    package var includesUnsafe = false

    package init() {}
}
