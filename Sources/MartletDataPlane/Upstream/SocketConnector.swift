import MartletHTTP
package import NIOCore
import NIOPosix

/// Opens TCP connections to endpoints on the worker's own loop.
package final class SocketConnector: UpstreamConnector {
    private let eventLoop: any EventLoop

    package init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    package func connect(to address: SocketAddress, handler: any UpstreamHandler) {
        let bound = NIOLoopBound(handler, eventLoop: self.eventLoop)
        ClientBootstrap(group: self.eventLoop)
            // The pool's own deadline comes first; this one only frees a socket that hangs.
            .connectTimeout(.seconds(60))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(to: address)
            .whenFailure { _ in
                // Some failures are known at once, when the caller is still busy with the dial.
                bound.eventLoop.execute { bound.value.connectFailed() }
            }
    }
}
