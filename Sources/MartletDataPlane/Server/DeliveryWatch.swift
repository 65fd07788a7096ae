import NIOCore

/// Whether a peer that reads slowly is still taking what was written for it, when a deadline is
/// over that is meant for peers that do nothing.
struct DeliveryWatch {
    private var unsentBytes = 0
    private var acknowledgedBytes: UInt64 = 0

    /// Whether something waits, or did at the last look, of which the peer has taken some since; at
    /// the first look, whether something waits.
    ///
    /// Who has taken the last of it a moment ago still has his time for what comes next.
    mutating func hasMoved(_ context: ChannelHandlerContext?) -> Bool {
        guard let context else { return false }
        let transmission = context.transmission
        let unsent = context.unsentBytes + (transmission?.unsentBytes ?? 0)
        let acknowledged = transmission?.acknowledgedBytes ?? 0
        defer {
            self.unsentBytes = unsent
            self.acknowledgedBytes = acknowledged
        }
        guard unsent > 0 || self.unsentBytes > 0 else { return false }
        return unsent != self.unsentBytes || acknowledged != self.acknowledgedBytes
    }
}
