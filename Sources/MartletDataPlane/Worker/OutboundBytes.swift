package import NIOCore

/// What is about to be written to one channel: small pieces are joined, large ones passed on.
///
/// A head and a small body become one buffer and one system call. Holds at most one buffer of the
/// worker's pool, and only between the first piece and the flush of the same event.
package struct OutboundBytes {
    /// Up to here copying is cheaper than another element of a gathering write.
    private static let copyBytesMax = 4 * 1024

    /// Heads and framing are written here; take it with `open` first.
    package var buffer = ByteBuffer()
    private var isOpen = false

    package init() {}

    /// Makes `buffer` writable.
    package mutating func open(_ worker: Worker) {
        guard !self.isOpen else { return }
        self.buffer = worker.buffers.take()
        self.isOpen = true
    }

    /// Adds body bytes, framed as the receiver was told.
    package mutating func writeBody(
        _ bytes: ByteBuffer, isChunked: Bool, to context: ChannelHandlerContext, worker: Worker
    ) {
        let count = bytes.readableBytes
        guard count > 0 else { return }
        self.open(worker)
        if isChunked {
            self.buffer.writeHead(capacity: 24) { ChunkedEncoder.writeSize(count, to: &$0) }
        }
        if count <= Self.copyBytesMax {
            self.buffer.writeImmutableBuffer(bytes)
        } else {
            if self.buffer.readableBytes > 0 {
                context.write(NIOAny(self.buffer), promise: nil)
                // The channel holds it until it is flushed, so the next piece needs another.
                self.buffer = worker.buffers.take()
            }
            context.write(NIOAny(bytes), promise: nil)
        }
        if isChunked {
            self.open(worker)
            self.buffer.writeStaticString("\r\n")
        }
    }

    /// Hands everything to the channel, which has yet to be flushed.
    ///
    /// Flushing is the caller's, outside of this call: a write that fails at once closes the
    /// channel and comes back here through `discard`.
    ///
    /// - Returns: the buffer, to be given back to the pool after the flush.
    package mutating func close(to context: ChannelHandlerContext) -> ByteBuffer? {
        guard self.isOpen else { return nil }
        let buffer = self.buffer
        self.buffer = ByteBuffer()
        self.isOpen = false
        if buffer.readableBytes > 0 { context.write(NIOAny(buffer), promise: nil) }
        return buffer
    }

    /// Forgets what was not handed over.
    package mutating func discard(worker: Worker) {
        guard self.isOpen else { return }
        worker.buffers.giveBack(self.buffer)
        self.buffer = ByteBuffer()
        self.isOpen = false
    }
}
