/// How a client's connection ends once its last answer is written.
///
/// Our side closes first and what the client still sends is dropped for a while, since closing with
/// unread input makes the kernel reset the connection and may take the answer from the client
/// (RFC 9112 §9.6). A slow client may still be taking that answer: it is waited for as long as it
/// takes something.
package struct Lingering {
    /// How long a client has for its own close once everything is out.
    static let ticks = 2 * WorkerClock.ticksPerSecond
    /// A client that sends more than this is cut off.
    package static let droppedBytesMax = 4 * 1024 * 1024

    private var droppedBytes = 0
    var writes = WriteWatch()

    package init() {}

    /// Whether the client may go on after these.
    package mutating func drops(_ count: Int) -> Bool {
        self.droppedBytes += count
        return self.droppedBytes <= Self.droppedBytesMax
    }
}
