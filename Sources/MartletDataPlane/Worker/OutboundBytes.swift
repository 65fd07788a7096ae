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
            self.pass(to: context, worker: worker)
            context.write(NIOAny(bytes), promise: nil)
        }
        if isChunked {
            self.open(worker)
            self.buffer.writeStaticString("\r\n")
        }
    }

    /// Hands everything to the channel and has it written.
    package mutating func flush(to context: ChannelHandlerContext, worker: Worker) {
        guard self.isOpen else { return }
        self.pass(to: context, worker: nil)
        context.flush()
        self.discard(worker: worker)
    }

    /// Forgets what was not handed over.
    package mutating func discard(worker: Worker) {
        guard self.isOpen else { return }
        worker.buffers.giveBack(self.buffer)
        self.buffer = ByteBuffer()
        self.isOpen = false
    }

    private mutating func pass(to context: ChannelHandlerContext, worker: Worker?) {
        guard self.isOpen, self.buffer.readableBytes > 0 else { return }
        context.write(NIOAny(self.buffer), promise: nil)
        guard let worker else { return }
        // Written but not flushed: the channel holds it, so the next piece needs another one.
        self.buffer = worker.buffers.take()
    }
}
