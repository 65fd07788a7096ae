/// When something ends by itself: an exception, a key, a maintenance window.
///
/// One word, so that it can lie in a row of the plan. The end itself is over already.
package struct Expiry: Sendable, BitwiseCopyable, Equatable {
    /// Nanoseconds since 1970; `.max` for never.
    package let end: Int64

    package static let never = Expiry(end: .max)

    private init(end: Int64) { self.end = end }

    /// - `seconds`: since 1970; `nil` for what never ends.
    package init(seconds: Int64?) {
        guard let seconds else {
            self = .never
            return
        }
        let (end, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self.end = isOver ? (seconds < 0 ? .min : .max) : end
    }

    /// - `now`: nanoseconds since 1970, as `WorkerClock.wallClock` gives them.
    package func isOver(at now: Int64) -> Bool { now >= self.end && self.end != .max }
}
