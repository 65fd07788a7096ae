package import MartletConfig
package import MartletTLS
package import NIOSSL

/// The TLS of one listener, compiled: a context for each certificate, and which one a client gets.
///
/// Immutable and shared by all workers. A reload makes another one if something differs; open
/// connections keep theirs.
package final class ListenerTLSPlan: Sendable {
    package let config: ListenerTLSConfig
    package let protocols: [ProtocolConfig]
    /// In the order of the configuration; the first is the default.
    package let identities: [TLSIdentity]
    private let contexts: [NIOSSLContext]
    private let names: CertificateNameTable
    /// `strict-transport-security: … CR LF`; empty for none.
    let hstsLine: [UInt8]

    init(
        _ config: ListenerTLSConfig, protocols: [ProtocolConfig], identities: [TLSIdentity],
        contexts: [NIOSSLContext]
    ) {
        precondition(!contexts.isEmpty && contexts.count == identities.count)
        self.config = config
        self.protocols = protocols
        self.identities = identities
        self.contexts = contexts
        self.names = CertificateNameTable(identities.map(\.serverNames))
        self.hstsLine = config.hsts.map(Self.hstsLine) ?? []
    }

    /// Whether the server name has to be known before the handshake begins.
    var needsServerName: Bool { self.contexts.count > 1 }

    var asksForCertificate: Bool { self.config.clientCertificates != nil }
    var forwardsCertificate: Bool { self.config.clientCertificates?.forward != nil }

    /// - `serverName`: in lower case; empty if the client named none.
    package func context(for serverName: [UInt8]) -> NIOSSLContext {
        self.contexts[self.names.index(of: serverName) ?? 0]
    }

    /// RFC 6797 §6.1.
    private static func hstsLine(_ config: HSTSConfig) -> [UInt8] {
        var line = "strict-transport-security: max-age=\(config.maxAge.components.seconds)"
        if config.includesSubdomains { line += "; includeSubDomains" }
        if config.preload { line += "; preload" }
        return Array("\(line)\r\n".utf8)
    }
}
