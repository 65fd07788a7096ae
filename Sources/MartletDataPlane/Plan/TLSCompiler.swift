import MartletConfig
import MartletTLS
import NIOSSL

/// Makes the TLS part of a plan: reads certificates and keys, checks them, builds contexts.
///
/// What the plan before has for the same files is taken over, so that a reload of something else
/// costs nothing and sessions can still be resumed.
struct TLSCompiler {
    /// Seconds since 1970; `nil` if the certificates' time is not to be looked at.
    private let now: Int64?
    private let listeners: [ListenerTLSPlan]
    private var upstreams: [UpstreamTLSPlan]
    private(set) var diagnostics: [Diagnostic] = []

    /// A certificate that is about to expire is told of.
    private static let warningSeconds: Int64 = 14 * 86_400

    init(previous: Plan?, now: Int64?) {
        self.now = now
        self.listeners = previous?.listeners.compactMap(\.tls) ?? []
        self.upstreams = previous?.upstreams.flatMap(\.endpoints).compactMap(\.tls?.plan) ?? []
    }

    // MARK: Listeners

    /// `nil` for a listener without TLS, or after an error.
    mutating func compile(_ listener: ListenerConfig) -> ListenerTLSPlan? {
        guard let config = listener.tls else { return nil }
        let path = "listeners.\(listener.name).tls"
        let known = self.listeners.first {
            $0.config == config && $0.protocols == listener.protocols
        }
        if let known {
            for (index, identity) in known.identities.enumerated() {
                self.check(
                    identity, config.certificates[index], "\(path).certificates[\(index)]")
            }
            return known
        }
        let identities = config.certificates.enumerated().compactMap { index, certificate in
            self.identity(certificate, "\(path).certificates[\(index)]")
        }
        var authorities: TrustAnchors?
        if let clients = config.clientCertificates {
            authorities = self.authorities(clients.authorities, "\(path).client-certificates.ca")
            guard authorities != nil else { return nil }
        }
        guard identities.count == config.certificates.count else { return nil }
        self.warnOfNames(identities, config, path)
        var contexts: [NIOSSLContext] = []
        for (index, identity) in identities.enumerated() {
            do {
                contexts.append(
                    try TLSContextBuilder.server(
                        config, protocols: listener.protocols, identity: identity,
                        clientAuthorities: authorities))
            } catch {
                self.add(
                    config.certificates[index].certificate, path,
                    "cannot be used for TLS: \(error)")
                return nil
            }
        }
        return ListenerTLSPlan(
            config, protocols: listener.protocols, identities: identities, contexts: contexts)
    }

    private mutating func warnOfNames(
        _ identities: [TLSIdentity], _ config: ListenerTLSConfig, _ path: String
    ) {
        var seen: [String: SourceLocation] = [:]
        for (index, identity) in identities.enumerated() {
            let certificate = config.certificates[index].certificate
            let path = "\(path).certificates[\(index)]"
            if identity.serverNames.isEmpty, index > 0 {
                self.diagnostics.append(
                    Diagnostic(
                        .warning, at: certificate.source, path: path,
                        "the certificate in \(certificate.shown) has no DNS name, "
                            + "so no client will see it",
                        hint: "put it first, or leave it out"))
            }
            for name in identity.serverNames {
                if let other = seen[name] {
                    self.diagnostics.append(
                        Diagnostic(
                            .warning, at: certificate.source, path: path,
                            "\(name) is in two certificates; clients see the first one",
                            hint: "leave one of them out", related: other))
                } else {
                    seen[name] = certificate.source
                }
            }
        }
    }

    // MARK: Upstreams

    /// `nil` for an upstream without TLS, or after an error.
    mutating func compile(_ upstream: UpstreamConfig) -> UpstreamTLSPlan? {
        guard upstream.endpoints.contains(where: \.isSecure) else { return nil }
        var config = upstream.tls
        // Not the context's matter.
        config.serverName = nil
        config.$isInsecure.exception = nil
        let path = "upstreams.\(upstream.name).tls"
        if let known = self.upstreams.first(where: { $0.config == config }) {
            if let identity = known.identity, let certificate = config.certificate {
                self.check(identity, certificate, path)
            }
            return known
        }
        var identity: TLSIdentity?
        if let certificate = config.certificate {
            identity = self.identity(certificate, path)
            guard identity != nil else { return nil }
        }
        var authorities: TrustAnchors?
        if let file = config.authorities {
            authorities = self.authorities(file, "\(path).ca")
            guard authorities != nil else { return nil }
        }
        do {
            let context = try TLSContextBuilder.client(
                config, identity: identity, authorities: authorities)
            let plan = UpstreamTLSPlan(config, identity: identity, context: context)
            self.upstreams.append(plan)
            return plan
        } catch {
            self.diagnostics.append(
                Diagnostic(
                    .error, at: upstream.source, path: path,
                    "TLS cannot be set up: \(error)",
                    hint: "name the authorities that are believed under `ca`"))
            return nil
        }
    }

    // MARK: Files

    private mutating func identity(
        _ config: CertificateConfig, _ path: String
    ) -> TLSIdentity? {
        do throws(CertificateProblem) {
            let identity = try TLSIdentity(
                certificate: config.certificate.text, key: config.key.text)
            return self.check(identity, config, path) ? identity : nil
        } catch {
            let file = error.file == .key ? config.key : config.certificate
            self.add(file, path, error.message, hint: error.hint)
            return nil
        }
    }

    private mutating func authorities(_ file: FileTextConfig, _ path: String) -> TrustAnchors? {
        do throws(CertificateProblem) {
            return try TrustAnchors(file.text)
        } catch {
            self.add(file, path, error.message, hint: error.hint)
            return nil
        }
    }

    /// - Returns: whether it may be used now.
    @discardableResult
    private mutating func check(
        _ identity: TLSIdentity, _ config: CertificateConfig, _ path: String
    ) -> Bool {
        guard let now = self.now else { return true }
        do throws(CertificateProblem) {
            try identity.check(now: now)
        } catch {
            self.add(config.certificate, path, error.message, hint: error.hint)
            return false
        }
        if identity.notAfter - now < Self.warningSeconds {
            let days = (identity.notAfter - now) / 86_400
            self.add(
                config.certificate, path, "holds a certificate that expires in \(days) days",
                hint: "renew it; a new file is taken up by itself", severity: .warning)
        }
        return true
    }

    private mutating func add(
        _ file: FileTextConfig, _ path: String, _ message: String, hint: String? = nil,
        severity: Diagnostic.Severity = .error
    ) {
        self.diagnostics.append(
            Diagnostic(
                severity, at: file.source, path: path, "the file \(file.shown) \(message)",
                hint: hint))
    }
}
