/// Counts what a peer may do for nothing but our work, and says when it is too much.
///
/// Honest peers answer what they get: with window updates for DATA, with a PING to measure how fast
/// it came, with a reset of what they no longer want. So what has been sent to a peer pays for
/// some of it, and only the rest is counted. One for each connection. Counts begin anew with each
/// window of time, so that a long-lived honest connection never adds up to an attack; what is paid
/// for in advance is bounded.
package struct HTTP2FloodGuard: Sendable, BitwiseCopyable {
    package enum Kind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        /// Streams that were reset before they were answered (CVE-2023-44487), or because the peer
        /// broke a rule (CVE-2025-8671); an answered request pays for one.
        case reset
        /// SETTINGS, PING, PRIORITY and frames of unknown type (CVE-2019-9512, 9513, 9515); a
        /// HEADERS or DATA frame that was sent pays for one PING.
        case control
        /// WINDOW_UPDATE (CVE-2019-9511); bytes of DATA that were sent pay for it.
        case windowUpdate
        /// DATA without a byte that does not end the stream (CVE-2019-9518).
        case emptyData
        /// CONTINUATION (CVE-2024-27316).
        case continuation
    }

    /// The most of each kind in one window.
    package struct Limits: Sendable, BitwiseCopyable, Equatable {
        package var resets = 100
        package var controls = 500
        package var windowUpdates = 20_000
        package var emptyFrames = 100
        package var continuations = 200
        /// Nanoseconds.
        package var window: UInt64 = 10_000_000_000

        package init() {}

        func limit(_ kind: Kind) -> Int {
            switch kind {
            case .reset: self.resets
            case .control: self.controls
            case .windowUpdate: self.windowUpdates
            case .emptyData: self.emptyFrames
            case .continuation: self.continuations
            }
        }
    }

    private var counts = InlineArray<5, Int>(repeating: 0)
    private var windowEnd: UInt64 = 0
    private var pingsPaid = 0
    private var updateBytesPaid = 0
    private var resetsPaid = 0

    /// Bytes of DATA that pay for one WINDOW_UPDATE.
    ///
    /// Peers update a stream and the connection, most of them for half a window of 64 KiB or more;
    /// one that opens its window byte by byte pays for next to none.
    static let updateBytes = 256
    /// What a frame pays that nothing but its content made small.
    ///
    /// One update of the stream and one of the connection, as simple peers send for each frame.
    static let frameBytes = 2 * updateBytes
    /// What is paid for in advance at most.
    static let pingsPaidMax = 1000
    static let updateBytesPaidMax = 16 * 1024 * 1024

    package init() {}

    // MARK: What pays

    /// HEADERS have been sent.
    package mutating func headSent() {
        self.dataSent(0, isWhole: true)
    }

    /// DATA has been sent.
    ///
    /// - `isWhole`: nothing was left behind for want of a window.
    package mutating func dataSent(_ byteCount: Int, isWhole: Bool) {
        self.pingsPaid = min(self.pingsPaid + 1, Self.pingsPaidMax)
        let bytes = byteCount + (isWhole ? Self.frameBytes : 0)
        self.updateBytesPaid = min(self.updateBytesPaid + bytes, Self.updateBytesPaidMax)
    }

    /// A request has been answered to its end.
    ///
    /// Pays for as many resets in advance as are allowed anyway.
    package mutating func requestAnswered(limits: Limits) {
        self.resetsPaid = min(self.resetsPaid + 1, limits.resets)
    }

    // MARK: What is counted

    /// - `now`: monotonic nanoseconds.
    /// - Returns: `false` once there have been more than the limit in this window.
    package mutating func countPing(now: UInt64, limits: Limits) -> Bool {
        guard self.pingsPaid == 0 else {
            self.pingsPaid -= 1
            return true
        }
        return self.count(.control, now: now, limits: limits)
    }

    /// As `countPing`.
    package mutating func countWindowUpdate(now: UInt64, limits: Limits) -> Bool {
        guard self.updateBytesPaid < Self.updateBytes else {
            self.updateBytesPaid -= Self.updateBytes
            return true
        }
        return self.count(.windowUpdate, now: now, limits: limits)
    }

    /// As `countPing`.
    package mutating func countReset(now: UInt64, limits: Limits) -> Bool {
        guard self.resetsPaid == 0 else {
            self.resetsPaid -= 1
            return true
        }
        return self.count(.reset, now: now, limits: limits)
    }

    /// As `countPing`, without regard to what has been paid for.
    package mutating func count(_ kind: Kind, now: UInt64, limits: Limits) -> Bool {
        if now >= self.windowEnd {
            self.windowEnd = now &+ limits.window
            self.counts = InlineArray(repeating: 0)
        }
        self.counts[Int(kind.rawValue)] += 1
        return self.counts[Int(kind.rawValue)] <= limits.limit(kind)
    }
}
