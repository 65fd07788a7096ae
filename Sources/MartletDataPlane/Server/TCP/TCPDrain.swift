import NIOCore

/// What waits for one side of a connection that is passed on as it is, when its idle deadline is
/// over.
struct TCPDrain {
    private var unsentBytes = 0
    private var acknowledgedBytes: UInt64 = 0

    /// Whether something waits that side has taken some of since the last look; of the first look,
    /// whether something waits.
    mutating func hasMoved(_ context: ChannelHandlerContext?) -> Bool {
        guard let context else { return false }
        let unsent = context.unsentBytes
        let transmission = context.transmission
        let acknowledged = transmission?.acknowledgedBytes ?? 0
        defer {
            self.unsentBytes = unsent
            self.acknowledgedBytes = acknowledged
        }
        guard unsent > 0 || transmission?.isComplete == false else { return false }
        return unsent != self.unsentBytes || acknowledged != self.acknowledgedBytes
    }
}
