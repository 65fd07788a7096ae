#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A worker's time: read once for each inbound event and passed on from here.
///
/// Deadlines count in ticks of 50 ms; the wall clock is taken once a tick, and the `Date` field is
/// rendered once a second.
package struct WorkerClock {
    /// How coarse every timeout is.
    package static let tickNanoseconds: UInt64 = 50_000_000
    package static let ticksPerSecond: UInt64 = 20

    /// Monotonic nanoseconds of the event being handled.
    package private(set) var now: UInt64 = 0
    /// Nanoseconds from the monotonic clock to 1970.
    private var wallClockOffset: Int64 = 0
    /// Simulations have a wall clock that goes with their virtual time alone.
    private let followsSystem: Bool

    package init(now: UInt64, followsSystem: Bool = true) {
        self.now = now
        self.followsSystem = followsSystem
        self.wallClockOffset = Self.realTimeNanoseconds() - Int64(clamping: now)
    }

    package var tick: UInt64 { self.now / Self.tickNanoseconds }

    /// Nanoseconds since 1970.
    package var wallClock: Int64 { Int64(clamping: self.now) &+ self.wallClockOffset }

    package mutating func advance(to now: UInt64) {
        self.now = max(self.now, now)
    }

    /// Follows changes of the system's clock.
    package mutating func readWallClock() {
        guard self.followsSystem else { return }
        self.wallClockOffset = Self.realTimeNanoseconds() - Int64(clamping: self.now)
    }

    /// What a duration too long to be told is taken for: never.
    private static let never = UInt64.max / 4

    /// A duration in whole ticks, at least one.
    package static func ticks(_ duration: Duration) -> UInt64 {
        let nanoseconds = Self.nanoseconds(duration)
        return nanoseconds == Self.never ? Self.never : Self.ticks(nanoseconds: nanoseconds)
    }

    package static func ticks(nanoseconds: UInt64) -> UInt64 {
        max(1, (nanoseconds &+ Self.tickNanoseconds &- 1) / Self.tickNanoseconds)
    }

    /// A duration in nanoseconds; one too long for them is as long as can be told.
    package static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        let whole = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !whole.overflow else { return Self.never }
        return min(
            whole.partialValue &+ UInt64(clamping: attoseconds / 1_000_000_000), Self.never)
    }

    private static func realTimeNanoseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension Duration {
    /// For what counts in whole seconds: half a second is one, not none.
    var secondsRoundedUp: Int64 {
        let (seconds, attoseconds) = self.components
        return attoseconds > 0 ? seconds + 1 : seconds
    }
}
