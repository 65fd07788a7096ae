/// How much a peer may still send, of one stream or of the connection (RFC 9113 §5.2, §6.9).
///
/// Bytes are credited when they have been passed on, not when they arrive: so what is held for a
/// slow receiver is never more than `size`. Owned by a stream or a connection.
package struct HTTP2ReceiveWindow: Sendable, BitwiseCopyable {
    /// What the peer may have under way at most.
    package let size: Int
    /// What it may still send now.
    package private(set) var available: Int
    /// Passed on, but not told to the peer.
    private var uncredited = 0

    package init(size: Int) {
        self.size = size
        self.available = size
    }

    /// - `count`: bytes of a DATA frame's payload, padding included (§6.9.1).
    /// - Returns: `false` if the peer has sent more than it may.
    package mutating func received(_ count: Int) -> Bool {
        guard count <= self.available else { return false }
        self.available -= count
        return true
    }

    /// Bytes have been passed on or dropped.
    ///
    /// - Returns: the increment to be told to the peer, once it is worth a frame; else 0.
    package mutating func consumed(_ count: Int) -> Int {
        self.uncredited += count
        guard self.uncredited * 2 >= self.size else { return 0 }
        let increment = self.uncredited
        self.uncredited = 0
        self.available += increment
        return increment
    }
}

/// How much may be sent to a peer, of one stream or of the connection (RFC 9113 §6.9).
package struct HTTP2SendWindow: Sendable, BitwiseCopyable {
    /// Negative after the peer has made its initial window smaller (§6.9.2).
    package private(set) var available: Int

    /// §6.9.1: a window is never larger.
    package static let max = 0x7fff_ffff

    package init(size: Int) {
        self.available = size
    }

    package mutating func sent(_ count: Int) {
        self.available -= count
    }

    /// - Returns: `false` if the window would be larger than is allowed.
    package mutating func grew(by increment: Int) -> Bool {
        guard self.available <= Self.max - increment else { return false }
        self.available += increment
        return true
    }
}
