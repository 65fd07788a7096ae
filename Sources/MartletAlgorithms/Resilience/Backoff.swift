/// How long to wait before the next try: up to twice as long each time, below a cap, by chance.
///
/// The whole delay is drawn ("full jitter"): of many clients that failed together no two come back
/// together. Before retry n = 0, 1, 2 … it lies in `0...min(cap, start · 2ⁿ)`; with 25 ms and 1 s
/// below 25, 50, 100, 200, 400, 800, 1000, 1000 ms.
package struct Backoff: Sendable, BitwiseCopyable, Equatable {
    package let startNanoseconds: UInt64
    package let capNanoseconds: UInt64

    package init(
        startNanoseconds: UInt64 = 25_000_000, capNanoseconds: UInt64 = 1_000_000_000
    ) {
        self.startNanoseconds = startNanoseconds
        self.capNanoseconds = capNanoseconds
    }

    /// The longest delay before a retry; 0 is the first retry.
    package func delayMax(retry: Int) -> UInt64 {
        guard self.startNanoseconds > 0 else { return 0 }
        let retry = max(retry, 0)
        // Doubling is possible as often as there are zero bits in front.
        guard retry < self.startNanoseconds.leadingZeroBitCount else {
            return self.capNanoseconds
        }
        return min(self.startNanoseconds &<< UInt64(retry), self.capNanoseconds)
    }

    package func delay(retry: Int, random: inout SeededRandom) -> UInt64 {
        let longest = self.delayMax(retry: retry)
        return longest == .max ? random.next() : random.next(below: longest &+ 1)
    }
}
