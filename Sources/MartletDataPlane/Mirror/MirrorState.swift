import MartletAlgorithms
import MartletConfig

/// One mirror on one worker: which requests are copied, and what waits to be sent.
///
/// Confined to the worker's loop. Goes over to the next generation under the mirror's name. Bounded
/// by the worker's share of `max-in-flight`, which counts a copy from the request on until the
/// control plane is done with it.
package final class MirrorState {
    private(set) var plan: MirrorPlan
    private var sampling: MirrorSampling
    private var ready: [MirroredExchange] = []
    private var counts = MirrorCounts()

    init(_ plan: MirrorPlan, share: (Int) -> Int) {
        self.plan = plan
        self.sampling = Self.sampling(plan, share)
    }

    private static func sampling(_ plan: MirrorPlan, _ share: (Int) -> Int) -> MirrorSampling {
        MirrorSampling(
            points: plan.points, inFlightMax: UInt32(clamping: share(plan.config.inFlightMax)))
    }

    func update(to plan: MirrorPlan, share: (Int) -> Int) {
        self.plan = plan
        let next = Self.sampling(plan, share)
        self.sampling.points = next.points
        self.sampling.inFlightMax = next.inFlightMax
    }

    /// - Returns: `nil` if the request is not copied.
    func requestArrived(_ plan: MirrorPlan, random: inout SeededRandom) -> MirrorCapture? {
        switch self.sampling.requestArrived(random: &random) {
        case .skip: return nil
        case .mirror: return MirrorCapture(plan, state: self)
        case .skipBusy:
            self.counts.busy &+= 1
            return nil
        }
    }

    /// Why a copy is not made in the end.
    package enum Reason {
        case tooLarge
        /// The upstream's own answer did not come whole.
        case unanswered
    }

    func abandoned(_ reason: Reason) {
        self.sampling.mirrorEnded()
        switch reason {
        case .tooLarge: self.counts.tooLarge &+= 1
        case .unanswered: self.counts.unanswered &+= 1
        }
    }

    /// The exchange is over; its copy may be sent.
    func completed(_ exchange: MirroredExchange) { self.ready.append(exchange) }

    /// What has come since this was asked last.
    ///
    /// - `endedCount`: copies taken before that have ended.
    package func take(endedCount: Int) -> (exchanges: [MirroredExchange], counts: MirrorCounts) {
        for _ in 0..<endedCount { self.sampling.mirrorEnded() }
        defer {
            self.ready = []
            self.counts = MirrorCounts()
        }
        return (self.ready, self.counts)
    }
}

/// Requests that were not copied, by reason.
package struct MirrorCounts: Sendable {
    package var busy: UInt64 = 0
    package var tooLarge: UInt64 = 0
    package var unanswered: UInt64 = 0

    package init() {}
}

/// One request, as the upstream got it, and its answer: ready to be sent once more.
package struct MirroredExchange: Sendable {
    package let plan: MirrorPlan
    /// Head and body, as HTTP/1.1.
    package let request: [UInt8]
    package let isHead: Bool
    /// Of the first request, for whoever looks for it in the log.
    package let requestID: String
    package let method: String
    package let path: String
    package let answer: MirrorAnswer
}
