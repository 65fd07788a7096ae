import MartletHTTP
import MartletTelemetry
import NIOCore

/// Writes the replies that Martlet makes itself: problem documents (RFC 9457) with `Proxy-Status`
/// (RFC 9209), redirects and fixed answers.
///
/// Nothing of an upstream appears in them (row A3).
enum LocalReplyWriter {
    static func write(
        _ reply: LocalReply, for exchange: Exchange, to cursor: inout HeadCursor
    ) {
        let plan = exchange.generation.plan
        switch reply {
        case .problem(let error):
            writeProblem(
                exchange, status: error.status, error: error, detail: error.detail, to: &cursor)
        case .message(let error):
            writeProblem(
                exchange, status: error.requestStatus, error: reply.error ?? .requestMalformed,
                detail: error.detail, to: &cursor)
        case .target(let error):
            writeProblem(
                exchange, status: 400, error: .requestMalformed, detail: error.detail,
                to: &cursor)
        case .redirect(let index):
            writeRedirect(plan.redirects[Int(index)], exchange, to: &cursor)
        case .fixed(let index):
            writeFixed(plan.staticReplies[Int(index)], exchange, to: &cursor)
        }
    }

    private static func writeProblem(
        _ exchange: Exchange, status: UInt16, error: ProxyError, detail: StaticString,
        to cursor: inout HeadCursor
    ) {
        RequestInspection.name(exchange, accepts: false)
        let body = ProblemDocument.make(
            status: status, error: error, detail: detail,
            requestID: exchange.requestID, of: exchange.request.headers)
        begin(exchange, status: status, to: &cursor)
        cursor.write("content-type: application/problem+json\r\n")
        cursor.write("cache-control: no-store\r\nproxy-status: martlet; error=")
        cursor.write(error.proxyStatusType)
        writeInternals(exchange, error, to: &cursor)
        cursor.write("\r\n")
        if error == .methodNotAllowed { writeAllow(exchange, to: &cursor) }
        if status == 503 { cursor.write("retry-after: 1\r\n") }
        end(exchange, body: body, to: &cursor)
    }

    /// Only where the listener's `expose-internals` says so.
    private static func writeInternals(
        _ exchange: Exchange, _ error: ProxyError, to cursor: inout HeadCursor
    ) {
        guard exchange.listener.plan.exposesInternals else { return }
        if let upstream = exchange.upstream {
            cursor.write("; next-hop=\"")
            cursor.write(Array(upstream.plan.name.utf8))
            cursor.write("\"")
        }
        cursor.write("; details=\"")
        cursor.write(error.name)
        cursor.write("\"")
    }

    private static func writeAllow(_ exchange: Exchange, to cursor: inout HeadCursor) {
        var methods: [UInt8] = []
        exchange.generation.plan.routing.appendAllow(exchange.match.allowed, to: &methods)
        cursor.write("allow: ")
        cursor.write(methods)
        cursor.write("\r\n")
    }

    private static func writeRedirect(
        _ redirect: RedirectPolicy, _ exchange: Exchange, to cursor: inout HeadCursor
    ) {
        var location: [UInt8] = []
        redirect.location(
            head: exchange.request, captures: exchange.captures,
            prefixEnd: Int(exchange.match.prefixEnd), scheme: .http, into: &location)
        begin(exchange, status: UInt16(redirect.status), to: &cursor)
        cursor.write("location: ")
        cursor.write(location)
        cursor.write("\r\n")
        end(exchange, body: [], to: &cursor)
    }

    private static func writeFixed(
        _ fixed: StaticReplyPolicy, _ exchange: Exchange, to cursor: inout HeadCursor
    ) {
        var lines: [UInt8] = []
        fixed.writeHeaderLines(to: &lines, captures: exchange.captures, head: exchange.request)
        begin(exchange, status: UInt16(fixed.status), to: &cursor)
        cursor.write(lines)
        endHead(exchange, bodyCount: fixed.body.count, to: &cursor)
    }

    /// The body of a fixed reply, which all that send it share; `nil` for other replies and where
    /// the request or the status allows none.
    static func fixedBody(_ reply: LocalReply, _ exchange: Exchange) -> ByteBuffer? {
        guard case .fixed(let index) = reply, exchange.request.method != .head else { return nil }
        return exchange.generation.plan.staticBodies[Int(index)]
    }

    private static func begin(
        _ exchange: Exchange, status: UInt16, to cursor: inout HeadCursor
    ) {
        exchange.record.status = status
        HeadWriter.writeStatusLine(status, to: &cursor)
        let date = HTTPDate(secondsSinceEpoch: Int(exchange.worker.clock.wallClock / 1_000_000_000))
        cursor.write("date: ")
        cursor.write(date.span)
        cursor.write("\r\n")
    }

    private static func end(_ exchange: Exchange, body: [UInt8], to cursor: inout HeadCursor) {
        endHead(exchange, bodyCount: body.count, to: &cursor)
        guard exchange.request.method != .head else { return }
        cursor.write(body)
        exchange.record.bytesSent = UInt64(body.count)
    }

    private static func endHead(
        _ exchange: Exchange, bodyCount: Int, to cursor: inout HeadCursor
    ) {
        let status = exchange.record.status
        if status != 204, status != 304 {
            HeadWriter.writeFraming(.length(bodyCount), to: &cursor)
        }
        ForwardedMessageWriter.writeConnection(exchange, to: &cursor)
        ForwardedMessageWriter.writeRequestID(exchange, to: &cursor)
        cursor.write("\r\n")
    }
}
