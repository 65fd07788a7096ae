/// How strongly counts speak against the claim that some event is no more frequent with a subject
/// than with a reference; may be looked at after every window, as often as one likes.
///
/// If the claim holds, an event of either is the subject's with a probability that follows from
/// their shares of the requests alone. For each of some ratios by which it might be more frequent,
/// the likelihoods are compared, window by window, and averaged over ratios and over the windows at
/// which the trouble may have begun. The result is a test martingale: if the claim holds, it ever
/// reaches 1/α with a probability of at most α (Ville, 1939). That counts for windows of any size
/// and rates that change: within a window, drawing without replacement only makes it smaller
/// (Hoeffding, 1963). See ADR 41.
package struct ComparisonEvidence: Sendable, BitwiseCopyable {
    /// By how much the event may be more frequent.
    private static let ratios = SIMD8<Double>(1.25, 1.5, 2, 3, 5, 10, 30, 100)
    /// No window says more than this, e⁶⁰⁰: beyond, numbers end.
    private static let windowLogarithmMax = 600.0
    private static let strengthMax = 1e300

    /// For each ratio, what has been gathered since any of the windows that it may have begun at.
    private var gathered = SIMD8<Double>(repeating: 0)
    /// The weight of windows that are still to come.
    private var unspent = 1.0
    private var windowCount = 0.0
    private let toleratedRatio: Double
    /// 1 at the beginning; 20 and more is what is called significant at 5 %.
    package private(set) var strength = 1.0

    /// - Parameter toleratedRatio: the subject's events may be more frequent by this factor.
    package init(toleratedRatio: Double = 1) {
        self.toleratedRatio = max(toleratedRatio, 1)
    }

    /// What happened in one window.
    package struct Counts: Sendable, BitwiseCopyable {
        package var events: UInt64
        package var requests: UInt64

        package init(events: UInt64, requests: UInt64) {
            self.events = events
            self.requests = requests
        }
    }

    package mutating func windowEnded(subject: Counts, reference: Counts) {
        let events = Double(subject.events) + Double(reference.events)
        guard events > 0, subject.requests > 0, reference.requests > 0 else { return }
        let weight = Double(subject.requests) * self.toleratedRatio
        let share = weight / (weight + Double(reference.requests))
        self.windowCount += 1
        // 1/2 + 1/6 + 1/12 + … = 1: every beginning has its part, later ones less.
        let begin = 1 / (self.windowCount * (self.windowCount + 1))
        self.unspent -= begin
        var sum = 0.0
        for place in 0..<Self.ratios.scalarCount {
            let ratio = Self.ratios[place]
            let logarithm =
                Double(subject.events) * RealFunctions.logarithm(ratio)
                - events * RealFunctions.logarithm(share * ratio + 1 - share)
            let factor = RealFunctions.exponential(min(logarithm, Self.windowLogarithmMax))
            self.gathered[place] = min(
                (self.gathered[place] + begin) * factor, Self.strengthMax)
            sum += self.gathered[place]
        }
        self.strength = sum / Double(Self.ratios.scalarCount) + max(self.unspent, 0)
    }
}
