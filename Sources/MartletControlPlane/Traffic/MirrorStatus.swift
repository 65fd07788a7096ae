import Foundation
import MartletConfig
import MartletDataPlane

/// What came of one mirror's copies, as `/v1/mirrors/{name}` shows it.
///
/// Bounded: so many places of differences and so many samples are kept.
struct MirrorStatus: Sendable, Encodable {
    struct Place: Sendable, Encodable {
        let kind: String
        let place: String
        var count: UInt64
    }

    struct Sample: Sendable, Encodable {
        struct Difference: Sendable, Encodable {
            let kind: String
            let place: String
            let expected: String?
            let found: String?
        }

        let time: String
        let requestId: String
        let method: String
        let path: String
        let differences: [Difference]
    }

    struct Results: Sendable, Encodable {
        var identical: UInt64 = 0
        var different: UInt64 = 0
        /// A body was compressed, so that it was not looked into.
        var notCompared: UInt64 = 0
    }

    struct Skipped: Sendable, Encodable {
        var busy: UInt64 = 0
        var tooLarge: UInt64 = 0
        var unanswered: UInt64 = 0
    }

    let name: String
    let route: String
    let upstream: String
    var results = Results()
    /// Copies that got no answer, by reason.
    var failed: [String: UInt64] = [:]
    var skipped = Skipped()
    /// Answers that differ, by kind; one with several is counted for each.
    var kinds: [String: UInt64] = [:]
    var places: [Place] = []
    /// The newest at the end.
    var samples: [Sample] = []

    private static let placeCountMax = 200
    private static let sampleCountMax = 20

    enum CodingKeys: String, CodingKey {
        case name, route, upstream, results, failed, skipped, kinds, places, samples
    }

    init(_ plan: MirrorPlan) {
        self.name = plan.name
        self.route = plan.route
        self.upstream = plan.config.upstream
    }

    mutating func count(_ counts: MirrorCounts) {
        self.skipped.busy &+= counts.busy
        self.skipped.tooLarge &+= counts.tooLarge
        self.skipped.unanswered &+= counts.unanswered
    }

    mutating func count(_ failure: MirrorFailure) {
        self.failed[failure.rawValue, default: 0] &+= 1
    }

    /// - Returns: the differences that were not known before, for the log.
    mutating func compared(
        _ differences: [MirrorDifference]?, of exchange: MirroredExchange
    ) -> [MirrorDifference] {
        guard let differences else {
            self.results.notCompared &+= 1
            return []
        }
        guard !differences.isEmpty else {
            self.results.identical &+= 1
            return []
        }
        self.results.different &+= 1
        for kind in Set(differences.map(\.kind)) { self.kinds[kind.rawValue, default: 0] &+= 1 }
        let showsValues = exchange.plan.config.showsValues
        if self.samples.count == Self.sampleCountMax { self.samples.removeFirst() }
        self.samples.append(
            Sample(
                time: Date.now.formatted(.iso8601), requestId: exchange.requestID,
                method: exchange.method, path: exchange.path,
                differences: differences.map {
                    .init(
                        kind: $0.kind.rawValue, place: $0.place,
                        expected: showsValues ? $0.expected : nil,
                        found: showsValues ? $0.found : nil)
                }))
        return differences.filter { self.isNew($0) }
    }

    private mutating func isNew(_ difference: MirrorDifference) -> Bool {
        let kind = difference.kind.rawValue
        if let known = self.places.firstIndex(where: {
            $0.kind == kind && $0.place == difference.place
        }) {
            self.places[known].count &+= 1
            return false
        }
        guard self.places.count < Self.placeCountMax else { return false }
        self.places.append(Place(kind: kind, place: difference.place, count: 1))
        return true
    }
}
