/// How long things took, in counts of fixed size: sixteen buckets for each doubling, so that any
/// quantile is right to 6 %.
///
/// Counts microseconds up to 71 minutes; what took longer counts as that. A plain value of 1.8 KiB:
/// workers fill their own, and whoever compares adds them up.
package struct LatencyHistogram: Sendable, Equatable {
    /// Bits of a value that its bucket tells.
    private static let precisionBits = 4
    private static let perDoubling = 1 << precisionBits
    package static let bucketCount = (32 - precisionBits + 1) * perDoubling

    private var counts: ContiguousArray<UInt32>
    package private(set) var count: UInt64 = 0

    package init() {
        self.counts = ContiguousArray(repeating: 0, count: Self.bucketCount)
    }

    package mutating func record(nanoseconds: UInt64) {
        let bucket = Self.bucket(nanoseconds: nanoseconds)
        // A full bucket keeps its count: quantiles of 4 · 10⁹ samples are no better with more.
        guard self.counts[bucket] < .max else { return }
        self.counts[bucket] &+= 1
        self.count &+= 1
    }

    package mutating func merge(_ other: LatencyHistogram) {
        self.count = 0
        for bucket in self.counts.indices {
            let sum = self.counts[bucket].addingReportingOverflow(other.counts[bucket])
            self.counts[bucket] = sum.overflow ? .max : sum.partialValue
            self.count &+= UInt64(self.counts[bucket])
        }
    }

    package mutating func removeAll() {
        self.count = 0
        for bucket in self.counts.indices { self.counts[bucket] = 0 }
    }

    /// Lets everything count half.
    package mutating func halve() {
        self.count = 0
        for bucket in self.counts.indices {
            self.counts[bucket] /= 2
            self.count &+= UInt64(self.counts[bucket])
        }
    }

    /// The upper end of the bucket that holds the quantile, in nanoseconds; `nil` without samples.
    ///
    /// - `quantile`: 0…1.
    package func quantile(_ quantile: Double) -> UInt64? {
        guard self.count > 0 else { return nil }
        let rank = (min(max(quantile, 0), 1) * Double(self.count)).rounded(.up).clampedToUInt64
        var seen: UInt64 = 0
        for bucket in self.counts.indices {
            seen &+= UInt64(self.counts[bucket])
            if seen >= max(rank, 1) { return Self.upperEnd(bucket: bucket) }
        }
        return Self.upperEnd(bucket: Self.bucketCount - 1)
    }

    /// How many took longer than the bucket that this lies in.
    package func count(above nanoseconds: UInt64) -> UInt64 {
        var sum: UInt64 = 0
        var bucket = Self.bucket(nanoseconds: nanoseconds) &+ 1
        while bucket < Self.bucketCount {
            sum &+= UInt64(self.counts[bucket])
            bucket &+= 1
        }
        return sum
    }

    static func bucket(nanoseconds: UInt64) -> Int {
        let value = min(nanoseconds / 1000, UInt64(UInt32.max))
        guard value >= UInt64(Self.perDoubling) else { return Int(value) }
        let shift = 63 &- value.leadingZeroBitCount &- Self.precisionBits
        // The leading bit of the shifted value counts one doubling by itself.
        return (shift &+ 1) &* Self.perDoubling
            &+ Int(value &>> UInt64(shift)) &- Self.perDoubling
    }

    /// The greatest number of nanoseconds that falls into a bucket.
    static func upperEnd(bucket: Int) -> UInt64 {
        guard bucket >= Self.perDoubling else { return UInt64(bucket) &* 1000 &+ 999 }
        let shift = UInt64(bucket / Self.perDoubling &- 1)
        let first = UInt64(bucket % Self.perDoubling &+ Self.perDoubling)
        return ((first &+ 1) &<< shift) &* 1000 &- 1
    }
}
