import NIOCore

extension ChannelHandlerContext {
    /// Ends our side once what is written is out.
    ///
    /// Where the client has ended its own, swift-nio closes at once and drops what is not out yet;
    /// so that is waited for.
    func endOutput(isInputClosed: Bool) {
        guard isInputClosed else {
            self.flush()
            return self.close(mode: .output, promise: nil)
        }
        self.closeOnceWritten()
    }

    /// Closes both sides once what is written is out.
    func closeOnceWritten() {
        let written = self.eventLoop.makePromise(of: Void.self)
        let channel = self.channel
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        self.writeAndFlush(NIOAny(ByteBuffer()), promise: written)
    }

    /// What the kernel has not taken yet.
    var unsentBytes: Int {
        guard let options = self.channel.syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }
}
