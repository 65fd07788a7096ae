package import MartletHTTP
package import NIOCore

/// Writes the heads that are passed on: the request as the upstream sees it, the response as the
/// client sees it. Framing and connection fields are always Martlet's own.
package enum ForwardedMessageWriter {
    static func writeRequest(
        _ exchange: Exchange, _ connection: HTTP1UpstreamHandler, to buffer: inout ByteBuffer
    ) {
        writeRequest(
            exchange.request, host: exchange.route?.hostField ?? .preserve,
            upstreamHost: connection.plan.hostField, to: &buffer)
        exchange.sendsChunkedRequest = exchange.request.framing == .chunked
    }

    /// The whole head, the empty line included.
    package static func writeRequest(
        _ head: RequestHead, host: HostField, upstreamHost: [UInt8], to buffer: inout ByteBuffer
    ) {
        HeadWriter.writeRequestLine(head, to: &buffer)
        switch host {
        case .literal(let bytes): writeHost(bytes, of: head, to: &buffer)
        case .upstream: writeHost(upstreamHost, of: head, to: &buffer)
        case .preserve:
            // HTTP/1.0 may come without one, HTTP/1.1 may not go without one.
            if !head.headers.contains(.host) { writeHost(upstreamHost, of: head, to: &buffer) }
        }
        head.headers.remove(.contentLength)
        HeadWriter.writeFields(of: head.headers, to: &buffer)
        HeadWriter.writeFraming(head.framing, to: &buffer)
        buffer.writeStaticString("\r\n")
    }

    private static func writeHost(
        _ host: [UInt8], of head: RequestHead, to buffer: inout ByteBuffer
    ) {
        head.headers.remove(.host)
        buffer.writeStaticString("host: ")
        buffer.writeBytes(host)
        buffer.writeStaticString("\r\n")
    }

    static func writeInterim(_ exchange: Exchange, to buffer: inout ByteBuffer) {
        HeadWriter.writeStatusLine(exchange.response.status, to: &buffer)
        HeadWriter.writeFields(of: exchange.response.headers, to: &buffer)
        buffer.writeStaticString("\r\n")
    }

    static func writeResponse(
        _ exchange: Exchange, framing: BodyFraming, to buffer: inout ByteBuffer
    ) {
        let head = exchange.response
        HeadWriter.writeStatusLine(head.status, to: &buffer)
        // Without a body, Content-Length tells of the body that GET would bring (RFC 9110 §8.6).
        if framing != .none || head.status == 204 { head.headers.remove(.contentLength) }
        HeadWriter.writeFields(of: head.headers, to: &buffer)
        HeadWriter.writeFraming(framing, to: &buffer)
        writeConnection(exchange, to: &buffer)
        writeRequestID(exchange, to: &buffer)
        buffer.writeStaticString("\r\n")
    }

    /// What the client is told about its connection (RFC 9112 §9.3).
    static func writeConnection(_ exchange: Exchange, to buffer: inout ByteBuffer) {
        if exchange.closesDownstream {
            buffer.writeStaticString("connection: close\r\n")
        } else if exchange.request.minorVersion == 0 {
            buffer.writeStaticString("connection: keep-alive\r\n")
        }
    }

    static func writeRequestID(_ exchange: Exchange, to buffer: inout ByteBuffer) {
        guard exchange.listener.plan.respondsRequestID, !exchange.requestID.isEmpty else { return }
        buffer.writeStaticString("x-request-id: ")
        buffer.writeRange(exchange.requestID, of: exchange.request.headers)
        buffer.writeStaticString("\r\n")
    }
}
