import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

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

    /// Closes with a reset, so that the peer can tell that what it has is not whole.
    func abort() {
        let now = linger(l_onoff: 1, l_linger: 0)
        _ = (self.channel as? any SocketOptionProvider)?.setSoLinger(now)
        self.close(promise: nil)
    }

    /// What the kernel has not taken yet.
    var unsentBytes: Int {
        guard let options = self.channel.syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }
}

extension Error {
    /// The peer has reset the connection, or its system has for it.
    var isConnectionReset: Bool {
        guard let error = self as? IOError else { return false }
        return error.errnoCode == ECONNRESET || error.errnoCode == EPIPE
    }
}
