package import MartletConfig
package import NIOCore
import NIOPosix
import NIOSSL

/// How one health check of an endpoint ended.
package enum HealthCheckResult: String, Sendable, Equatable, CaseIterable {
    case passed
    case connectFailed = "connect_failed"
    case timedOut = "timed_out"
    case tlsFailed = "tls_failed"
    /// The connection ended before the answer did.
    case connectionLost = "connection_lost"
    case malformed
    case statusUnexpected = "status_unexpected"
    case headerUnexpected = "header_unexpected"
    case bodyUnexpected = "body_unexpected"
    /// By the gRPC health protocol.
    case notServing = "not_serving"
}

/// One check of one endpoint, ready to be sent: immutable, made with each plan.
///
/// Has a connection of its own, so that it says nothing of the pool and takes no place in it.
package struct HealthProbe: Sendable {
    package let config: HealthCheckConfig
    let endpoint: EndpointPlan
    /// `nil` while its name has none.
    let address: SocketAddress?

    package init(_ config: HealthCheckConfig, endpoint: EndpointPlan) {
        self.config = config
        self.endpoint = endpoint
        var address = endpoint.addresses.first
        if let port = config.port { address?.port = port }
        self.address = address
    }

    /// Sends the check, on the loop's thread or any other; never fails.
    package func send(on eventLoop: any EventLoop) -> EventLoopFuture<HealthCheckResult> {
        guard let address = self.address else {
            return eventLoop.makeSucceededFuture(.connectFailed)
        }
        let promise = eventLoop.makePromise(of: HealthCheckResult.self)
        let timeout = TimeAmount.nanoseconds(
            Int64(clamping: WorkerClock.nanoseconds(self.config.timeout)))
        ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls = self.endpoint.tls {
                        try pipeline.addHandler(
                            NIOSSLClientHandler(
                                context: tls.plan.context, serverHostname: tls.serverName))
                    }
                    try pipeline.addHandler(
                        HealthProbeHandler(self, timeout: timeout, promise: promise))
                }
            }
            .connect(to: address)
            .whenFailure { error in
                let isLate = (error as? ChannelError).map {
                    if case .connectTimeout = $0 { true } else { false }
                }
                promise.succeed(isLate ?? false ? .timedOut : .connectFailed)
            }
        return promise.futureResult
    }
}
