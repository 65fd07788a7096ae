import MartletConfig
package import NIOCore

/// A request's body, held whole because a step wants to see all of it, or what has been sent of it,
/// kept for another try: sent from here as often as it takes, since nothing of it is used up.
///
/// Owned by its exchange until the head of the answer is there. Bounded by the route's
/// `limits.max-held-body` or `retries.max-replay-body`, and with those of all other exchanges by
/// the worker's share of `held-body-memory`.
package struct HeldBody {
    package fileprivate(set) var bytes = ByteBuffer()
    /// Nothing more will come.
    package private(set) var isWhole = false
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
}

extension Exchange {
    /// Takes a piece of the body; whether there was memory for it.
    ///
    /// Memory grows with what has come, never with what a head announces.
    func hold(_ piece: ByteBuffer) -> Bool {
        let bytesMax = self.worker.share(of: self.generation.plan.document.heldBodyBytesMax)
        guard self.worker.heldBodyBytes &+ piece.readableBytes <= bytesMax else { return false }
        self.heldBody.append(piece)
        let growth = self.heldBody.bytes.capacity &- self.heldBody.chargedBytes
        self.heldBody.chargedBytes &+= growth
        self.worker.heldBodyBytes &+= growth
        return true
    }

    /// Keeps a piece that goes out now, so that it can be sent again.
    ///
    /// - Returns: whether all that has gone out is kept; once it is not, nothing is.
    func keepForReplay(_ piece: ByteBuffer) -> Bool {
        guard self.replayBytesMax > 0 else { return false }
        if self.heldBody.byteCount &+ piece.readableBytes <= self.replayBytesMax, self.hold(piece) {
            return true
        }
        self.releaseHeldBody()
        return false
    }

    /// Sends the same body as another exchange, which is charged with it.
    func shareHeldBody(of other: Exchange) {
        self.heldBody.bytes = other.heldBody.bytes
        self.heldBody.end()
    }

    /// Gives the body's memory back: the request will not be sent again.
    package func releaseHeldBody() {
        self.replayBytesMax = 0
        guard self.heldBody.chargedBytes > 0 || self.heldBody.isWhole else { return }
        self.worker.heldBodyBytes &-= self.heldBody.chargedBytes
        self.heldBody = HeldBody()
    }
}
