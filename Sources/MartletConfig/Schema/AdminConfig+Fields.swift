extension AdminConfig {
    private static let record = Record(
        "`admin`", "The operator's listener: health, metrics, status.",
        fields: [
            Field(
                "address", \.address, addressKind,
                """
                Where operators and probes connect; a loopback address.
                """),
            Field("enabled", \.enabled, .boolean, "Whether it is served at all."),
        ],
        initial: { AdminConfig() })

    /// Short forms: the address, or `off`.
    static let kind: ValueKind<AdminConfig> = {
        var disabled = AdminConfig()
        disabled.enabled = false
        let off = ValueKind<AdminConfig>.choice([("off", disabled)])
        let short = addressKind.map { address in
            var admin = AdminConfig()
            admin.address = address
            return admin
        }
        let text = ValueKind.either(off, when: { $0.scalar?.text == "off" }, otherwise: short)
        return ValueKind(
            .either([short.shape, off.shape, record.shape]),
            encode: { addressKind.encode($0.address) },
            decode: { node, decoder in
                node.scalar == nil
                    ? record.kind.decode(node, &decoder) : text.decode(node, &decoder)
            })
    }()

    private static let addressKind = ListenerConfig.addressKind.checked { address, node, decoder in
        guard !address.isLoopback else { return }
        decoder.add(
            at: node, "the admin listener has no authentication, so its address must be loopback",
            hint: node.scalar?.isSecret == true ? nil : "write `127.0.0.1:\(address.port)`")
    }
}
