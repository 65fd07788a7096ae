import MartletHTTP
import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One worker's listening socket: each worker has its own on the same address (`SO_REUSEPORT`), so
/// the kernel spreads connections and none ever changes its loop.
enum ListenerSocket {
    /// Connections taken in one turn of the loop.
    private static let acceptsPerTurnMax: UInt = 256
    private static let backlog: Int32 = 1024

    /// Binds on the worker's loop.
    ///
    /// - `listener`: what accepted connections belong to.
    static func bind(
        _ address: SocketAddress, worker: NIOLoopBound<Worker>,
        listener: NIOLoopBound<ListenerState>
    ) -> EventLoopFuture<any Channel> {
        let eventLoop = worker.eventLoop
        return ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: acceptsPerTurnMax)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try DownstreamPipeline.install(
                        on: channel, worker: worker.value, listener: listener.value)
                }
            }
            .bind(to: address)
    }
}
