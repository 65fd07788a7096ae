import MartletInspection
import MartletTelemetry

/// What policies find in requests, as numbers and names for log and metrics.
///
/// Names are stable: rules of the injection filter, signs of the bot filter, and the validation.
package enum Finding {
    private static let rules = InspectionRule.allCases.map { $0.id.description }
    private static let signs = BotSigns.catalogue.map { $0.name.description }

    /// For the log: what was found.
    package static let names = rules + signs + ["request-validation", "body-not-inspected"]
    /// For metrics: of which kind it is.
    package static let kinds =
        AttackClass.allCases.map { $0.name.description }
        + ["bot", "request-validation", "body-not-inspected"]

    static let unseenBodyKind = kinds.count - 1
    static let validationKind = kinds.count - 2
    static let botKind = kinds.count - 3

    static func name(_ rule: InspectionRule) -> UInt8 { rule.rawValue }

    static func name(_ signs: BotSigns) -> UInt8 {
        let first = BotSigns.catalogue.firstIndex { signs.contains($0.sign) } ?? 0
        return UInt8(truncatingIfNeeded: self.rules.count + first)
    }

    /// Whether a name is one of the bot filter's signs.
    static func isBot(_ name: UInt8) -> Bool {
        Int(name) >= self.rules.count && Int(name) < self.rules.count + self.signs.count
    }

    static var validation: UInt8 { UInt8(truncatingIfNeeded: self.names.count - 2) }
    static var unseenBody: UInt8 { UInt8(truncatingIfNeeded: self.names.count - 1) }
}

extension Exchange {
    /// Notes, once, that a policy which only reports let a body pass that it could not hold.
    func noteUnseenBody() {
        guard
            self.record.finding != Finding.unseenBody
                || self.record.findingAction != .reported
        else { return }
        self.generation.shard.found(kind: Finding.unseenBodyKind, .reported)
        self.note(Finding.unseenBody, score: 0, .reported)
    }

    /// Notes what was found; a request that is answered for it keeps that.
    func note(_ name: UInt8, score: Int, _ action: FindingAction) {
        guard self.record.findingAction != .blocked else { return }
        self.record.finding = name
        self.record.findingScore = UInt16(clamping: score)
        self.record.findingAction = action
    }
}
