import NIOCore

/// Whether a client for which something is written takes any of it.
///
/// The kernel holds up to some megabytes for a client, and tells the channel of room only when much
/// of that is gone, so a slow client would seem to take nothing. What its TCP has acknowledged
/// counts as well; it is asked for when the deadline is over, not when a watch begins, since large
/// answers begin one again and again.
package struct WriteWatch {
    private var unsentBytes = 0
    private var acknowledgedBytes: UInt64?
    private var progressTick: UInt64 = 0

    package init() {}

    /// How long after a look the next one is due.
    package static func interval(of ticks: UInt64) -> UInt64 { max(1, ticks / 4) }

    package mutating func begin(unsentBytes: Int, at tick: UInt64) {
        self.unsentBytes = unsentBytes
        self.acknowledgedBytes = nil
        self.progressTick = tick
    }

    /// - `unsentBytes`: what the kernel has not taken.
    /// - `acknowledgedBytes`: by the client since it connected; `nil` where that is not known.
    /// - Returns: whether it took nothing for as long as `ticks`, and up to a quarter more.
    package mutating func isStalled(
        unsentBytes: Int, acknowledgedBytes: UInt64?, at tick: UInt64, after ticks: UInt64
    ) -> Bool {
        let hasTaken =
            unsentBytes == 0 || unsentBytes < self.unsentBytes
            || acknowledgedBytes != self.acknowledgedBytes
        self.unsentBytes = unsentBytes
        self.acknowledgedBytes = acknowledgedBytes
        if hasTaken { self.progressTick = tick }
        return !hasTaken && tick - self.progressTick >= ticks
    }
}

extension WriteWatch {
    mutating func begin(_ context: ChannelHandlerContext?, at tick: UInt64) {
        self.begin(unsentBytes: context?.unsentBytes ?? 0, at: tick)
    }

    /// Asks the connection what its client took; costs a system call.
    mutating func isStalled(
        _ context: ChannelHandlerContext?, at tick: UInt64, after ticks: UInt64
    ) -> Bool {
        self.isStalled(
            unsentBytes: context?.unsentBytes ?? 0,
            acknowledgedBytes: context?.transmission?.acknowledgedBytes, at: tick, after: ticks)
    }
}
