import Foundation
import MartletAlgorithms
import MartletDataPlane

/// A release as `/v1/releases` and the metrics show it.
package struct ReleaseStatus: Sendable, Encodable {
    package struct Counts: Sendable, Encodable {
        package var requests: UInt64 = 0
        package var errors: UInt64 = 0
    }

    package struct Event: Sendable, Encodable {
        let at: String
        let what: String
    }

    package let name: String
    package let route: String
    package let baselineUpstream: String
    package let variants: [String]
    /// `split` without a rollout.
    package var state: String
    /// Of the first variant, in hundredths of a percent.
    package var points: UInt16
    /// Since the process or the rollout began.
    package var canary = Counts()
    package var baseline = Counts()
    package var verdict = ""
    package var abortCount: UInt64 = 0
    package var events: [Event] = []

    init(_ plan: ReleasePlan) {
        self.name = plan.name
        self.route = plan.route
        self.baselineUpstream = plan.baseline
        self.variants = plan.variantNames
        self.state = plan.rollout == nil ? "split" : "waiting"
        self.points = plan.shares.first ?? 0
    }

    mutating func count(_ window: ReleaseWindow) {
        self.canary.requests += window.canary.requestCount
        self.canary.errors += window.canary.errorCount
        self.baseline.requests += window.baseline.requestCount
        self.baseline.errors += window.baseline.errorCount
    }

    mutating func add(_ event: String, countMax: Int) {
        self.events.append(
            Event(at: Date.now.ISO8601Format(), what: event))
        if self.events.count > countMax { self.events.removeFirst() }
    }

    static func percent(_ points: UInt16) -> String {
        let (whole, rest) = (points / 100, points % 100)
        return rest == 0 ? "\(whole)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    private enum CodingKeys: String, CodingKey {
        case name, route, baselineUpstream, variants, state, sharePercent, canary, baseline
        case verdict, abortCount, events
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.route, forKey: .route)
        try container.encode(self.baselineUpstream, forKey: .baselineUpstream)
        try container.encode(self.variants, forKey: .variants)
        try container.encode(self.state, forKey: .state)
        try container.encode(Double(self.points) / 100, forKey: .sharePercent)
        try container.encode(self.canary, forKey: .canary)
        try container.encode(self.baseline, forKey: .baseline)
        try container.encode(self.verdict, forKey: .verdict)
        try container.encode(self.abortCount, forKey: .abortCount)
        try container.encode(self.events, forKey: .events)
    }
}
