import MartletHTTP
import NIOCore

/// One stream of a connection to an HTTP/2 endpoint: a request and its answer.
///
/// Owned by its connection and its exchange from the lease until the answer is whole or one side
/// gives up. Confined to the worker's loop.
package final class HTTP2UpstreamStream {
    let id: UInt32
    let connection: HTTP2UpstreamHandler
    /// `nil` once the exchange is done with it.
    var exchange: Exchange?
    var queue: HTTP2SendQueue
    var receiveWindow: HTTP2ReceiveWindow
    /// Received while the client takes nothing, so not credited to the endpoint.
    var uncredited = 0
    var isPaused = false
    /// HEADERS are out: the endpoint knows of the stream.
    var hasSentHead = false
    /// A final response head has come.
    var hasHead = false
    /// Body bytes that `content-length` says are to come; `nil` where it says nothing.
    var bytesToCome: Int?
    /// In the connection's list of streams that wait for its window.
    var isWaiting = false
    /// Body bytes could not go out when they came: the client's side waits to be told to go on.
    var hasRefusedBody = false

    init(
        id: UInt32, connection: HTTP2UpstreamHandler, exchange: Exchange, sendWindow: Int,
        receiveWindow: Int
    ) {
        self.id = id
        self.connection = connection
        self.exchange = exchange
        self.queue = HTTP2SendQueue(window: HTTP2SendWindow(size: sendWindow))
        self.receiveWindow = HTTP2ReceiveWindow(size: receiveWindow)
    }

    var isWritable: Bool {
        let isWritable = self.queue.isEmpty && self.connection.isWritable
        if !isWritable { self.hasRefusedBody = true }
        return isWritable
    }

    // MARK: Back-pressure

    /// The client takes no more: the endpoint gets no more credit for this stream.
    func pauseReading() {
        self.isPaused = true
        self.exchange?.disarm()
    }

    func resumeReading() {
        guard self.isPaused else { return }
        self.isPaused = false
        let count = self.uncredited
        self.uncredited = 0
        self.connection.credit(count, to: self)
        if let exchange = self.exchange, self.hasHead { self.connection.armStreamIdle(exchange) }
    }

    /// What a limit held of the request goes on.
    func requestGoesOn(_ exchange: Exchange) {
        if !self.hasHead { self.connection.armStreamIdle(exchange) }
    }

    // MARK: The end

    /// The exchange is done with it; both sides have said all.
    func release() {
        self.exchange = nil
        self.connection.exchangeAnswered()
        self.connection.streamEnded(self)
    }

    /// The exchange gives it up.
    func close() {
        self.exchange = nil
        self.connection.cancel(self)
    }
}
