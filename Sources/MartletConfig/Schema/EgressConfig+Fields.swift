extension EgressConfig {
    static let record = Record(
        "`egress`", "Where Martlet may connect to.",
        fields: [
            Field(
                "allow", \.allow, allowKind,
                """
                Blocks such as `10.0.0.0/8` that a host name may stand for although they are \
                private, loopback, link-local or otherwise not of the Internet.
                """)
        ],
        initial: { EgressConfig() })

    private static let allowKind = ValueKind<[String]>.oneOrMany(ListenerConfig.networkKind).checked
    { blocks, node, decoder in
        for block in blocks where Self.isWide(block) {
            decoder.add(
                .warning, at: node,
                "\(ConfigNode.quote(block)) lets names lead to this machine and to the addresses "
                    + "where clouds keep secrets",
                hint: "allow the networks that the upstreams are in")
        }
    }

    /// Whether it holds loopback or the metadata address of most clouds.
    private static func isWide(_ block: String) -> Bool {
        let parts = block.split(separator: "/")
        guard parts.count == 2, let bits = Int(parts[1]),
            let bytes = parts.first.flatMap({ IPAddressText.parse($0) })
        else { return false }
        return bytes.count == 4 ? bits < 8 : bits < 7
    }
}
