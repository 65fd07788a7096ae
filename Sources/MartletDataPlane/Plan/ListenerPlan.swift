package import MartletConfig
package import MartletHTTP

/// One listener, compiled: limits in bytes and timeouts in ticks.
///
/// An object, so that whoever looks at it for a request copies one reference.
package final class ListenerPlan: Sendable {
    package let name: String
    /// For keys of limits.
    let nameBytes: [UInt8]
    package let address: SocketAddressConfig
    package let headLimits: HeadLimits
    package let connectionCountMax: Int
    package let bodyBytesMax: Int
    package let requestsPerConnectionMax: Int
    /// Bytes that a request body must bring in one tick, times `WorkerClock.ticksPerSecond`; 0 is
    /// off.
    package let bodyBytesPerSecondMin: Int
    /// `nil`: plain text.
    package let tls: ListenerTLSPlan?
    /// Connections are passed on as they are.
    package let tcp: TCPListenerPlan?
    /// Every request is answered with this.
    let httpsRedirect: RedirectPolicy?
    package let tlsHandshakeTicks: UInt64
    package let headTicks: UInt64
    package let idleTicks: UInt64
    package let bodyGraceTicks: UInt64
    package let writeStallTicks: UInt64
    package let halfClosedTicks: UInt64
    package let trustedProxies: AddressBlocks
    /// Which field of theirs tells the client.
    package let clientAddressSource: ClientAddressSource
    /// The plan's abuse detection counts its clients.
    let detectsAbuse: Bool
    package let acceptsRequestID: Bool
    package let respondsRequestID: Bool
    package let exposesInternals: Bool
    /// HTTP/2 is spoken to clients that begin with it.
    package let servesHTTP2: Bool
    package let http2: HTTP2Plan

    /// What a request body must bring in some ticks.
    func bodyBytesMin(inTicks ticks: UInt64) -> Int {
        self.bodyBytesPerSecondMin * Int(clamping: ticks) / Int(WorkerClock.ticksPerSecond)
    }

    init(
        _ config: ListenerConfig, tls: ListenerTLSPlan?, tcp: TCPListenerPlan?,
        httpsRedirect: RedirectPolicy?,
        trustedProxies: AddressBlocks
    ) {
        self.name = config.name
        self.nameBytes = Array(config.name.utf8)
        self.address = config.address
        self.headLimits = HeadLimits(
            startLineBytesMax: config.limits.maxRequestLineBytes,
            headBytesMax: config.limits.maxHeaderBytes,
            fieldCountMax: config.limits.maxHeaderCount
        )
        self.connectionCountMax = config.limits.maxConnections
        self.bodyBytesMax = config.limits.maxBodyBytes
        self.requestsPerConnectionMax = config.limits.maxRequestsPerConnection
        self.bodyBytesPerSecondMin = config.limits.minBodyBytesPerSecond
        self.tls = tls
        self.tcp = tcp
        self.httpsRedirect = httpsRedirect
        self.tlsHandshakeTicks = WorkerClock.ticks(config.timeouts.tlsHandshake)
        self.headTicks = WorkerClock.ticks(config.timeouts.requestHead)
        self.idleTicks = WorkerClock.ticks(config.timeouts.idle)
        self.bodyGraceTicks = WorkerClock.ticks(config.timeouts.bodyGrace)
        self.writeStallTicks = WorkerClock.ticks(config.timeouts.writeStall)
        self.halfClosedTicks = WorkerClock.ticks(config.timeouts.halfClosed)
        self.trustedProxies = trustedProxies
        self.clientAddressSource = ClientAddressSource(config.clientAddressFrom)
        self.detectsAbuse = config.detectsAbuse
        self.acceptsRequestID = config.requestID.accept
        self.respondsRequestID = config.requestID.respond
        self.exposesInternals = config.exposeInternals
        self.servesHTTP2 = config.protocols.contains(.http2)
        self.http2 = HTTP2Plan(config.limits.http2)
    }
}

extension ClientAddressSource {
    init(_ config: ClientAddressSourceConfig?) {
        switch config {
        case nil: self = .either
        case .xForwardedFor: self = .xForwardedFor
        case .forwarded: self = .forwarded
        case .header(let name): self = .field(Array(name.utf8))
        }
    }
}
