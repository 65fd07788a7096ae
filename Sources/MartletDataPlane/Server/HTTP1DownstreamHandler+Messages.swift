import MartletHTTP
import NIOCore

/// Heads and ends in HTTP/1's own form: what the driver has the client told.
extension HTTP1DownstreamHandler {
    func sendInterim(_ exchange: Exchange) {
        self.writeHead(capacity: exchange.response.headers.bytes.count + 256) {
            ForwardedMessageWriter.writeInterim(exchange, to: &$0)
        }
        self.flush()
    }

    func sendHead(_ exchange: Exchange, framing: BodyFraming) {
        let framing = Self.outgoing(framing, exchange)
        exchange.sendsChunkedResponse = framing == .chunked
        self.writeHead(capacity: exchange.response.headers.bytes.count + 256) {
            ForwardedMessageWriter.writeResponse(exchange, framing: framing, to: &$0)
        }
    }

    /// 101, written anew; what the client sends from here on is the tunnel's.
    func openTunnel(_ exchange: Exchange) {
        exchange.sendsChunkedResponse = false
        self.writeHead(capacity: exchange.response.headers.bytes.count + 256) {
            HeadWriter.writeStatusLine(101, to: &$0)
            HeadWriter.writeFields(of: exchange.response.headers, to: &$0)
            $0.write("connection: upgrade\r\nupgrade: websocket\r\n")
            ForwardedMessageWriter.writeRequestID(exchange, to: &$0)
            $0.write("\r\n")
        }
        self.beginTunnel()
        self.flush()
    }

    /// The framing towards the client; one that its version does not know ends with the connection.
    private static func outgoing(_ framing: BodyFraming, _ exchange: Exchange) -> BodyFraming {
        switch framing {
        case .none, .length: return framing
        case .chunked, .untilClose:
            if exchange.request.minorVersion >= 1 { return .chunked }
            exchange.closesDownstream = true
            return .untilClose
        }
    }

    func sendEnd(_ exchange: Exchange) {
        guard exchange.sendsChunkedResponse else { return }
        let trailerBytes = exchange.responseBody.chunks.trailers.bytes.count
        self.writeHead(capacity: trailerBytes + 64) {
            ChunkedEncoder.writeLast(trailers: exchange.responseBody.chunks.trailers, to: &$0)
        }
    }
}
