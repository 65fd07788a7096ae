import MartletHTTP
import MartletTelemetry
import NIOCore

/// The client's side of an exchange: the one door through which the driver reaches it, whatever
/// protocol it speaks.
///
/// Set while the client waits for (more of) its answer. Every call ends without calling the driver
/// back about the same exchange, `resume` and `flush` excepted.
package enum DownstreamSide {
    /// The connection itself: it has one exchange at a time.
    case http1(HTTP1DownstreamHandler)
    /// One stream of a connection that has many.
    case http2(HTTP2DownstreamStream)

    /// Input is being gone through: what is written now is flushed when that is done.
    var isProcessing: Bool {
        switch self {
        case .http1(let handler): handler.isProcessing
        // A stream may be written to and resumed at any time; its connection flushes by itself.
        case .http2: false
        }
    }

    /// Body bytes lie here that the upstream has not been given.
    var holdsBody: Bool {
        switch self {
        case .http1(let handler): handler.held.readableBytes > 0
        case .http2(let stream): stream.held.readableBytes > 0
        }
    }

    /// The client takes nothing more for now, so nothing is read for it.
    var isBlocked: Bool {
        switch self {
        case .http1(let handler): handler.isBlocked
        case .http2(let stream): stream.hasPausedUpstream
        }
    }

    /// The client will hardly take what is read for it now.
    var takesLittle: Bool {
        switch self {
        // One answer at a time.
        case .http1: false
        case .http2(let stream): stream.connection.takesLittle(of: stream)
        }
    }

    /// Whether the connection serves another request after this one.
    func keepsAlive(_ exchange: Exchange) -> Bool {
        switch self {
        case .http1(let handler):
            ExchangeDriver.keepsAlive(exchange, requestCount: handler.requestCount)
        // GOAWAY, not an answer, says when an HTTP/2 connection ends.
        case .http2: true
        }
    }

    /// Counts what the listener's limits did to the client.
    func reject(_ reason: DownstreamRejection) {
        switch self {
        case .http1(let handler): handler.reject(reason)
        case .http2(let stream): stream.connection.reject(reason)
        }
    }

    // MARK: Answering

    /// Writes `exchange.response` as an interim response, and flushes it.
    func sendInterim(_ exchange: Exchange) {
        switch self {
        case .http1(let handler): handler.sendInterim(exchange)
        case .http2(let stream): stream.connection.sendInterim(stream, exchange)
        }
    }

    /// Writes `exchange.response`.
    ///
    /// - `framing`: of the body as it is known; the protocol's own form of it is made here.
    /// - `hasBody`: whether body bytes or trailers can follow.
    func sendHead(_ exchange: Exchange, framing: BodyFraming, hasBody: Bool) {
        if exchange.isSecure { exchange.addTransportSecurity() }
        if exchange.hasOwnFields { exchange.addOwnFields() }
        switch self {
        case .http1(let handler): handler.sendHead(exchange, framing: framing)
        case .http2(let stream):
            stream.connection.sendHead(stream, exchange, framing: framing, hasBody: hasBody)
        }
    }

    /// Writes `exchange.response` as the agreement to change the protocol; raw bytes follow.
    func openTunnel(_ exchange: Exchange) {
        if exchange.hasOwnFields { exchange.addOwnFields() }
        switch self {
        case .http1(let handler): handler.openTunnel(exchange)
        case .http2(let stream): stream.connection.openTunnel(stream, exchange)
        }
    }

    func sendBody(_ exchange: Exchange, _ bytes: ByteBuffer) {
        switch self {
        case .http1(let handler):
            handler.writeBody(bytes, isChunked: exchange.sendsChunkedResponse)
        case .http2(let stream): stream.connection.sendBody(stream, bytes)
        }
    }

    /// The body is over; trailers that the upstream sent follow it where the protocol has them.
    func sendEnd(_ exchange: Exchange) {
        switch self {
        case .http1(let handler): handler.sendEnd(exchange)
        case .http2(let stream): stream.connection.sendEnd(stream, exchange)
        }
    }

    func flush() {
        switch self {
        case .http1(let handler): handler.flush()
        case .http2(let stream): stream.connection.scheduleFlush()
        }
    }

    // MARK: The request's body

    /// The request was held back for so long: the client could not send, so no rate is asked of it.
    func creditHold(ticks: UInt64) {
        switch self {
        case .http1(let handler): handler.creditHold(ticks: ticks)
        case .http2(let stream): stream.creditHold(ticks: ticks)
        }
    }

    /// Goes on with body bytes that were held, and reads more.
    func resume() {
        switch self {
        case .http1(let handler): handler.resume()
        case .http2(let stream): stream.resume()
        }
    }

    // MARK: The end

    /// The exchange is over and recorded; what was written goes out.
    func exchangeEnded(keepsAlive: Bool) {
        switch self {
        case .http1(let handler): handler.exchangeEnded(keepsAlive: keepsAlive)
        case .http2(let stream): stream.exchangeEnded()
        }
    }

    /// Cuts the answer off, so that the client can tell that it is not whole.
    func abort() {
        switch self {
        case .http1(let handler): handler.abort()
        case .http2(let stream): stream.abort()
        }
    }
}

/// A client's connection as its worker counts it.
package protocol DownstreamConnection: AnyObject {
    var listener: ListenerState { get }
    /// Place in the worker's list of connections; negative while it has none.
    var slot: Int { get set }

    /// The drain wants idle connections gone soon; a request that comes in time is still served.
    func beginDrain()
    /// Closes it if nothing is under way.
    func closeIfIdle()
    func close()
}
