import MartletConfig
package import NIOCore

/// A request's body, held whole because a step wants to see all of it, and sent from here
/// afterwards: as often as it takes, since nothing of it is used up.
///
/// Owned by its exchange until the head of the answer is there. Bounded by the route's
/// `limits.max-held-body`, and with those of all other exchanges by the worker's share of
/// `held-body-memory`.
package struct HeldBody {
    package private(set) var bytes = ByteBuffer()
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

    /// Gives the body's memory back: the request will not be sent again.
    package func releaseHeldBody() {
        guard self.heldBody.chargedBytes > 0 || self.heldBody.isWhole else { return }
        self.worker.heldBodyBytes &-= self.heldBody.chargedBytes
        self.heldBody = HeldBody()
    }
}
