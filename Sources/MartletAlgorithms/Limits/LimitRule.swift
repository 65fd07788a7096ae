/// How one kind of limit counts: pure functions over a state of at most 52 bits.
///
/// A state of zero is that of a key never seen. For one key `rank` never falls as time goes on,
/// whatever is charged: `LimitTable` relies on it, and so nothing is ever given back.
package protocol LimitRule: Sendable {
    /// What the rule has to know of the time, worked out once for a request.
    associatedtype Moment: BitwiseCopyable

    /// How many of the low bits a state takes.
    var stateBits: Int { get }
    /// Whether two states can be such that neither is the greater in all that counts.
    ///
    /// Then what is evicted has to be remembered apart from what takes its place.
    static var isPartlyOrdered: Bool { get }

    func moment(_ time: LimitTime) -> Moment
    /// The order in which states are given up: the least is missed least.
    func rank(_ state: UInt64, _ moment: Moment) -> UInt64
    /// Whether the state says no more than zero would.
    func isIdle(_ state: UInt64, _ moment: Moment) -> Bool
    /// The least state that is as strict as both.
    func merged(_ first: UInt64, _ second: UInt64, _ moment: Moment) -> UInt64
    /// The state after `cost` was spent, or `nil` if there is no room for it.
    func charged(_ state: UInt64, _ cost: UInt64, _ moment: Moment) -> UInt64?
    /// What to tell who was let through, which left `state`.
    func allowed(_ state: UInt64, _ moment: Moment) -> LimitStanding
    /// What to tell who was turned away.
    func denied(_ state: UInt64, _ cost: UInt64, _ moment: Moment) -> LimitStanding
}

/// A moment as limits see it: one clock for rates, the other for calendars.
///
/// Both are read once for an event, by the worker that handles it, and handed down.
package struct LimitTime: Sendable, BitwiseCopyable, Equatable {
    /// Nanoseconds of a clock that never goes back.
    package let monotonic: UInt64
    /// Nanoseconds since 1970, by a clock that may be set.
    package let wall: Int64

    package init(monotonic: UInt64, wall: Int64) {
        self.monotonic = monotonic
        self.wall = wall
    }

    /// Twenty years: for so long after a limit was made its counters do not run over.
    package static let horizon: UInt64 = 631_152_000 * 1_000_000_000
}
