/// How streams that are gone had ended: what late frames of theirs mean depends on it (RFC 9113
/// §5.1, "closed").
///
/// Remembers the last `capacity` streams of one connection, in fixed memory.
package struct HTTP2ClosedStreams: Sendable {
    package enum Ending: UInt8, Sendable, BitwiseCopyable {
        /// Both sides had said all.
        case ended
        /// The peer reset it.
        case resetByPeer
        /// We reset it: frames may still be under way and are ignored.
        case resetByUs
    }

    private var ids: ContiguousArray<UInt32>
    private var endings: ContiguousArray<Ending>

    package init(capacity: Int = 256) {
        // A power of two, at least 16.
        var size = 16
        while size < capacity { size *= 2 }
        self.ids = ContiguousArray(repeating: 0, count: size)
        self.endings = ContiguousArray(repeating: .ended, count: size)
    }

    /// A stream takes the place of the one that was `capacity` streams before it.
    package mutating func insert(_ id: UInt32, _ ending: Ending) {
        let slot = self.slot(of: id)
        self.ids[slot] = id
        self.endings[slot] = ending
    }

    /// - Returns: `nil` if it never was, or too long ago.
    package subscript(id: UInt32) -> Ending? {
        let slot = self.slot(of: id)
        return self.ids[slot] == id ? self.endings[slot] : nil
    }

    private func slot(of id: UInt32) -> Int {
        Int(truncatingIfNeeded: id >> 1) & (self.ids.count - 1)
    }
}
