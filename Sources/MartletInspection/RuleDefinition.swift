/// How much is looked for.
package enum InspectionLevel: UInt8, Comparable, Sendable {
    /// What attacks have and ordinary requests have not.
    case standard = 1
    /// Also what some ordinary requests have: for routes whose parameters are numbers and names.
    case strict = 2

    package static func < (left: InspectionLevel, right: InspectionLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// How sure one hit is; the score that it adds.
package enum RuleSeverity: UInt8, Sendable {
    case notice = 2
    case warning = 3
    case error = 4
    case critical = 5

    package var score: Int { Int(self.rawValue) }
}

/// What a rule is called and what it weighs.
package struct RuleDefinition: Sendable {
    package let rule: InspectionRule
    package let id: StaticString
    package let attack: AttackClass
    package let severity: RuleSeverity
    package let level: InspectionLevel
    /// One line for the operator.
    package let summary: StaticString

    init(
        _ rule: InspectionRule, _ id: StaticString, _ attack: AttackClass,
        _ severity: RuleSeverity, _ level: InspectionLevel, _ summary: StaticString
    ) {
        self.rule = rule
        self.id = id
        self.attack = attack
        self.severity = severity
        self.level = level
        self.summary = summary
    }

    /// The rule with an id, or `nil`.
    ///
    /// For loading, not for the path: linear.
    package static func named(_ id: Span<UInt8>) -> InspectionRule? {
        for definition in Self.catalogue where id.holds(definition.id, at: 0) {
            if id.count == definition.id.utf8CodeUnitCount { return definition.rule }
        }
        return nil
    }
}
