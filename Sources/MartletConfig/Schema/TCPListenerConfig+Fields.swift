extension TCPListenerConfig {
    static let record = Record(
        "`tcp`", "Connections are passed on as they are, without looking into them.",
        fields: [
            Field(
                "upstream", \.upstream, upstreamReference.optional,
                """
                Where connections go; with `server-names`, those that name none of them.
                """),
            Field(
                "server-names", \.serverNames, .oneOrMany(ServerNameConfig.record.kind),
                """
                By the name that a TLS client asks for; TLS itself is not touched.
                """),
        ],
        initial: { TCPListenerConfig() },
        check: { node, tcp, decoder in
            tcp.source = node.location
            guard tcp.upstream == nil, tcp.serverNames.isEmpty else { return }
            decoder.add(
                at: node, "nothing says where connections go",
                hint: "add `upstream: NAME`, or `server-names`")
        })

    static let upstreamReference = ValueKind<String>.string("the name of an upstream").checked {
        _, node, decoder in
        decoder.refer(to: .upstream, node)
    }
}

extension ServerNameConfig {
    static let record = Record(
        "a server name", "Which connections go where, by the name in their TLS handshake.",
        fields: [
            Field(
                "name", \.name,
                .matchedHost,
                """
                `api.example.com`, or `*.example.com` for one label in front.
                """, isRequired: true),
            Field(
                "upstream", \.upstream, TCPListenerConfig.upstreamReference,
                """
                Who speaks TLS for it.
                """, isRequired: true),
        ],
        initial: { ServerNameConfig() })
}
