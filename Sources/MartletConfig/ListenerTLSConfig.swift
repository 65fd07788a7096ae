/// How a listener speaks TLS.
package struct ListenerTLSConfig: Sendable, Equatable {
    /// The first is shown to clients that name no server, or one that no certificate is for.
    package var certificates: [CertificateConfig] = []
    package var minVersion: TLSVersionConfig = .tls12
    /// `nil`: clients are not asked for a certificate.
    package var clientCertificates: ClientCertificatesConfig?
    /// `nil`: no `Strict-Transport-Security`.
    package var hsts: HSTSConfig?

    package init() {}
}

package enum TLSVersionConfig: String, Sendable, Equatable, CaseIterable {
    case tls12 = "1.2"
    case tls13 = "1.3"
}

/// A certificate with its issuers, and its key.
package struct CertificateConfig: Sendable, Equatable {
    package var certificate = FileTextConfig()
    package var key = FileTextConfig()

    package init() {}
}

/// A file that the configuration names, and what it held when the configuration was read.
///
/// Its text is never shown.
package struct FileTextConfig: Sendable, Equatable {
    /// As a message shows it.
    package var shown = ""
    package var source = SourceLocation.unknown
    package var text = ""

    package init() {}

    /// A file that is named elsewhere in the configuration is still the same file.
    package static func == (left: FileTextConfig, right: FileTextConfig) -> Bool {
        left.text == right.text
    }
}

/// What clients have to show of themselves.
package struct ClientCertificatesConfig: Sendable, Equatable {
    package enum Mode: String, Sendable, Equatable, CaseIterable {
        /// A client may come without one; one that it shows has to be right.
        case optional
        case required
    }

    package enum Forward: String, Sendable, Equatable, CaseIterable {
        /// `Client-Cert` of RFC 9440.
        case clientCert = "client-cert"
    }

    package var mode: Mode = .required
    /// The authorities whose word counts.
    package var authorities = FileTextConfig()
    /// `nil`: upstreams are not told.
    package var forward: Forward?

    package init() {}
}

/// `Strict-Transport-Security` (RFC 6797): browsers are to come by TLS only from now on.
package struct HSTSConfig: Sendable, Equatable {
    package var maxAge: Duration = .seconds(2 * 365 * 86_400)
    package var includesSubdomains = false
    package var preload = false

    package init() {}
}

/// A listener without TLS sends everybody to the one with it.
package struct HTTPSRedirectConfig: Sendable, Equatable {
    package var port = 443
    package var status = 308

    package init() {}
}

/// How Martlet speaks TLS to the endpoints of an upstream.
package struct UpstreamTLSConfig: Sendable, Equatable {
    /// `nil`: those that the system trusts.
    package var authorities: FileTextConfig?
    /// Asked for and looked for in the certificate; `nil` is the endpoint's host.
    package var serverName: String?
    /// What Martlet shows of itself.
    package var certificate: CertificateConfig?
    package var minVersion: TLSVersionConfig = .tls12
    /// Offered by ALPN, the preferred one first.
    package var protocols: [ProtocolConfig] = [.http1]
    /// The endpoint's certificate is not checked at all.
    @Excepted package var isInsecure = false

    package init() {}
}
