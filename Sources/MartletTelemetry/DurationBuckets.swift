/// The buckets of every duration histogram: from half a millisecond to a minute.
///
/// Fixed, so that shards can be added up and a reload keeps counts. A histogram takes `slotCount`
/// counters: one for each bound, one for what lies above, and the sum in nanoseconds.
package struct DurationBuckets: Sendable {
    package static let boundCount = 16
    package static let slotCount = boundCount + 2
    /// Where the sum lies within a histogram's slots.
    package static let sumOffset = 0
    /// Where the first bucket lies: beside the sum, since most durations fall into it and both are
    /// then on one cache line.
    package static let bucketOffset = 1

    /// Upper bounds in nanoseconds, each belonging to its bucket.
    package let bounds: InlineArray<16, UInt64> = [
        500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
        100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000,
        10_000_000_000, 30_000_000_000, 60_000_000_000,
    ]

    /// The same in seconds, as the label `le` has them.
    package static let labels: [StaticString] = [
        "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5",
        "1", "2.5", "5", "10", "30", "60",
    ]

    package init() {}

    /// The bucket of a duration: how many bounds it exceeds.
    ///
    /// Most durations are short, so the search begins there.
    package func index(of nanoseconds: UInt64) -> Int {
        var index = 0
        while index < Self.boundCount, nanoseconds > self.bounds[index] { index &+= 1 }
        return index
    }
}
