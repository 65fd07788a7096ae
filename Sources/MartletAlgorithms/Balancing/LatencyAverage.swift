/// An endpoint's latency, weighted towards the present and quick to believe bad news.
///
/// A sample above the average replaces it; below, the average comes down with the time passed. So
/// one slow answer is felt at once, and forgotten when it was the only one. Without samples it
/// fades too, so that an endpoint nobody dares to use is tried again.
package struct LatencyAverage: Sendable, BitwiseCopyable, Equatable {
    /// Nanoseconds at `updatedAt`; 0 while nothing is known.
    private var nanoseconds: Float = 0
    private var updatedAt: UInt64 = 0

    package init() {}

    package var isKnown: Bool { self.nanoseconds > 0 }

    /// Takes a sample in.
    ///
    /// - `decay`: nanoseconds after which an old value counts for about a third.
    package mutating func observe(nanoseconds: UInt64, now: UInt64, decay: UInt64) {
        let sample = Float(max(nanoseconds, 1))
        let kept = self.weightKept(now: now, decay: decay)
        if sample >= self.nanoseconds {
            self.nanoseconds = sample
        } else {
            self.nanoseconds = self.nanoseconds * kept + sample * (1 - kept)
        }
        self.updatedAt = max(self.updatedAt, now)
    }

    /// The average as of now, in nanoseconds.
    package func value(now: UInt64, decay: UInt64) -> Float {
        self.nanoseconds * self.weightKept(now: now, decay: decay)
    }

    /// Close to e⁻ˣ: the first terms of the series for eˣ, inverted.
    ///
    /// Falls as steadily, and costs a division instead of a call.
    private func weightKept(now: UInt64, decay: UInt64) -> Float {
        guard now > self.updatedAt else { return 1 }
        let x = Float(now &- self.updatedAt) / Float(max(decay, 1))
        return 1 / (1 + x * (1 + x / 2 * (1 + x / 3)))
    }
}
