extension ListenerTLSConfig {
    static let record = Record(
        "`tls`", "How a listener speaks TLS.",
        fields: [
            Field(
                "certificates", \.certificates, .oneOrMany(CertificateConfig.record.kind),
                """
                Which one a client is shown follows from the server name that it asks for; the \
                first one is for everybody else.
                """, isRequired: true),
            Field(
                "min-version", \.minVersion, .choice,
                """
                The oldest version that is spoken.
                """),
            Field(
                "client-certificates", \.clientCertificates,
                ClientCertificatesConfig.record.kind.optional,
                """
                Has clients show a certificate (mutual TLS).
                """),
            Field(
                "hsts", \.hsts, HSTSConfig.kind.optional,
                """
                Adds `Strict-Transport-Security`: a mapping, or how long alone.
                """),
        ],
        initial: { ListenerTLSConfig() })
}

extension CertificateConfig {
    static let record = Record(
        "a certificate", "A certificate and its private key.",
        fields: [
            Field(
                "certificate", \.certificate, .file,
                """
                A PEM file: the certificate, then the one that issued it, and so on.
                """, isRequired: true),
            Field(
                "key", \.key, .file,
                """
                A PEM file with the private key, without a passphrase.
                """, isRequired: true),
        ],
        initial: { CertificateConfig() })
}

extension ValueKind<FileTextConfig> {
    /// The content of a file, which is watched from then on.
    static let file = ValueKind(.text(expected: expectedFile)) { node, decoder in
        guard let scalar = node.scalar, !scalar.isNull else {
            decoder.addMismatch(node, expected: expectedFile)
            return nil
        }
        let content = decoder.contents(ofFile: scalar.text, at: node)
        guard let text = content.scalar, !text.isMissing else { return nil }
        var file = FileTextConfig()
        file.shown = node.quoted
        file.source = node.location
        file.text = text.text
        return file
    }

    private static let expectedFile = "a file name such as `certificates/example.pem`"
}

extension ClientCertificatesConfig {
    static let record = Record(
        "`client-certificates`", "What clients have to show of themselves (mutual TLS).",
        fields: [
            Field(
                "mode", \.mode, .choice,
                """
                `required` refuses clients without a certificate, `optional` lets them in as \
                nobody. A certificate that is shown has to be right either way.
                """),
            Field(
                "ca", \.authorities, .file,
                """
                A PEM file with the certificates of the authorities that are believed.
                """, isRequired: true),
            Field(
                "forward", \.forward, ValueKind<Forward>.choice.optional,
                """
                Tells upstreams of the certificate, by the field `Client-Cert` (RFC 9440).
                """),
        ],
        initial: { ClientCertificatesConfig() })
}

extension HSTSConfig {
    private static let record = Record(
        "`hsts`", "`Strict-Transport-Security` (RFC 6797) on every answer.",
        fields: [
            Field(
                "max-age", \.maxAge, ageKind,
                """
                How long browsers keep to it.
                """),
            Field(
                "include-subdomains", \.includesSubdomains, .boolean,
                """
                For the names below this one as well.
                """),
            Field(
                "preload", \.preload, .boolean,
                """
                Agrees to the lists that browsers ship; hard to undo.
                """),
        ],
        initial: { HSTSConfig() },
        check: { node, hsts, decoder in
            guard hsts.preload, !hsts.includesSubdomains || hsts.maxAge < .seconds(365 * 86_400)
            else { return }
            decoder.add(
                .warning, at: node["preload"] ?? node,
                "the lists of browsers take this only with `include-subdomains` and a year or more",
                hint: "add them, or leave `preload` out")
        })

    /// Short form: how long.
    static let kind = ValueKind<HSTSConfig>.either(
        ageKind.map { age in
            var hsts = HSTSConfig()
            hsts.maxAge = age
            return hsts
        },
        when: { $0.scalar != nil }, otherwise: record.kind)

    private static let ageKind = ValueKind<Duration>.duration(0...10 * ValueKind<Duration>.year)
}

extension HTTPSRedirectConfig {
    private static let record = Record(
        "`https-redirect`", "A redirect of every request to `https`.",
        fields: [
            Field("port", \.port, portKind, "Where TLS is spoken, as clients see it."),
            Field(
                "status", \.status, .choiceOfStatus([301, 302, 307, 308]),
                """
                301, 302, 307 or 308.
                """),
        ],
        initial: { HTTPSRedirectConfig() })

    private static let portKind = ValueKind<Int>.integer(1...65535)

    /// Short forms: `true`, or the port.
    static let kind: ValueKind<HTTPSRedirectConfig> = {
        let yes = ValueKind<HTTPSRedirectConfig>.choice([("true", HTTPSRedirectConfig())])
        let port = portKind.map { port in
            var redirect = HTTPSRedirectConfig()
            redirect.port = port
            return redirect
        }
        let short = ValueKind.either(
            yes, when: { Int($0.scalar?.text ?? "") == nil }, otherwise: port)
        return .either(short, when: { $0.scalar != nil }, otherwise: record.kind)
    }()
}
