import MartletHTTP
import NIOCore

/// One stream of a client's HTTP/2 connection: a request, its answer, and what both still wait for.
///
/// Owned by its connection from HEADERS until both sides have said all, or one has reset it. It
/// outlives its exchange while the client takes the last bytes of the answer. Confined to the
/// worker's loop.
package final class HTTP2DownstreamStream {
    let id: UInt32
    let connection: HTTP2DownstreamHandler
    /// `nil` once the exchange is recorded.
    var exchange: Exchange?

    /// The driver has the request; until then its body is held and not counted.
    var isDispatched = false
    /// The client may still send.
    var isReceiveOpen = true
    /// Body bytes that cannot be passed on yet; bounded by the receive window.
    var held = ByteBuffer()
    /// The driver has been told that the request is whole.
    var hasToldEnd = false
    var receiveWindow: HTTP2ReceiveWindow
    /// Body bytes that `content-length` says are to come; `nil` where it says nothing.
    var bytesToCome: Int?

    var queue: HTTP2SendQueue
    /// Body bytes that the answer's head announced and that have not been written; `nil` if it
    /// announced none.
    var bytesToSend: Int?
    /// In the connection's list of streams that wait for its window.
    var isWaiting = false
    /// The upstream is not read because the client does not take more.
    var hasPausedUpstream = false

    let openedTick: UInt64
    /// Of the request's head, as it is counted for the connection.
    let headBytes: Int
    /// The head of the answer is out: what the client resets from here on, it has waited for.
    var hasSentHead = false

    // What the connection's watch compares from one look to the next.
    var watchedReceived = 0
    var receivedBytes = 0
    var watchedQueued = 0
    var hasBeenWatched = false
    var stalledTick: UInt64 = 0
    /// A WebSocket or the like: no rate is asked of it.
    var isTunnel = false
    /// We have said all, and the client's end is awaited for a while.
    var awaitsEnd = false
    /// When it is reset instead.
    var resetTick: UInt64 = 0

    init(
        id: UInt32, connection: HTTP2DownstreamHandler, exchange: Exchange,
        receiveWindow: Int, sendWindow: Int
    ) {
        self.id = id
        self.connection = connection
        self.exchange = exchange
        self.openedTick = connection.worker.clock.tick
        self.headBytes = exchange.request.headers.bytes.count
        self.receiveWindow = HTTP2ReceiveWindow(size: receiveWindow)
        self.queue = HTTP2SendQueue(window: HTTP2SendWindow(size: sendWindow))
    }

    // MARK: The request's body

    /// Passes held body bytes on, as many as the upstream takes, and the end of the request.
    func passBodyOn() {
        while let exchange = self.exchange, self.held.readableBytes > 0 {
            switch exchange.machine.requestBodyReceived() {
            case .wait: return
            case .hold:
                guard !exchange.isRequestHeld else { return }
                self.passHeldOn(exchange)
            case .forward:
                guard let upstream = exchange.connection else { return }
                if !exchange.takesRequestBody {
                    upstream.flush()
                    guard exchange.takesRequestBody else { return }
                }
                self.passHeldOn(exchange)
            case .discard:
                self.dropBody()
            }
        }
        guard self.held.readableBytes == 0, !self.isReceiveOpen, !self.hasToldEnd,
            let exchange = self.exchange
        else { return }
        self.hasToldEnd = true
        ExchangeDriver.requestEnded(exchange)
    }

    private func passHeldOn(_ exchange: Exchange) {
        let bytes = self.held
        self.held = ByteBuffer()
        ExchangeDriver.requestBodyReceived(exchange, bytes)
        self.connection.bodyConsumed(bytes.readableBytes, of: self)
    }

    /// The request was held back for so long, as if the client had kept the rate meanwhile.
    func creditHold(ticks: UInt64) {
        let plan = self.connection.listener.plan
        self.watchedReceived -= plan.bodyBytesMin(inTicks: min(ticks, plan.bodyGraceTicks))
    }

    /// Nobody wants what was received.
    func dropBody() {
        let count = self.held.readableBytes
        self.held = ByteBuffer()
        self.connection.bodyConsumed(count, of: self)
    }

    /// The upstream takes body bytes, for the first time or again.
    func resume() {
        self.passBodyOn()
        self.exchange?.connection?.flush()
    }

    // MARK: The end

    /// The exchange is over; the answer's last bytes may still lie here.
    func exchangeEnded() {
        self.exchange = nil
        self.connection.exchangeEnded(self)
    }

    /// The answer cannot be finished.
    func abort() {
        self.exchange = nil
        self.connection.reset(self, .internalError)
    }
}
