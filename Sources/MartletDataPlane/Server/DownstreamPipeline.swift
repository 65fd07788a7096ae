import MartletHTTP
import MartletTelemetry
package import NIOCore

/// Every channel handler of a client's connection, in order, in one place.
package enum DownstreamPipeline {
    /// A listener that is full refuses at once and says so; with TLS it says nothing, since words
    /// would cost a handshake.
    package static func install(
        on channel: any Channel, worker: Worker, listener: ListenerState
    ) throws {
        guard !listener.isRetired else { throw ChannelError.operationUnsupported }
        let peer = ClientAddress(channel.remoteAddress)
        guard listener.connectionCount.enter(max: listener.plan.connectionCountMax) else {
            listener.shard(worker).rejected(
                listener: listener.index, reason: .connectionLimit)
            guard listener.plan.tls == nil, listener.plan.tcp == nil else {
                throw ChannelError.operationUnsupported
            }
            try channel.pipeline.syncOperations.addHandler(ConnectionLimitHandler())
            return
        }
        if let tcp = listener.plan.tcp {
            try channel.pipeline.syncOperations.addHandler(
                TCPDownstreamHandler(worker: worker, listener: listener, tcp: tcp, peer: peer))
        } else if let tls = listener.plan.tls {
            try channel.pipeline.syncOperations.addHandler(
                TLSHandshakeHandler(worker: worker, listener: listener, tls: tls, peer: peer))
        } else {
            try channel.pipeline.syncOperations.addHandler(
                HTTP1DownstreamHandler(worker: worker, listener: listener, peer: peer))
        }
    }

    /// Puts the handler of the protocol that was agreed on behind TLS.
    static func handshakeCompleted(
        on pipeline: ChannelPipeline.SynchronousOperations, after handshake: TLSHandshakeHandler,
        worker: Worker, listener: ListenerState, peer: ClientAddress, session: TLSSession,
        isHTTP2: Bool
    ) throws {
        if isHTTP2 {
            try pipeline.addHandler(
                HTTP2DownstreamHandler(
                    worker: worker, listener: listener, peer: peer, tls: session),
                position: .after(handshake))
        } else {
            try pipeline.addHandler(
                HTTP1DownstreamHandler(
                    worker: worker, listener: listener, peer: peer, tls: session),
                position: .after(handshake))
        }
    }
}

extension ClientAddress {
    /// The address of a connected socket; unspecified for what is not IP.
    init(_ address: SocketAddress?) {
        let text = Array((address?.ipAddress ?? "").utf8)
        self = ClientAddress(parsing: text.span) ?? .unspecified
    }
}
