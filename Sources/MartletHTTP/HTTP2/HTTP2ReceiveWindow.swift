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

    /// What it last grew by; as it was opened, if it has not.
    private var lastIncrement: Int
    /// The most that it has been.
    private var largest: Int

    package init(size: Int) {
        self.available = size
        self.lastIncrement = size
        self.largest = size
    }

    /// Whether what may be sent now is better kept for a larger frame (RFC 1122 §4.2.3.4, the silly
    /// window syndrome).
    ///
    /// A peer that gives back what each frame had, as simple ones do, gives as little for a small
    /// frame, so that without this a frame of one byte is followed by such frames for ever. Not of
    /// a peer whose windows are small: it gets every byte; nor before it has given back little, for
    /// what waits then is on its way.
    package var isSilly: Bool {
        self.available < Self.frameBytesMin && self.lastIncrement < Self.frameBytesMin
            && self.largest >= Self.frameBytesMin * 16
    }

    private static let frameBytesMin = 1024

    package mutating func sent(_ count: Int) {
        self.available -= count
    }

    /// - Returns: `false` if the window would be larger than is allowed.
    package mutating func grew(by increment: Int) -> Bool {
        guard self.available <= Self.max - increment else { return false }
        self.available += increment
        // SETTINGS may have made it smaller for good (§6.9.2).
        if increment < 0 { self.largest = self.available } else { self.lastIncrement = increment }
        if self.available > self.largest { self.largest = self.available }
        return true
    }
}
