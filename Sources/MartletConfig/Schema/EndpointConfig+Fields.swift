extension EndpointConfig {
    private static func fields(withFile: Bool) -> [Field<EndpointEntry>] {
        [
            Field(
                "url",
                """
                `http://host:port`, `https://host:port`, or `h2c://host:port` for HTTP/2 without \
                TLS; the port is 80, or 443 for `https`, if it is left out.
                """,
                shape: urlKind.shape,
                apply: { node, entry, decoder in
                    guard let url = urlKind.decode(node, &decoder) else { return }
                    entry.take(url, isService: false)
                }),
            Field(
                "service",
                """
                In place of `url`: a name such as `http://_orders._tcp.example.internal` whose SRV \
                records say hosts, ports, priorities and weights.
                """,
                shape: serviceKind.shape,
                apply: { node, entry, decoder in
                    guard let url = serviceKind.decode(node, &decoder) else { return }
                    entry.take(url, isService: true)
                }),
            Field(
                "each-address", \.endpoint.isEachAddress, .boolean,
                """
                Makes each address of the URL's host name an endpoint of its own, in place of one \
                endpoint whose addresses take turns.
                """),
            Field(
                "weight", \.endpoint.weight, .integer(0...1000),
                """
                Share of the traffic, relative to the other endpoints; 0 takes none.
                """),
            Field(
                "priority", \.endpoint.priority, .integer(0...1000),
                """
                The endpoints with the lowest number get the traffic; what they cannot carry \
                goes to the next.
                """),
            Field(
                "region", \.endpoint.locality.region, LocalityConfig.nameKind,
                """
                Where it is. Within a priority, endpoints of another region than `locality` \
                names come last.
                """),
            Field(
                "zone", \.endpoint.locality.zone, LocalityConfig.nameKind,
                """
                Where it is in its region. Endpoints of another zone than `locality` names come \
                after those of the same.
                """),
        ] + (withFile ? [fileField] : [])
    }

    private static let fileField = Field<EndpointEntry>(
        "file",
        """
        In place of all else: a file with a list of endpoints, YAML or JSON, read again when it \
        changes.
        """,
        shape: .text(expected: "a file name such as `orders.endpoints.yaml`"),
        apply: { node, entry, decoder in
            let kind = ValueKind<String>.string("a file name such as `orders.endpoints.yaml`")
            guard let name = kind.decode(node, &decoder) else { return }
            entry.fileEndpoints = EndpointFile.read(name, at: node, &decoder)
        })

    private static func record(withFile: Bool) -> Record<EndpointEntry> {
        Record(
            "an endpoint", "One address of an upstream, or what stands for several.",
            fields: fields(withFile: withFile), initial: { EndpointEntry() },
            check: { node, entry, decoder in entry.check(node, &decoder) })
    }

    private static func entryKind(withFile: Bool) -> ValueKind<[EndpointConfig]> {
        let written = urlKind.map { [$0] }
        let either = ValueKind.either(
            written, when: { $0.scalar != nil },
            otherwise: record(withFile: withFile).kind.map(\.endpoints))
        return ValueKind(either.shape) { node, decoder in
            guard var endpoints = either.decode(node, &decoder) else { return nil }
            for index in endpoints.indices where endpoints[index].source == .unknown {
                endpoints[index].source = node.location
            }
            return endpoints
        }
    }

    /// One or a list of URLs and mappings; a mapping may stand for a whole file.
    static let listKind: ValueKind<[EndpointConfig]> = flattened(entryKind(withFile: true))

    /// What a file may hold: all but another file.
    static let fileKind: ValueKind<[EndpointConfig]> = flattened(entryKind(withFile: false))

    private static func flattened(
        _ entry: ValueKind<[EndpointConfig]>
    ) -> ValueKind<[EndpointConfig]> {
        ValueKind<[[EndpointConfig]]>.oneOrMany(entry).map { $0.flatMap { $0 } }
    }

    private static let urlKind = ValueKind<EndpointConfig>.text(
        "a URL such as `http://127.0.0.1:9001`", pattern: "^(https?|h2c)://",
        parse: EndpointText.parse)

    private static let serviceKind = ValueKind<EndpointConfig>.text(
        "a service such as `http://_orders._tcp.example.internal`",
        pattern: "^(https?|h2c)://_[^.:]+[.]_[^.:]+[.]", parse: EndpointText.parseService)
}

/// A mapping below `endpoints`, while it is read.
private struct EndpointEntry: Sendable {
    var endpoint = EndpointConfig()
    var fileEndpoints: [EndpointConfig]?

    var endpoints: [EndpointConfig] { self.fileEndpoints ?? [self.endpoint] }

    mutating func take(_ url: EndpointConfig, isService: Bool) {
        self.endpoint.isSecure = url.isSecure
        self.endpoint.isHTTP2 = url.isHTTP2
        self.endpoint.host = url.host
        self.endpoint.port = url.port
        self.endpoint.isService = isService
    }

    func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        let sources = ["url", "service", "file"].filter { node[$0] != nil }
        guard sources.count == 1 else {
            decoder.add(
                at: node,
                sources.isEmpty
                    ? "this endpoint has no `url`"
                    : "`\(sources[0])` and `\(sources[1])` do not go together",
                hint: "write one of `url`, `service` and `file`")
            return
        }
        let others: [String]
        switch sources[0] {
        case "file": others = ["each-address", "weight", "priority", "region", "zone"]
        case "service": others = ["each-address", "weight", "priority"]
        default:
            others = []
            guard let place = node["each-address"], self.endpoint.isEachAddress,
                IPAddressText.parse(self.endpoint.host) != nil
            else { break }
            decoder.add(
                at: place, "this endpoint is an address already",
                hint: "leave `each-address` out, or write a host name in `url`")
        }
        for key in others {
            guard let place = node[key] else { continue }
            decoder.add(
                at: place, "`\(key)` does not go with `\(sources[0])`",
                hint: sources[0] == "file"
                    ? "write it in the file" : "the SRV records say it")
        }
    }
}
