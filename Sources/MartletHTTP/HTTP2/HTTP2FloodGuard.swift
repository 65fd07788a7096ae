/// Counts what a peer may do for nothing but our work, and says when it is too much.
///
/// One for each connection. Counts begin anew with each window of time, so that a long-lived
/// honest connection never adds up to an attack.
package struct HTTP2FloodGuard: Sendable, BitwiseCopyable {
    package enum Kind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        /// Streams that ended in a reset, whoever sent it (CVE-2023-44487, CVE-2025-8671).
        case reset
        /// SETTINGS, PING, PRIORITY and frames of unknown type (CVE-2019-9512, 9513, 9515).
        case control
        /// WINDOW_UPDATE (CVE-2019-9511).
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

    package init() {}

    /// - `now`: monotonic nanoseconds.
    /// - Returns: `false` once there have been more than the limit in this window.
    package mutating func count(_ kind: Kind, now: UInt64, limits: Limits) -> Bool {
        if now >= self.windowEnd {
            self.windowEnd = now &+ limits.window
            self.counts = InlineArray(repeating: 0)
        }
        self.counts[Int(kind.rawValue)] += 1
        return self.counts[Int(kind.rawValue)] <= limits.limit(kind)
    }
}
