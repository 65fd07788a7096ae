import MartletConfig
package import NIOCore

/// One upstream, compiled: endpoints with their addresses, limits and timeouts in ticks.
package struct UpstreamPlan: Sendable, Equatable {
    package let name: String
    package let endpoints: [EndpointPlan]
    /// `nil`: plain round robin, and nothing else to decide.
    package let traffic: TrafficPlan?
    /// Over all workers; each takes its share.
    package let connectionCountMax: Int
    package let pendingCountMax: Int
    package let responseHeadBytesMax: Int
    package let connectTicks: UInt64
    /// `nil`: the handshake is part of the time to connect.
    let tlsHandshakeTicks: UInt64?
    package let responseTicks: UInt64
    package let streamIdleTicks: UInt64
    package let tunnelIdleTicks: UInt64
    package let keepAliveTicks: UInt64
    package let queueTicks: UInt64

    init(_ config: UpstreamConfig, endpoints: [EndpointPlan], traffic: TrafficPlan?) {
        self.name = config.name
        self.endpoints = endpoints
        self.traffic = traffic
        self.connectionCountMax = config.maxConnections
        self.pendingCountMax = config.maxPending
        self.responseHeadBytesMax = config.maxResponseHeaderBytes
        self.connectTicks = WorkerClock.ticks(config.timeouts.connect)
        self.tlsHandshakeTicks = config.timeouts.tlsHandshake.map(WorkerClock.ticks)
        self.responseTicks = WorkerClock.ticks(
            min(config.timeouts.response, config.retries?.tryTimeout ?? config.timeouts.response))
        self.streamIdleTicks = WorkerClock.ticks(config.timeouts.streamIdle)
        self.tunnelIdleTicks = WorkerClock.ticks(config.timeouts.webSocketIdle)
        self.keepAliveTicks = WorkerClock.ticks(config.timeouts.keepAlive)
        self.queueTicks = WorkerClock.ticks(config.timeouts.queue)
    }

    /// Why no endpoint can be had: there is none with an address, or none with a weight.
    var errorWithoutEndpoint: ProxyError {
        guard self.endpoints.allSatisfy({ $0.addresses.isEmpty }) else { return .noEndpoint }
        return self.endpoints.contains { !$0.refused.isEmpty }
            ? .destinationProhibited : .nameNotResolved
    }

    /// What one of `count` workers may use of a limit: at least one, and together the limit
    /// wherever it is not smaller than the number of workers.
    package static func share(of limit: Int, worker: Int, workerCount: Int) -> Int {
        let rest = worker < limit % workerCount ? 1 : 0
        return max(1, limit / workerCount + rest)
    }
}

/// One endpoint, compiled.
package struct EndpointPlan: Sendable, Equatable {
    /// `host:port` as configured: the name in metrics and logs.
    package let text: String
    /// What `host: upstream` sends; the default port is left out.
    package let hostField: [UInt8]
    /// `nil`: plain text.
    package let tls: EndpointTLS?
    package let weight: UInt32
    /// HTTP/2 is spoken from the first byte, without asking (RFC 9113 §3.3).
    package let isHTTP2: Bool
    /// What the name stands for now, as far as it may be dialled; empty while that is nothing.
    package let addresses: [SocketAddress]
    /// What it stands for too and must not be dialled.
    package let refused: [RefusedAddress]

    /// Names it over reloads, in every process.
    package var identifier: UInt64 { StableHash.value(of: Array(self.text.utf8).span) }

    /// Connections to it may carry many requests at once.
    var mayBeHTTP2: Bool {
        self.isHTTP2 || self.tls?.plan.config.protocols.contains(.http2) ?? false
    }
}
