import MartletConfig
import MartletHTTP
package import NIOCore

/// A request's body, held whole because a step wants to see all of it, or what has been sent of it,
/// kept for another try: sent from here as often as it takes, since nothing of it is used up.
///
/// Owned by its exchange until the head of the answer is there. Bounded by the route's
/// `limits.max-held-body`, by `retries.max-replay-body` or by `unprocessedBytesMax`, and with those
/// of all other exchanges by the worker's share of `held-body-memory`.
package struct HeldBody {
    /// What is kept of a body on its way to an HTTP/2 endpoint, which may say that it did not look
    /// at it (RFC 9113 §8.7): more than nearly every unary gRPC call has, and the first window.
    static let unprocessedBytesMax = 64 * 1024

    package fileprivate(set) var bytes = ByteBuffer()
    /// Nothing more will come.
    package private(set) var isWhole = false
    /// Nobody may go on without all of it.
    var isNeeded = true
    /// It was too large to be held and goes on as it comes.
    package private(set) var isGivenUp = false
    /// What the worker's budget is charged with.
    fileprivate var chargedBytes = 0

    package init() {}

    package var byteCount: Int { self.bytes.readableBytes }

    mutating func append(_ piece: ByteBuffer) {
        self.bytes.writeImmutableBuffer(piece)
    }

    mutating func end() {
        self.isWhole = true
    }

    mutating func giveUp() {
        self.isGivenUp = true
    }
}

extension Exchange {
    /// Takes a piece of the body; whether there was memory for it.
    ///
    /// Memory grows with what has come, never with what a head announces.
    func hold(_ piece: ByteBuffer) -> Bool {
        let bytesMax = self.worker.share(of: self.generation.plan.document.heldBodyBytesMax)
        guard self.worker.heldBodyBytes &+ piece.readableBytes <= bytesMax else { return false }
        self.holdLast(piece)
        return true
    }

    /// Takes a piece whatever there is of memory: one read of a body of which no more is held.
    func holdLast(_ piece: ByteBuffer) {
        self.heldBody.append(piece)
        let growth = self.heldBody.bytes.capacity &- self.heldBody.chargedBytes
        self.heldBody.chargedBytes &+= growth
        self.worker.heldBodyBytes &+= growth
    }

    /// Keeps a piece that goes out now, so that it can be sent again; once one is not kept, nothing
    /// is.
    func keepForReplay(_ piece: ByteBuffer) {
        let bytesMax = max(self.replayBytesMax, self.unprocessedBytesMax)
        guard bytesMax > 0, self.heldBody.byteCount &+ piece.readableBytes <= bytesMax,
            self.hold(piece)
        else {
            self.releaseHeldBody()
            return self.machine.requestBodySent()
        }
        if self.heldBody.byteCount > self.replayBytesMax {
            self.machine.requestBodySent(isKept: true)
        }
    }

    /// A connection has been leased that can say that it did not look at a request.
    func keepForUnprocessed() {
        // The text form of gRPC-Web goes out as something else.
        guard self.machine.request != .complete, !self.machine.hasSentBody, self.upgrade == .none,
            self.grpc != .webText
        else { return }
        self.unprocessedBytesMax = HeldBody.unprocessedBytesMax
    }

    /// Sends the same body as another exchange, which is charged with it.
    func shareHeldBody(of other: Exchange) {
        self.heldBody.bytes = other.heldBody.bytes
        self.heldBody.end()
    }

    /// Gives the body's memory back: the request will not be sent again.
    package func releaseHeldBody() {
        self.replayBytesMax = 0
        self.unprocessedBytesMax = 0
        guard self.heldBody.chargedBytes > 0 || self.heldBody.isWhole || self.heldBody.isGivenUp
        else { return }
        self.worker.heldBodyBytes &-= self.heldBody.chargedBytes
        var bytes = ByteBuffer()
        if 1...Self.spareBytesMax ~= self.heldBody.chargedBytes {
            swap(&bytes, &self.heldBody.bytes)
            bytes.clear()
        }
        self.heldBody = HeldBody()
        self.heldBody.bytes = bytes
    }

    /// Memory that stays with the exchange for its next use: small calls are the many.
    private static let spareBytesMax = 1024
}
