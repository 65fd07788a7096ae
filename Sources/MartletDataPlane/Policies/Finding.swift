import MartletInspection
import MartletTelemetry

/// What policies find in requests, as numbers and names for log and metrics.
///
/// Names are stable: rules of the injection filter, signs of the bot filter, and the validation.
package enum Finding {
    private static let rules = InspectionRule.allCases.map { $0.id.description }
    private static let signs = BotSigns.catalogue.map { $0.name.description }

    /// For the log: what was found.
    package static let names = rules + signs + ["request-validation"]
    /// For metrics: of which kind it is.
    package static let kinds =
        AttackClass.allCases.map { $0.name.description } + ["bot", "request-validation"]

    static let validationKind = kinds.count - 1
    static let botKind = kinds.count - 2

    static func name(_ rule: InspectionRule) -> UInt8 { rule.rawValue }

    static func name(_ signs: BotSigns) -> UInt8 {
        let first = BotSigns.catalogue.firstIndex { signs.contains($0.sign) } ?? 0
        return UInt8(truncatingIfNeeded: self.rules.count + first)
    }

    /// Whether a name is one of the bot filter's signs.
    static func isBot(_ name: UInt8) -> Bool {
        Int(name) >= self.rules.count && Int(name) < self.rules.count + self.signs.count
    }

    static var validation: UInt8 { UInt8(truncatingIfNeeded: self.names.count - 1) }
}

extension Exchange {
    /// Notes what was found; a request that is answered for it keeps that.
    func note(_ name: UInt8, score: Int, _ action: FindingAction) {
        guard self.record.findingAction != .blocked else { return }
        self.record.finding = name
        self.record.findingScore = UInt16(clamping: score)
        self.record.findingAction = action
    }
}
