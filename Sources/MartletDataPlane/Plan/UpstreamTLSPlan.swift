package import MartletConfig
package import MartletTLS
package import NIOSSL

/// The TLS of upstreams that want the same of it, compiled.
///
/// Immutable and shared by all workers. Two plans are the same only if they are one object:
/// connections made under another one are not used on.
package final class UpstreamTLSPlan: Sendable {
    package let config: UpstreamTLSConfig
    /// What Martlet shows of itself.
    package let identity: TLSIdentity?
    package let context: NIOSSLContext

    init(_ config: UpstreamTLSConfig, identity: TLSIdentity?, context: NIOSSLContext) {
        self.config = config
        self.identity = identity
        self.context = context
    }
}

/// How TLS is spoken to one endpoint.
package struct EndpointTLS: Sendable, Equatable {
    package let plan: UpstreamTLSPlan
    /// Asked for and checked; `nil` for an address, which the certificate then has to hold.
    package let serverName: String?

    package static func == (left: EndpointTLS, right: EndpointTLS) -> Bool {
        left.plan === right.plan && left.serverName == right.serverName
    }
}
