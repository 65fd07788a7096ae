import MartletAlgorithms

/// What an exchange has of an upstream whose traffic is led: its place among the requests, and how
/// its present try is counted.
///
/// Lies in the exchange; all of it is unused with plain round robin.
package struct UpstreamAttempt: Sendable, BitwiseCopyable {
    /// Counted among the upstream's requests.
    var isAdmitted = false
    /// The present try has a retry's place.
    var isRetry = false
    /// It has been sent once more while it was under way.
    var hasHedged = false
    /// Nothing is under way until the deadline: the wait before a retry.
    var isPausing = false
    /// How the present try ended has been told.
    var hasOutcome = false
    /// The answer has begun well: it counts as a success if it also ends so.
    var isGoodSoFar = false
    /// From the request sent to the head of such an answer.
    var headNanoseconds: UInt64 = 0
    /// Tries that have begun.
    var tryCount: UInt8 = 0
    /// The endpoint at which the present try is counted; 0 for none.
    ///
    /// Not its row, which a reload may change.
    var identifier: UInt64 = 0
    var request = PickRequest()
    var permit: CallPermit?
    var endpointPermit: CallPermit?

    init() {}
}
