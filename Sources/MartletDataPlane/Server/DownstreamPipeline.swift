import MartletHTTP
import MartletTelemetry
package import NIOCore

/// Every channel handler of a client's connection, in order, in one place.
package enum DownstreamPipeline {
    /// A listener that is full refuses at once and says so.
    package static func install(
        on channel: any Channel, worker: Worker, listener: ListenerState
    ) throws {
        guard !listener.isRetired else { throw ChannelError.operationUnsupported }
        let peer = ClientAddress(channel.remoteAddress)
        guard listener.connectionCount.enter(max: listener.plan.connectionCountMax) else {
            listener.shard(worker).rejected(
                listener: listener.index, reason: .connectionLimit)
            try channel.pipeline.syncOperations.addHandler(ConnectionLimitHandler())
            return
        }
        try channel.pipeline.syncOperations.addHandler(
            HTTP1DownstreamHandler(worker: worker, listener: listener, peer: peer))
    }
}

extension ClientAddress {
    /// The address of a connected socket; unspecified for what is not IP.
    init(_ address: SocketAddress?) {
        let text = Array((address?.ipAddress ?? "").utf8)
        self = ClientAddress(parsing: text.span) ?? .unspecified
    }
}
