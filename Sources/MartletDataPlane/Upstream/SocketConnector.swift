import MartletHTTP
package import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections to endpoints, TCP or TLS over it, on the worker's own loop.
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
            .channelOption(.allowRemoteHalfClosure, value: handler.allowsHalfClosure)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.install(bound.value, on: channel.pipeline.syncOperations)
                }
            }
            .connect(to: address)
            .whenFailure { _ in
                // Some failures are known at once, when the caller is still busy with the dial.
                bound.eventLoop.execute { bound.value.connectFailed(.connectRefused) }
            }
    }

    private static func install(
        _ handler: any UpstreamHandler, on pipeline: ChannelPipeline.SynchronousOperations
    ) throws {
        if let tls = handler.plan.tls {
            try pipeline.addHandler(
                NIOSSLClientHandler(context: tls.plan.context, serverHostname: tls.serverName))
            try pipeline.addHandler(TLSConnectHandler(handler))
        }
        try pipeline.addHandler(handler)
    }
}
