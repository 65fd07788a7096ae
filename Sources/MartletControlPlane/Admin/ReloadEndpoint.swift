import HTTPTypes
import Hummingbird
import MartletConfig
import NIOCore

/// `POST /v1/reload`: reads the configuration again and tells what came of it.
///
/// A page in a browser on the same machine can send requests here too. It cannot without naming its
/// origin, nor with a JSON content type without asking first, so both are looked at.
enum ReloadEndpoint {
    static func respond(to request: Request, _ controlPlane: ControlPlane) async throws -> Response {
        guard request.headers[.origin] == nil else {
            return self.problem(.forbidden, "requests from web pages are refused")
        }
        let mediaType = request.headers[.contentType].map { value in
            value.prefix { $0 != ";" }.lowercased()
        }
        guard mediaType?.filter({ $0 != " " }) == "application/json" else {
            return self.problem(
                .unsupportedMediaType, "the content type must be application/json")
        }
        return self.response(await controlPlane.reload())
    }

    private static func response(_ outcome: ReloadOutcome) -> Response {
        switch outcome {
        case .reloaded(let generation, let warnings):
            self.json(
                .ok, "application/json",
                [
                    .init("generation", .integer(Int(clamping: generation))),
                    .init("warnings", DiagnosticPrinter.value(warnings)),
                ])
        case .invalid(let diagnostics, let text):
            self.problem(
                .unprocessableContent, "the configuration is not valid; what ran before runs on",
                [
                    .init("diagnostics", DiagnosticPrinter.value(diagnostics)),
                    .init("text", .string(text)),
                ])
        case .failed(let reason):
            self.problem(.internalServerError, "the configuration could not be used: \(reason)")
        case .notReady:
            self.problem(.serviceUnavailable, "the process is starting or draining")
        }
    }

    /// RFC 9457.
    private static func problem(
        _ status: HTTPResponse.Status, _ detail: String, _ more: [JSONValue.Member] = []
    ) -> Response {
        self.json(
            status, "application/problem+json",
            [
                .init("title", .string(status.reasonPhrase)),
                .init("status", .integer(status.code)), .init("detail", .string(detail)),
            ] + more)
    }

    private static func json(
        _ status: HTTPResponse.Status, _ contentType: String, _ members: [JSONValue.Member]
    ) -> Response {
        Response(
            status: status, headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: ResponseBody(
                byteBuffer: ByteBuffer(string: JSONValue.object(members).text() + "\n")))
    }
}
