/// A time zone as a table: how far its clocks are from UTC, and when that changes.
///
/// Made at load for the years that matter; behind its last change the last offset goes on. Bounded
/// by `changesMax`.
package struct TimeZoneOffsets: Sendable, Equatable {
    /// From `start` on, in seconds since 1970, clocks are `offset` seconds ahead of UTC.
    package struct Change: Sendable, BitwiseCopyable, Equatable {
        package let start: Int64
        package let offset: Int32

        package init(start: Int64, offset: Int32) {
            self.start = start
            self.offset = offset
        }
    }

    /// Two changes a year for five hundred years.
    package static let changesMax = 1000
    /// No zone has ever been a day away from UTC.
    private static let offsetMax: Int32 = 86_400
    package static let utc = TimeZoneOffsets()

    private let first: Int32
    private let changes: [Change]

    private init() {
        self.first = 0
        self.changes = []
    }

    /// `nil` if the changes are not in order, are too many, or an offset is none.
    ///
    /// - `first`: the offset before the first change.
    package init?(first: Int32, changes: [Change]) {
        guard changes.count <= Self.changesMax, first.magnitude < Self.offsetMax,
            changes.allSatisfy({ $0.offset.magnitude < Self.offsetMax }),
            zip(changes, changes.dropFirst()).allSatisfy({ $0.start < $1.start })
        else { return nil }
        self.first = first
        self.changes = changes
    }

    /// Seconds that local clocks are ahead of UTC.
    package func offset(at time: Int64) -> Int64 {
        self.offset(behind: self.changesCount(until: time))
    }

    /// The first moment from `time` on at which local clocks show `local` or later.
    ///
    /// Where clocks leap over `local`, that is the leap.
    package func firstTime(from time: Int64, showing local: Int64) -> Int64 {
        var passed = self.changesCount(until: time)
        while true {
            let start = passed == 0 ? time : max(time, self.changes[passed - 1].start)
            let candidate = max(start, local &- self.offset(behind: passed))
            guard passed < self.changes.count, candidate >= self.changes[passed].start
            else { return candidate }
            passed += 1
        }
    }

    private func offset(behind passed: Int) -> Int64 {
        Int64(passed == 0 ? self.first : self.changes[passed - 1].offset)
    }

    private func changesCount(until time: Int64) -> Int {
        var (low, high) = (0, self.changes.count)
        while low < high {
            let middle = (low + high) / 2
            if self.changes[middle].start <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
