/// Clients that behave badly over several requests, and how long they are kept out (row C7).
package struct AbuseDetectionConfig: Sendable, Equatable {
    package enum Key: String, Sendable, Equatable, CaseIterable {
        /// The client's real address, or the first half of it for IPv6.
        case address
        /// Who has shown credentials that were taken.
        case consumer
    }

    package var source = SourceLocation.unknown
    package var action = FindingActionConfig.block
    /// Whoever has as many points is kept out.
    package var threshold = 100
    /// In this time as many points are forgotten, one after the other.
    package var decay: Duration = .seconds(600)
    package var blockFor: Duration = .seconds(900)
    /// What points are counted for.
    package var keys: [Key] = [.address]
    /// Networks of clients that are never counted nor kept out.
    package var exempt: [String] = []
    /// How many clients are told apart.
    package var maxTracked = 100_000
    package var scores = AbuseScoresConfig()

    package init() {}
}

/// The points of each sign; 0 for one that says nothing.
///
/// What people and broken programs do by accident has few points or none.
package struct AbuseScoresConfig: Sendable, Equatable {
    package var notFound = 2
    package var methodNotAllowed = 2
    package var malformed = 10
    package var invalid = 0
    package var wrongCredentials = 2
    package var forbidden = 2
    package var rateLimited = 0
    package var injection = 25
    package var bot = 5
    /// What `inspect` and `bots` have found and only reported.
    package var reported = 0
    package var slow = 2
    package var upstreamUnauthorized = 0
    package var upstreamNotFound = 0

    package init() {}
}
