import MartletConfig
import MartletInspection
import MartletJSON

/// What a route's filters and rules say that cannot be meant: scores that no request reaches,
/// values that their own rule refuses, bodies that are not looked at.
enum ProtectionWarnings {
    static func add(
        for route: RouteConfig, _ index: Int, _ document: ConfigDocument,
        to diagnostics: inout [Diagnostic]
    ) {
        for warning in self.scores(route) + self.values(route) + self.flowing(route, document) {
            diagnostics.append(
                Diagnostic(
                    .warning, at: warning.place ?? route.source,
                    path: "routes[\(index)].\(warning.key)", warning.message,
                    hint: warning.hint))
        }
    }

    private struct Warning {
        let key: String
        var place: SourceLocation?
        let message: String
        let hint: String
    }

    private static func scores(_ route: RouteConfig) -> [Warning] {
        var reached: [(key: String, threshold: Int, score: Int)] = []
        if let bots = route.bots {
            let score = BotSigns.catalogue.reduce(0) { sum, entry in
                let name = entry.name.description
                let counts =
                    entry.sign == .listed
                    ? !bots.deny.isEmpty
                    : bots.signs?.contains(name) ?? (entry.sign != .library)
                return counts ? sum + entry.score : sum
            }
            reached.append(("bots", bots.threshold, score))
        }
        if let inspection = route.inspection {
            let score = InspectionRule.allCases.reduce(0) { sum, rule in
                let counts = inspection.isStrict || rule.definition.level == .standard
                return counts ? sum + rule.definition.severity.score : sum
            }
            reached.append(("inspect", inspection.threshold, score))
        }
        return reached.filter { $0.threshold > $0.score }.map { key, threshold, score in
            Warning(
                key: key,
                message: "no request reaches a score of \(threshold): all signs together "
                    + "score \(score)",
                hint: "a sure sign scores 5; use `action: report` to only watch")
        }
    }

    /// Malformed rules are told as errors.
    private static func values(_ route: RouteConfig) -> [Warning] {
        let rules =
            (route.validation?.headers ?? []) + (route.validation?.query?.parameters ?? [])
        var matcher = RegularExpressionMatcher()
        return rules.compactMap { config in
            guard let rule = try? FieldRule(config) else { return nil }
            let isRefused = config.oneOf.contains { text in
                rule.problem(with: Array(text.utf8).span, using: &matcher) != nil
            }
            guard isRefused else { return nil }
            return Warning(
                key: "validate", place: config.source,
                message:
                    "`one-of` of `\(config.name)` has a value that the rest of its rule refuses",
                hint: "leave the value out, or mend type, length or pattern")
        }
    }

    private static func flowing(_ route: RouteConfig, _ document: ConfigDocument) -> [Warning] {
        guard route.inspection?.body == true,
            !route.match.contentTypes.contains(where: { $0.hasPrefix("application/grpc") }),
            let upstream = document.upstreams.first(where: { $0.name == route.upstream }),
            upstream.endpoints.contains(where: { endpoint in
                endpoint.isHTTP2
                    || (endpoint.isSecure && upstream.tls.protocols.contains(.http2))
            })
        else { return [] }
        return [
            Warning(
                key: "inspect",
                message: "bodies of the type `application/grpc` are not looked at, as messages of "
                    + "gRPC flow, and `\(upstream.name)` may speak HTTP/2",
                hint: "let the upstream speak HTTP/1.1, or serve gRPC by a route of its own")
        ]
    }
}
