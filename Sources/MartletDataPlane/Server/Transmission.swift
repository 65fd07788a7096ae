import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How far what was handed to the kernel has come, as its TCP tells: a channel hears of room only
/// when much of what the kernel holds is gone.
struct Transmission {
    /// By the peer, since it connected (`tcpEStatsAppHCThruOctetsAcked` of RFC 4898).
    let acknowledgedBytes: UInt64
    /// What waits for the peer's window or the network.
    ///
    /// What was sent and is not acknowledged does not count: where there is a peer, that is a
    /// matter of milliseconds.
    let unsentBytes: Int
}

extension ChannelHandlerContext {
    /// How far it has come; `nil` where the system does not tell.
    ///
    /// Costs a system call.
    var transmission: Transmission? {
        #if os(Linux)
        guard let options = self.channel as? any SocketOptionProvider else { return nil }
        let asked: EventLoopFuture<TCPInformation> = options.unsafeGetSocketOption(
            level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_INFO))
        var found: TCPInformation?
        // On the channel's own loop the answer is there already.
        asked.assumeIsolated().whenSuccess { found = $0 }
        return found.map {
            Transmission(
                acknowledgedBytes: $0.acknowledgedBytes, unsentBytes: Int($0.unsentBytes))
        }
        #else
        return nil
        #endif
    }
}

/// The beginning of Linux's `struct tcp_info` (include/uapi/linux/tcp.h), as 64-bit words.
private struct TCPInformation: Sendable, BitwiseCopyable {
    private var words = InlineArray<19, UInt64>(repeating: 0)

    /// `tcpi_bytes_acked`, at byte 120.
    var acknowledgedBytes: UInt64 { self.words[15] }
    /// `tcpi_notsent_bytes`, at byte 144.
    var unsentBytes: UInt32 { UInt32(truncatingIfNeeded: self.words[18]) }
}
