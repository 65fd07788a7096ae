import MartletConfig
import MartletDataPlane

/// A dry run's report as one JSON object.
enum ExplanationDocument {
    static func value(_ report: DryRunReport, _ plan: Plan) -> JSONValue {
        .object([
            .init("listener", .string(report.listener)),
            .init("request", report.request.map(self.request) ?? .null),
            .init("candidates", .array(self.candidates(report.routing))),
            .init("route", self.route(report.routing, plan)),
            .init("reason", report.routing?.reason.map(JSONValue.string) ?? .null),
            .init("captures", self.captures(report.routing)),
            .init("steps", .array(report.steps.map(self.step))),
            .init("responseSteps", .array(report.responseSteps.map(JSONValue.string))),
            .init("traffic", .array(report.traffic.map(JSONValue.string))),
            .init("hasBody", .boolean(report.hasBody)),
            .init("outcome", self.outcome(report.outcome)),
        ])
    }

    private static func request(_ request: DryRunReport.Request) -> JSONValue {
        .object([
            .init("method", .string(request.method)), .init("version", .string(request.version)),
            .init("authority", .string(request.authority)), .init("host", .string(request.host)),
            .init("path", .string(request.path)),
            .init("query", request.query.map(JSONValue.string) ?? .null),
            .init("client", .string(request.client)),
        ])
    }

    private static func candidates(_ routing: RouteExplanation?) -> [JSONValue] {
        (routing?.candidates ?? []).enumerated().map { index, candidate in
            .object([
                .init("route", .string(candidate.name)), .init("host", .string(candidate.host)),
                .init("path", .string(candidate.path)),
                .init("fits", .boolean(candidate.failure == nil)),
                .init("isTaken", .boolean(index == routing?.winner)),
                .init("failure", candidate.failure.map(JSONValue.string) ?? .null),
            ])
        }
    }

    private static func route(_ routing: RouteExplanation?, _ plan: Plan) -> JSONValue {
        guard let match = routing?.match, match.outcome == .route else { return .null }
        return .string(plan.routeNames[Int(match.route)])
    }

    private static func captures(_ routing: RouteExplanation?) -> JSONValue {
        .object((routing?.captures ?? []).map { .init($0.name, .string($0.value)) })
    }

    private static func step(_ step: DryRunReport.Step) -> JSONValue {
        .object([
            .init("step", .string(step.name)), .init("answers", .boolean(step.isReply)),
            .init("wait_ms", .integer(Int(clamping: step.waitMilliseconds))),
            .init("wants_body", .boolean(step.wantsBody)),
            .init("removed", .array(step.removed.map(JSONValue.string))),
            .init("added", .array(step.added.map(JSONValue.string))),
            .init("details", .array(step.details.map(JSONValue.string))),
        ])
    }

    private static func outcome(_ outcome: DryRunReport.Outcome) -> JSONValue {
        switch outcome {
        case .forwarded(let upstream, let endpoints, let head):
            let endpoints = endpoints.map { endpoint in
                JSONValue.object([
                    .init("url", .string(endpoint.url)),
                    .init("weight", .integer(Int(endpoint.weight))),
                ])
            }
            return .object([
                .init("upstream", .string(upstream)), .init("endpoints", .array(endpoints)),
                .init("sent", .string(String(decoding: head, as: UTF8.self))),
            ])
        case .answered(let status, let error, let reply):
            return .object([
                .init("status", .integer(Int(status))),
                .init("error", error.map(JSONValue.string) ?? .null),
                .init("reply", .string(String(decoding: reply, as: UTF8.self))),
            ])
        }
    }
}
