import MartletHTTP
import NIOCore

/// The writing half: what the driver has the client told.
extension HTTP1DownstreamHandler {
    func writeHead(capacity: Int, _ write: (inout ByteCursor) -> Void) {
        self.outbound.open(self.worker)
        self.outbound.buffer.writeHead(capacity: capacity, write)
    }

    func writeBody(_ bytes: ByteBuffer, isChunked: Bool) {
        guard let context = self.context else { return }
        self.outbound.writeBody(bytes, isChunked: isChunked, to: context, worker: self.worker)
    }

    /// Sends what is written, unless the input being processed will add to it.
    func flush() {
        if !self.isProcessing { self.flushNow() }
    }

    func flushNow() {
        guard let context = self.context, let buffer = self.outbound.close(to: context) else {
            return
        }
        self.isFlushing = true
        context.flush()
        self.isFlushing = false
        self.worker.buffers.giveBack(buffer)
        if self.isBlocked { self.blocked() }
    }

    /// The client does not take what is written: nothing more is fetched for it, and it has to take
    /// something in time.
    private func blocked() {
        self.exchange?.connection?.pauseReading()
        self.watchWrites()
    }

    /// The exchange is over and recorded.
    func exchangeEnded(keepsAlive: Bool) {
        self.exchange = nil
        guard self.phase != .closed else { return }
        guard keepsAlive, !self.listener.isRetired else { return self.beginLingering() }
        self.phase = .idle
        if !self.isStalled { self.armIdle() }
        guard !self.isProcessing else { return }
        self.flush()
        if self.isReadPaused {
            self.resume()
        } else if self.isInputClosed {
            self.beginLingering()
        }
    }

    /// No other request is served: what is written goes out, then the connection ends.
    func beginLingering() {
        guard let context = self.context else { return }
        self.phase = .lingering
        self.held = ByteBuffer()
        self.flushNow()
        self.linger(context)
    }

    /// Cuts the connection, so that the client can tell that the answer is not whole.
    func abort() {
        self.exchange = nil
        self.phase = .lingering
        self.outbound.discard(worker: self.worker)
        self.cut()
    }

    // MARK: Lingering

    private func linger(_ context: ChannelHandlerContext) {
        self.isStalled = false
        self.lingering = Lingering()
        self.lingering.writes.begin(context, at: self.worker.clock.tick)
        context.endOutput(isInputClosed: self.isInputClosed)
        if !self.isInputClosed { self.resumeReading() }
        self.arm(Lingering.ticks)
    }

    func dropWhileLingering(_ count: Int) {
        if !self.lingering.drops(count) { self.close() }
    }
}
