import HTTPTypes
import Hummingbird
import MartletConfig

/// Whether a request that changes something comes from the operator.
///
/// A page in a browser on the same machine can send requests here too. It cannot without naming its
/// origin, nor with a JSON content type without asking first, so both are looked at.
enum AdminChange {
    /// - Returns: why it is refused.
    static func refusal(of request: Request) -> Response? {
        guard request.headers[.origin] == nil else {
            return AdminProblem.response(.forbidden, "requests from web pages are refused")
        }
        let mediaType = request.headers[.contentType].map { value in
            value.prefix { $0 != ";" }.lowercased()
        }
        guard mediaType?.filter({ $0 != " " }) == "application/json" else {
            return AdminProblem.response(
                .unsupportedMediaType, "the content type must be application/json")
        }
        return nil
    }
}

/// `POST /v1/reload`: reads the configuration again and tells what came of it.
enum ReloadEndpoint {
    static func respond(to request: Request, _ controlPlane: ControlPlane) async throws -> Response
    {
        if let refusal = AdminChange.refusal(of: request) { return refusal }
        return self.response(await controlPlane.reload())
    }

    private static func response(_ outcome: ReloadOutcome) -> Response {
        switch outcome {
        case .reloaded(let generation, let warnings):
            AdminProblem.json(
                .ok, "application/json",
                [
                    .init("generation", .integer(Int(clamping: generation))),
                    .init("warnings", DiagnosticPrinter.value(warnings)),
                ])
        case .invalid(let diagnostics, let text):
            AdminProblem.response(
                .unprocessableContent, "the configuration is not valid; what ran before runs on",
                [
                    .init("diagnostics", DiagnosticPrinter.value(diagnostics)),
                    .init("text", .string(text)),
                ])
        case .failed(let reason):
            AdminProblem.response(
                .internalServerError, "the configuration could not be used: \(reason)")
        case .notReady:
            AdminProblem.response(.serviceUnavailable, "the process is starting or draining")
        }
    }
}
