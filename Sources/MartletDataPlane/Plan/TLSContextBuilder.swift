import MartletConfig
import MartletTLS
import NIOCore
import NIOSSL

/// What is spoken: Mozilla's intermediate profile, less what BoringSSL does not have.
///
/// A context is expensive to make and cheap to share, so it is made with the plan.
enum TLSContextBuilder {
    /// Of TLS 1.2, suites with forward secrecy and authenticated encryption.
    ///
    /// Between brackets the
    /// client chooses: one without AES hardware is faster with ChaCha20. The suites of TLS 1.3 are
    /// the three that there are.
    private static let cipherSuites = """
        [ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305|\
        ECDHE-RSA-AES128-GCM-SHA256|ECDHE-RSA-CHACHA20-POLY1305]:\
        ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384
        """

    /// Nothing that needs SHA-1.
    private static let signatureAlgorithms: [SignatureAlgorithm] = [
        .ecdsaSecp256R1Sha256, .rsaPssRsaeSha256, .ed25519, .ecdsaSecp384R1Sha384,
        .rsaPssRsaeSha384, .rsaPssRsaeSha512, .ecdsaSecp521R1Sha512, .rsaPkcs1Sha256,
        .rsaPkcs1Sha384, .rsaPkcs1Sha512,
    ]

    static func server(
        _ config: ListenerTLSConfig, protocols: [ProtocolConfig], identity: TLSIdentity,
        clientAuthorities: TrustAnchors?
    ) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try self.chain(identity),
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: identity.key, format: .der)))
        self.apply(config.minVersion, protocols, to: &tls)
        if let clients = config.clientCertificates, let clientAuthorities {
            tls.certificateVerification =
                clients.mode == .required ? .noHostnameVerification : .optionalVerification
            tls.trustRoots = .certificates(try self.certificates(clientAuthorities.encoded))
            // So that a browser offers only what would be accepted.
            tls.sendCANameList = true
        }
        return try NIOSSLContext(configuration: tls)
    }

    static func client(
        _ config: UpstreamTLSConfig, identity: TLSIdentity?, authorities: TrustAnchors?
    ) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        self.apply(config.minVersion, config.protocols, to: &tls)
        if config.isInsecure {
            tls.certificateVerification = .none
        } else if let authorities {
            tls.trustRoots = .certificates(try self.certificates(authorities.encoded))
        }
        if let identity {
            tls.certificateChain = try self.chain(identity)
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: identity.key, format: .der))
        }
        return try NIOSSLContext(configuration: tls)
    }

    private static func apply(
        _ version: TLSVersionConfig, _ protocols: [ProtocolConfig],
        to tls: inout TLSConfiguration
    ) {
        tls.minimumTLSVersion = version == .tls13 ? .tlsv13 : .tlsv12
        tls.cipherSuites = self.cipherSuites
        tls.verifySignatureAlgorithms = self.signatureAlgorithms
        tls.applicationProtocols = protocols.map(\.rawValue)
        // A close is a close: what is written goes out first by half-closing, see `linger`.
        tls.shutdownTimeout = .nanoseconds(0)
    }

    private static func chain(_ identity: TLSIdentity) throws -> [NIOSSLCertificateSource] {
        try self.certificates(identity.chain).map { .certificate($0) }
    }

    private static func certificates(_ encoded: [[UInt8]]) throws -> [NIOSSLCertificate] {
        try encoded.map { try NIOSSLCertificate(bytes: $0, format: .der) }
    }
}
