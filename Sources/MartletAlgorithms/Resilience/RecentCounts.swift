/// How often something happened in the last while, forgotten a slice at a time.
///
/// A ring of slices, each with a count for up to four kinds of events. Owned by the structure built
/// on it, which numbers the kinds; its memory is made once.
package struct RecentCounts: Sendable {
    package static let kindCount = 4

    package let sliceNanoseconds: UInt64
    private var slices: ContiguousArray<SIMD4<UInt64>>
    /// Number of the slice that is being filled, counted from the beginning of time.
    private var current: UInt64 = 0
    /// Of all slices.
    private var sums = SIMD4<UInt64>(repeating: 0)

    /// A window without events.
    ///
    /// - `sliceCount`: it is forgotten in so many steps, 1000 at most.
    package init(windowNanoseconds: UInt64, sliceCount: Int) {
        let count = min(max(sliceCount, 1), 1000)
        self.sliceNanoseconds = max(windowNanoseconds / UInt64(count), 1)
        self.slices = ContiguousArray(repeating: SIMD4(repeating: 0), count: count)
    }

    /// How many events of a kind lie in the window, as of the last `advance`.
    package func count(of kind: Int) -> UInt64 { self.sums[kind] }

    /// Forgets what is too old; time going backwards does nothing.
    ///
    /// - Complexity: the slices passed, at most all of them.
    package mutating func advance(to now: UInt64) {
        let target = now / self.sliceNanoseconds
        guard target > self.current else { return }
        var steps = min(target &- self.current, UInt64(self.slices.count))
        self.current = target
        while steps > 0 {
            steps &-= 1
            let place = Int((target &- steps) % UInt64(self.slices.count))
            self.sums &-= self.slices[place]
            self.slices[place] = SIMD4(repeating: 0)
        }
    }

    /// Counts an event in the slice of the last `advance`.
    package mutating func add(kind: Int) {
        self.slices[Int(self.current % UInt64(self.slices.count))][kind] &+= 1
        self.sums[kind] &+= 1
    }

    package mutating func removeAll() {
        for place in self.slices.indices { self.slices[place] = SIMD4(repeating: 0) }
        self.sums = SIMD4(repeating: 0)
    }
}
