package import MartletConfig
import MartletHTTP
import MartletInspection
import MartletTelemetry

/// The bot filter of one route: judges a request by its head (row C7).
///
/// Immutable; one pass over the header fields, linear in their bytes.
package struct BotFilterPolicy: Sendable {
    private let filter: BotFilter
    private let action: FindingAction

    package init(_ config: BotFilterConfig) {
        var settings = BotSettings()
        settings.threshold = config.threshold
        settings.allowed = config.allow.map { Array($0.lowercased().utf8) }
        settings.blocked = config.deny.map { Array($0.lowercased().utf8) }
        if let signs = config.signs {
            settings.signs = .listed
            for entry in BotSigns.catalogue where signs.contains(entry.name.description) {
                settings.signs.insert(entry.sign)
            }
        }
        self.filter = BotFilter(settings)
        self.action = FindingAction(config.action)
    }

    package func apply(to exchange: Exchange) -> Verdict {
        let signs = self.signs(exchange.request.headers, exchange.request.minorVersion)
        guard self.filter.isBot(signs) else { return .next }
        exchange.generation.shard.found(kind: Finding.botKind, self.action)
        exchange.note(Finding.name(signs), score: signs.score, self.action)
        return self.action == .blocked ? .reply(.problem(.requestDenied)) : .next
    }

    private func signs(_ headers: borrowing HeaderList, _ minorVersion: UInt8) -> BotSigns {
        var sighting = BotFilter.Sighting()
        for index in headers.fields.indices where !headers.fields[index].isRemoved {
            let field = headers.fields[index]
            self.filter.see(
                name: headers.span(field.name), value: headers.span(field.value), in: &sighting)
        }
        return self.filter.signs(of: sighting, isHTTP10: minorVersion == 0)
    }
}

extension FindingAction {
    init(_ config: FindingActionConfig) {
        switch config {
        case .block: self = .blocked
        case .report: self = .reported
        }
    }
}
