import MartletHTTP
import NIOCore

/// The upstream's side of an exchange: the one door through which the driver reaches it, whatever
/// protocol it speaks.
///
/// Set while a connection, or a stream of one, is this exchange's.
package enum UpstreamSide {
    /// The connection itself: it has one exchange at a time.
    case http1(HTTP1UpstreamHandler)
    /// One stream of a connection that has many.
    case http2(HTTP2UpstreamStream)

    var upstream: Upstream {
        switch self {
        case .http1(let handler): handler.upstream
        case .http2(let stream): stream.connection.upstream
        }
    }

    var plan: EndpointPlan {
        switch self {
        case .http1(let handler): handler.plan
        case .http2(let stream): stream.connection.plan
        }
    }

    /// Row in the upstream's current plan, for metrics.
    var endpoint: Int {
        switch self {
        case .http1(let handler): handler.endpoint
        case .http2(let stream): stream.connection.endpoint
        }
    }

    /// The connection had served a request before: the endpoint may have closed it meanwhile.
    var isReused: Bool {
        switch self {
        case .http1(let handler): handler.isReused
        case .http2(let stream): stream.connection.isReused
        }
    }

    /// It takes body bytes now; if not, the client's side is told to resume when it does.
    var isWritable: Bool {
        switch self {
        case .http1(let handler): handler.isWritable
        case .http2(let stream): stream.isWritable
        }
    }

    /// It can become something else than HTTP; an HTTP/2 endpoint has to have said so (RFC 8441).
    var canUpgrade: Bool {
        switch self {
        case .http1: true
        case .http2(let stream): stream.connection.peerSettings.allowsConnectProtocol
        }
    }

    // MARK: Sending

    func sendHead(_ exchange: Exchange) {
        switch self {
        case .http1(let handler): handler.sendHead(exchange)
        case .http2(let stream): stream.connection.sendHead(stream, exchange)
        }
    }

    func sendBody(_ exchange: Exchange, _ bytes: ByteBuffer) {
        switch self {
        case .http1(let handler): handler.sendBody(exchange, bytes)
        case .http2(let stream): stream.connection.sendBody(stream, bytes)
        }
    }

    /// What was held of the request goes on.
    func requestGoesOn(_ exchange: Exchange) {
        switch self {
        case .http1(let handler): handler.requestGoesOn()
        case .http2(let stream): stream.requestGoesOn(exchange)
        }
    }

    /// The request is whole; its trailers follow where the protocol has them.
    ///
    /// - `responseTicks`: how long the answer may take from here.
    func sendEnd(_ exchange: Exchange, responseTicks: UInt64) {
        if !exchange.requestBody.chunks.trailers.isEmpty { RequestTrailers.clean(exchange) }
        switch self {
        case .http1(let handler): handler.sendEnd(exchange, responseTicks: responseTicks)
        case .http2(let stream):
            stream.connection.sendEnd(stream, exchange, responseTicks: responseTicks)
        }
    }

    func flush() {
        switch self {
        case .http1(let handler): handler.flush()
        case .http2(let stream): stream.connection.scheduleFlush()
        }
    }

    /// The same try belongs to another exchange from here on.
    func handOver(to exchange: Exchange) {
        switch self {
        case .http1(let handler): handler.handOver(to: exchange)
        case .http2(let stream): stream.exchange = exchange
        }
    }

    // MARK: Back-pressure

    /// The client takes no more: nothing more is read for it.
    func pauseReading() {
        switch self {
        case .http1(let handler): handler.pauseReading()
        case .http2(let stream): stream.pauseReading()
        }
    }

    func resumeReading() {
        switch self {
        case .http1(let handler): handler.resumeReading()
        case .http2(let stream): stream.resumeReading()
        }
    }

    /// The client takes hardly anything: no more is read for it at once than it takes to see that.
    ///
    /// Of an HTTP/2 endpoint the stream's window bounds it.
    func readLittle(_ isLittle: Bool) {
        if case .http1(let handler) = self { handler.readLittle(isLittle) }
    }

    // MARK: The end

    /// The exchange is done with it, between two messages.
    func release() {
        switch self {
        case .http1(let handler): handler.release()
        case .http2(let stream): stream.release()
        }
    }

    /// The exchange is done with it, in the middle of a message: nothing can follow.
    func close() {
        switch self {
        case .http1(let handler): handler.close()
        case .http2(let stream): stream.close()
        }
    }
}
