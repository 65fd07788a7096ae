import MartletAlgorithms
package import MartletConfig
import MartletHTTP
import MartletInspection
import MartletTelemetry
import NIOCore

/// The injection filter of one route (row C8).
///
/// Immutable; what it works with is the worker's `InspectionState`. Work is linear in the bytes of
/// head and body, and bounded by the limits of both.
package struct InspectionPolicy: Sendable {
    /// An exception and until when it holds.
    struct TimedException: Sendable {
        let exception: InspectionException
        let expiry: Expiry
    }

    let settings: InspectionSettings
    let exceptions: [TimedException]
    private let action: FindingAction
    let looksAtBody: Bool

    /// - `bodyBytesMax`: of a body that is held; all of it is looked at.
    package init(_ config: InspectionConfig, bodyBytesMax: Int) throws(InvalidPolicy) {
        var settings = InspectionSettings()
        settings.level = config.isStrict ? .strict : .standard
        settings.threshold = config.threshold
        settings.limits.valueCountMax = config.maxValues
        settings.limits.bodyBytesMax = bodyBytesMax
        // What is left out of a value could be the attack.
        settings.limits.valueBytesMax = max(settings.limits.valueBytesMax, bodyBytesMax)
        self.settings = settings
        var exceptions: [TimedException] = []
        for exception in config.exceptions { exceptions.append(try Self.exception(exception)) }
        self.exceptions = exceptions
        self.action = FindingAction(config.action)
        self.looksAtBody = config.body
    }

    private static func exception(
        _ config: InspectionExceptionConfig
    ) throws(InvalidPolicy) -> TimedException {
        var rules = RuleSet()
        for name in config.rules {
            guard let rule = InspectionRule.allCases.first(where: { $0.id.description == name })
            else {
                throw InvalidPolicy(
                    "`inspect.exceptions`: there is no rule `\(name)`; the page about the "
                        + "injection filter lists all of them")
            }
            rules.insert(rule)
        }
        let part = config.part.flatMap { name in
            RequestPart.allCases.first { $0.name.description == name }
        }
        return TimedException(
            exception: InspectionException(
                pattern: Array(config.parameter.utf8), part: part, rules: rules),
            expiry: Expiry(seconds: config.exception.end))
    }

    package func apply(to exchange: Exchange, _ state: InspectionState) -> Verdict {
        var seesBody = self.looksAtBody
        if self.looksAtBody, exchange.hasRequestBody {
            if RequestBodyEncoding.isEncoded(exchange.request.headers) {
                self.noteEncoded(exchange)
                seesBody = false
                if self.action == .blocked { return .reply(.problem(.encodingNotSupported)) }
            } else {
                let isNeeded = self.action == .blocked
                if let verdict = ExchangeDriver.holdBody(exchange, isNeeded: isNeeded) {
                    return verdict
                }
                if exchange.heldBody.isGivenUp { exchange.noteUnseenBody() }
            }
        }
        state.prepare(self, now: exchange.worker.clock.wallClock)
        state.inspect(exchange.request)
        if seesBody, exchange.heldBody.isWhole {
            let body = exchange.heldBody.bytes
            state.inspectBody(exchange.request.headers, body)
        }
        return self.judge(state, exchange)
    }

    private func judge(_ state: InspectionState, _ exchange: Exchange) -> Verdict {
        guard state.inspector.isAttack, let hit = state.inspector.report.hits.first else {
            return .next
        }
        let score = state.inspector.report.score
        for attack in AttackClass.allCases where state.inspector.report.score(of: attack) > 0 {
            exchange.generation.shard.found(kind: Int(attack.rawValue), self.action)
        }
        exchange.note(Finding.name(hit.rule), score: score, self.action)
        return self.action == .blocked ? .reply(.problem(.requestDenied)) : .next
    }

    /// Its bytes are not what the upstream will read.
    private func noteEncoded(_ exchange: Exchange) {
        let rule = InspectionRule.ambiguousContentType
        let kind = Int(rule.definition.attack.rawValue)
        exchange.generation.shard.found(kind: kind, self.action)
        exchange.note(
            Finding.name(rule), score: rule.definition.severity.score, self.action)
    }
}
