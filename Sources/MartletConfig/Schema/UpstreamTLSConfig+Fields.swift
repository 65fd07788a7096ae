extension UpstreamTLSConfig {
    static let record = Record(
        "`tls`", "How TLS is spoken to an upstream's endpoints.",
        fields: [
            Field(
                "ca", \.authorities, ValueKind<FileTextConfig>.file.optional,
                """
                A PEM file with the authorities that are believed, in place of the system's.
                """),
            Field(
                "server-name", \.serverName, serverNameKind.optional,
                """
                The name asked for and looked for in the certificate, in place of the endpoint's \
                host.
                """),
            Field(
                "client-certificate", "A PEM file: the certificate that Martlet shows.",
                shape: ValueKind<FileTextConfig>.file.shape,
                apply: { node, tls, decoder in
                    guard let file = ValueKind<FileTextConfig>.file.decode(node, &decoder) else {
                        return
                    }
                    tls.certificate = tls.certificate ?? CertificateConfig()
                    tls.certificate?.certificate = file
                }),
            Field(
                "client-key", "A PEM file with the key of `client-certificate`.",
                shape: ValueKind<FileTextConfig>.file.shape,
                apply: { node, tls, decoder in
                    guard let file = ValueKind<FileTextConfig>.file.decode(node, &decoder) else {
                        return
                    }
                    tls.certificate = tls.certificate ?? CertificateConfig()
                    tls.certificate?.key = file
                }),
            Field(
                "min-version", \.minVersion, .choice,
                """
                The oldest version that is spoken.
                """),
            Field(
                "alpn", \.protocols, .oneOrMany(.choice),
                """
                What endpoints are offered by ALPN, the preferred one first.
                """),
            Field(
                "insecure", \.$isInsecure, .boolean(unsafe: true),
                """
                Takes any certificate. Whoever is on the way can then read and change everything.
                """),
        ],
        initial: { UpstreamTLSConfig() },
        check: { node, tls, decoder in tls.check(node, &decoder) })

    private func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        for (key, other) in [
            ("client-certificate", "client-key"), ("client-key", "client-certificate"),
        ] {
            guard let given = node[key], node[other] == nil else { continue }
            decoder.add(at: given, "`\(key)` needs `\(other)`", hint: "give both, or neither")
        }
        // What is checked when an exception is over may stand there before.
        guard self.isInsecure, self.$isInsecure.exception?.end == nil,
            let insecure = node["insecure"]
        else { return }
        for key in ["ca", "server-name"] {
            guard let given = node[key] else { continue }
            decoder.add(
                at: given, "`\(key)` says what to check, but `insecure` checks nothing",
                hint: "leave `insecure` out", related: insecure.location)
        }
        guard self.$isInsecure.exception == nil else { return }
        decoder.add(
            .warning, at: insecure,
            "endpoints are not checked: whoever is on the way can read and change everything",
            hint: ExceptionConfig.hint(
                "name the authority that issued their certificates under `ca`", or: "true"))
    }

    private static let serverNameKind = ValueKind<String>.text(
        "a host name such as `orders.internal`", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            let shown = ConfigNode.quote(text)
            guard IPAddressText.parse(text) == nil else {
                throw TextProblem(
                    "\(shown) is an address, and TLS asks for names only",
                    hint: "leave it out: the addresses in the certificate are then looked at")
            }
            guard HostText.isName(text) else { throw TextProblem("\(shown) is not a host name") }
            return text.lowercased()
        })
}
