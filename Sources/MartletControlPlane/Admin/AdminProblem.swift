import HTTPTypes
import Hummingbird
import MartletConfig
import NIOCore

/// What the admin listener answers when something is wrong: problem documents (RFC 9457).
enum AdminProblem {
    static func response(
        _ status: HTTPResponse.Status, _ detail: String, _ more: [JSONValue.Member] = []
    ) -> Response {
        self.json(
            status, "application/problem+json",
            [
                .init("type", .string("about:blank")),
                .init("title", .string(status.reasonPhrase)),
                .init("status", .integer(status.code)), .init("detail", .string(detail)),
            ] + more)
    }

    static func json(
        _ status: HTTPResponse.Status, _ contentType: String, _ members: [JSONValue.Member]
    ) -> Response {
        Response(
            status: status, headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: ResponseBody(
                byteBuffer: ByteBuffer(string: JSONValue.object(members).text() + "\n")))
    }
}

/// Turns errors, those of unknown paths among them, into problem documents.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    @concurrent
    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            return AdminProblem.response(error.status, error.body ?? "There is nothing here.")
        }
    }
}
