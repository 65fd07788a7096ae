package import MartletHTTP

/// Writes the heads that are passed on: the request as the upstream sees it, the response as the
/// client sees it.
///
/// Framing and connection fields are always Martlet's own.
package enum ForwardedMessageWriter {
    static func writeRequest(
        _ exchange: Exchange, upstreamHost: [UInt8], to cursor: inout ByteCursor
    ) {
        writeRequest(
            exchange.request, host: exchange.route?.hostField ?? .preserve,
            literals: exchange.generation.plan.hostLiterals, upstreamHost: upstreamHost,
            upgrade: exchange.upgrade, to: &cursor)
        exchange.sendsChunkedRequest = exchange.request.framing == .chunked
    }

    /// The whole head, the empty line included.
    package static func writeRequest(
        _ head: RequestHead, host: HostField, literals: ContiguousArray<[UInt8]>,
        upstreamHost: [UInt8], upgrade: Upgrade = .none, to cursor: inout ByteCursor
    ) {
        HeadWriter.writeRequestLine(head, to: &cursor)
        switch host {
        case .literal(let row): writeHost(literals[Int(row)], of: head, to: &cursor)
        case .upstream: writeHost(upstreamHost, of: head, to: &cursor)
        case .preserve:
            // HTTP/1.0 may come without one, HTTP/1.1 may not go without one.
            if !head.headers.contains(.host) { writeHost(upstreamHost, of: head, to: &cursor) }
        }
        head.headers.remove(.contentLength)
        HeadWriter.writeFields(of: head.headers, to: &cursor)
        HeadWriter.writeFraming(head.framing, to: &cursor)
        if upgrade == .webSocket { cursor.write("connection: upgrade\r\nupgrade: websocket\r\n") }
        cursor.write("\r\n")
    }

    private static func writeHost(
        _ host: [UInt8], of head: RequestHead, to cursor: inout ByteCursor
    ) {
        head.headers.remove(.host)
        cursor.write("host: ")
        cursor.write(host)
        cursor.write("\r\n")
    }

    static func writeInterim(_ exchange: Exchange, to cursor: inout ByteCursor) {
        HeadWriter.writeStatusLine(exchange.response.status, to: &cursor)
        // RFC 9110 §8.6: no Content-Length in 1xx.
        exchange.response.headers.remove(.contentLength)
        HeadWriter.writeFields(of: exchange.response.headers, to: &cursor)
        cursor.write("\r\n")
    }

    static func writeResponse(
        _ exchange: Exchange, framing: BodyFraming, to cursor: inout ByteCursor
    ) {
        let head = exchange.response
        HeadWriter.writeStatusLine(head.status, to: &cursor)
        HeadWriter.writeFields(of: head.headers, to: &cursor)
        HeadWriter.writeFraming(framing, to: &cursor)
        writeConnection(exchange, to: &cursor)
        writeRequestID(exchange, to: &cursor)
        cursor.write("\r\n")
    }

    /// What the client is told about its connection (RFC 9112 §9.3).
    static func writeConnection(_ exchange: Exchange, to cursor: inout ByteCursor) {
        if exchange.closesDownstream {
            cursor.write("connection: close\r\n")
        } else if exchange.request.minorVersion == 0 {
            cursor.write("connection: keep-alive\r\n")
        }
    }

    static func writeRequestID(_ exchange: Exchange, to cursor: inout ByteCursor) {
        guard exchange.listener.plan.respondsRequestID, !exchange.requestID.isEmpty else { return }
        cursor.write("x-request-id: ")
        cursor.write(exchange.requestID, of: exchange.request.headers)
        cursor.write("\r\n")
    }
}
