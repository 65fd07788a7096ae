/// How many of the last calls failed or were slow, by count or by time.
///
/// Owned by a circuit breaker; its memory is made once: a byte for each call, or ten sums.
package struct OutcomeWindow: Sendable {
    private static let callCountMax = 10_000
    private static let sliceCount = 10
    private static let failureBit: UInt8 = 1
    private static let slowBit: UInt8 = 2
    private static let calls = 0
    private static let failures = 1
    private static let slow = 2

    /// Calls, failures, and slow calls in the window.
    package struct Counts: Sendable, BitwiseCopyable, Equatable {
        package var calls: UInt64 = 0
        package var failures: UInt64 = 0
        package var slow: UInt64 = 0
    }

    /// By count: what each of the last calls was; empty if it is by time.
    private var marks: ContiguousArray<UInt8> = []
    private var next = 0
    private var counts = Counts()
    /// By time.
    private var recent: RecentCounts

    package init(_ window: CircuitBreakerPlan.Window) {
        switch window {
        case .calls(let count):
            self.recent = RecentCounts(windowNanoseconds: 0, sliceCount: 1)
            self.marks = ContiguousArray(
                repeating: 0, count: min(max(count, 1), Self.callCountMax))
        case .time(let nanoseconds):
            self.recent = RecentCounts(
                windowNanoseconds: nanoseconds, sliceCount: Self.sliceCount)
        }
    }

    /// Adds a call and returns what the window holds now.
    package mutating func record(
        hasFailed: Bool, isSlow: Bool, now: UInt64
    ) -> Counts {
        guard self.marks.isEmpty else {
            self.recordMark(
                (hasFailed ? Self.failureBit : 0) | (isSlow ? Self.slowBit : 0))
            return self.counts
        }
        self.recent.advance(to: now)
        self.recent.add(kind: Self.calls)
        if hasFailed { self.recent.add(kind: Self.failures) }
        if isSlow { self.recent.add(kind: Self.slow) }
        return Counts(
            calls: self.recent.count(of: Self.calls),
            failures: self.recent.count(of: Self.failures), slow: self.recent.count(of: Self.slow))
    }

    private mutating func recordMark(_ mark: UInt8) {
        if self.counts.calls < UInt64(self.marks.count) {
            self.counts.calls &+= 1
        } else {
            let old = self.marks[self.next]
            self.counts.failures &-= UInt64(old & Self.failureBit)
            self.counts.slow &-= UInt64(old & Self.slowBit) / UInt64(Self.slowBit)
        }
        self.marks[self.next] = mark
        self.counts.failures &+= UInt64(mark & Self.failureBit)
        self.counts.slow &+= UInt64(mark & Self.slowBit) / UInt64(Self.slowBit)
        self.next = self.next &+ 1 < self.marks.count ? self.next &+ 1 : 0
    }

    package mutating func removeAll() {
        self.counts = Counts()
        self.next = 0
        self.recent.removeAll()
    }
}
