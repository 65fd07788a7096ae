extension EgressConfig {
    static let record = Record(
        "`egress`", "Where Martlet may connect to.",
        fields: [
            Field(
                "allow", \.$allow, allowKind,
                """
                Blocks such as `10.0.0.0/8` that a host name may stand for although they are \
                private, loopback, link-local or otherwise not of the Internet.
                """)
        ],
        initial: { EgressConfig() })

    private static let allowKind = ValueKind<[Excepted<String>]>.oneOrMany(
        ListenerConfig.networkKind.excepted().checked { block, node, decoder in
            guard block.exception == nil, let range = NetworkRange(block.wrappedValue) else {
                return
            }
            let found = Self.inner.filter { $0.ranges.contains(where: range.overlaps) }.map(\.name)
            guard !found.isEmpty, !Self.isExact(range, found, decoder) else { return }
            decoder.add(
                .warning, at: node,
                "\(node.quoted) lets names lead to \(found.joined(separator: " and to "))",
                hint: ExceptionConfig.hint(
                    "allow the networks that the upstreams are in; an address that is written "
                        + "as an endpoint is allowed by that", or: "…"))
        })

    /// One loopback address for one upstream is as exact as an endpoint, and endpoint files, which
    /// are no permission, need it.
    private static func isExact(
        _ range: NetworkRange, _ found: [String], _ decoder: ConfigDecoder
    ) -> Bool {
        guard case .key("upstreams")? = decoder.path.first else { return false }
        return range.first == range.last && found == [Self.inner[0].name]
    }

    /// What only this machine or its network reaches, and what no upstream is at.
    private static let inner: [(name: String, ranges: [NetworkRange])] = [
        ("this machine", ["127.0.0.0/8", "0.0.0.0/8", "::1", "::"]),
        (
            "the addresses where clouds keep secrets",
            [
                "169.254.0.0/16", "100.100.100.200", "168.63.129.16", "192.0.0.192",
                "fd00:ec2::254",
            ]
        ),
        ("whatever is on the same link", ["fe80::/10"]),
    ].map { ($0.0, $0.1.compactMap { NetworkRange($0) }) }
}
