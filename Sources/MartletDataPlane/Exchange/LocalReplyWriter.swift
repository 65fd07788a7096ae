import MartletHTTP
import MartletTelemetry
import NIOCore

/// Writes the replies that Martlet makes itself: problem documents (RFC 9457) with `Proxy-Status`
/// (RFC 9209), redirects and fixed answers. Nothing of an upstream appears in them (row A3).
enum LocalReplyWriter {
    static func write(
        _ reply: LocalReply, for exchange: Exchange, to buffer: inout ByteBuffer
    ) {
        let plan = exchange.generation.plan
        switch reply {
        case .problem(let error):
            writeProblem(
                exchange, status: error.status, error: error, detail: error.detail, to: &buffer)
        case .message(let error):
            writeProblem(
                exchange, status: error.requestStatus, error: reply.error ?? .requestMalformed,
                detail: error.detail, to: &buffer)
        case .target(let error):
            writeProblem(
                exchange, status: 400, error: .requestMalformed, detail: error.detail,
                to: &buffer)
        case .redirect(let index):
            writeRedirect(plan.redirects[Int(index)], exchange, to: &buffer)
        case .fixed(let index):
            writeFixed(plan.staticReplies[Int(index)], exchange, to: &buffer)
        }
    }

    private static func writeProblem(
        _ exchange: Exchange, status: UInt16, error: ProxyError, detail: StaticString,
        to buffer: inout ByteBuffer
    ) {
        RequestInspection.name(exchange, accepts: false)
        let body = ProblemDocument.make(
            status: status, error: error, detail: detail,
            requestID: exchange.requestID, of: exchange.request.headers)
        begin(exchange, status: status, to: &buffer)
        buffer.writeStaticString("content-type: application/problem+json\r\n")
        buffer.writeStaticString("cache-control: no-store\r\nproxy-status: martlet; error=")
        buffer.writeStaticString(error.proxyStatusType)
        writeInternals(exchange, error, to: &buffer)
        buffer.writeStaticString("\r\n")
        if error == .methodNotAllowed { writeAllow(exchange, to: &buffer) }
        if status == 503 { buffer.writeStaticString("retry-after: 1\r\n") }
        end(exchange, body: body, to: &buffer)
    }

    /// Only where the listener's `expose-internals` says so.
    private static func writeInternals(
        _ exchange: Exchange, _ error: ProxyError, to buffer: inout ByteBuffer
    ) {
        guard exchange.listener.plan.exposesInternals else { return }
        if let upstream = exchange.upstream {
            buffer.writeStaticString("; next-hop=\"")
            buffer.writeString(upstream.plan.name)
            buffer.writeStaticString("\"")
        }
        buffer.writeStaticString("; details=\"")
        buffer.writeStaticString(error.name)
        buffer.writeStaticString("\"")
    }

    private static func writeAllow(_ exchange: Exchange, to buffer: inout ByteBuffer) {
        var methods: [UInt8] = []
        exchange.generation.plan.routing.appendAllow(exchange.match.allowed, to: &methods)
        buffer.writeStaticString("allow: ")
        buffer.writeBytes(methods)
        buffer.writeStaticString("\r\n")
    }

    private static func writeRedirect(
        _ redirect: RedirectPolicy, _ exchange: Exchange, to buffer: inout ByteBuffer
    ) {
        var location: [UInt8] = []
        redirect.location(
            head: exchange.request, captures: exchange.captures,
            prefixEnd: Int(exchange.match.prefixEnd), scheme: .http, into: &location)
        begin(exchange, status: UInt16(redirect.status), to: &buffer)
        buffer.writeStaticString("location: ")
        buffer.writeBytes(location)
        buffer.writeStaticString("\r\n")
        end(exchange, body: [], to: &buffer)
    }

    private static func writeFixed(
        _ fixed: StaticReplyPolicy, _ exchange: Exchange, to buffer: inout ByteBuffer
    ) {
        begin(exchange, status: UInt16(fixed.status), to: &buffer)
        buffer.writeBytes(fixed.headerLines)
        end(exchange, body: fixed.body, to: &buffer)
    }

    private static func begin(
        _ exchange: Exchange, status: UInt16, to buffer: inout ByteBuffer
    ) {
        exchange.record.status = status
        HeadWriter.writeStatusLine(status, to: &buffer)
        let date = HTTPDate(secondsSinceEpoch: Int(exchange.worker.clock.wallClock / 1_000_000_000))
        buffer.writeStaticString("date: ")
        buffer.writeSpan(date.span)
        buffer.writeStaticString("\r\n")
    }

    private static func end(_ exchange: Exchange, body: [UInt8], to buffer: inout ByteBuffer) {
        let status = exchange.record.status
        let hasContent = status != 204 && status != 304
        if hasContent { HeadWriter.writeFraming(.length(body.count), to: &buffer) }
        ForwardedMessageWriter.writeConnection(exchange, to: &buffer)
        ForwardedMessageWriter.writeRequestID(exchange, to: &buffer)
        buffer.writeStaticString("\r\n")
        guard hasContent, exchange.request.method != .head else { return }
        buffer.writeBytes(body)
        exchange.record.bytesSent &+= UInt64(body.count)
    }
}
