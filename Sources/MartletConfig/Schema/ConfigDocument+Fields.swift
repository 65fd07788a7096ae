extension ConfigDocument {
    /// The main file.
    static let record = Record(
        "the main file", "A configuration of Martlet.",
        fields: [includeField] + [
            Field(
                "workers", \.workers, workersKind,
                """
                Event loops that serve traffic, 1–1024; `auto` is one for each core.
                """),
            Field(
                "held-body-memory", \.heldBodyBytesMax, .size((1 << 20)...(1 << 40)),
                """
                Memory of all request bodies that policies want whole; each worker has its share. \
                When it is used up, more are answered 503.
                """),
            Field(
                "load-shedding", \.loadShedding, LoadSheddingConfig.record.kind.optional,
                """
                Answers 503 to the less important requests when the process itself is overloaded.
                """),
            Field("drain", \.drain, DrainConfig.record, "How SIGTERM ends the process."),
            Field(
                "locality", \.locality, LocalityConfig.record,
                """
                Where this process is: near endpoints are used before far ones.
                """),
            Field(
                "limits", \.listenerLimits, ListenerLimitsConfig.record,
                """
                What every listener accepts, unless it says otherwise under its own `limits`.
                """),
            Field(
                "timeouts", \.listenerTimeouts, ListenerTimeoutsConfig.record,
                """
                How long clients of every listener may take, unless it says otherwise.
                """),
            Field(
                "egress", \.egress, EgressConfig.record,
                """
                Where host names of upstreams may lead, beyond what the whole Internet can reach.
                """),
            Field(
                "authentication", \.authentication, AuthenticationConfig.record,
                """
                How callers are known.
                """),
            Field(
                "abuse-detection", \.abuseDetection, AbuseDetectionConfig.record.kind.optional,
                """
                Keeps clients out for a while that behave badly again and again.
                """),
        ] + sharedFields + [
            Field(
                "admin", \.admin, AdminConfig.kind,
                """
                The operator's listener: an address, `off`, or a mapping.
                """),
            Field(
                "telemetry", \.telemetry, TelemetryConfig.record,
                """
                What is written down about traffic and about the process.
                """),
        ],
        initial: { ConfigDocument() })

    /// A file that another one includes.
    static let includedRecord = Record(
        "an included file", "A part of a configuration.", fields: [includeField] + sharedFields,
        initial: { ConfigDocument() })

    /// Read by `ConfigLoader` before the rest.
    private static let includeField = Field<ConfigDocument>(
        "include",
        """
        Files to read as well, relative to this one; `*` stands for any name. They may hold \
        `listeners`, `upstreams`, `regions`, `rate-limits`, `routes`, `consumers` and `include`.
        """,
        shape: .oneOrMany(.text(expected: "a file name such as `routes/*.yaml`")),
        apply: { _, _, _ in })

    private static let sharedFields: [Field<ConfigDocument>] = [
        Field(
            "listeners", "The addresses on which clients are served, by name.",
            shape: .map(names: "a name to a listener", ListenerConfig.kind.shape),
            apply: { node, document, decoder in
                document.decodeListeners(node, &decoder)
            }),
        Field(
            "upstreams", "The services behind Martlet, by name.",
            shape: .map(names: "a name to an upstream", UpstreamConfig.kind.shape),
            apply: { node, document, decoder in
                document.decodeUpstreams(node, &decoder)
            }),
        Field(
            "regions", "Sets of client addresses, by name: for routes and releases.",
            shape: .map(names: "a name to address blocks", RegionConfig.kind.shape),
            apply: { node, document, decoder in
                document.decodeRegions(node, &decoder)
            }),
        Field(
            "rate-limits", "How much clients may have, by name; each name is one bucket.",
            shape: .map(names: "a name to a rate limit", RateLimitConfig.kind.shape),
            apply: { node, document, decoder in
                document.decodeRateLimits(node, &decoder)
            }),
        Field(
            "routes", "Which requests go where. The most specific match wins, whatever the order.",
            shape: .list(RouteConfig.record.shape),
            apply: { node, document, decoder in
                document.decodeRoutes(node, &decoder)
            }),
        consumersField,
    ]

    private static let consumersField = Field<ConfigDocument>(
        "consumers", "Who calls, by name.",
        shape: .map(names: "a name to a consumer", ConsumerConfig.record.shape),
        apply: { node, document, decoder in
            decoder.decodeNamed(node, .consumer, expected: "a name to a consumer") {
                entry, decoder in
                var consumer = ConsumerConfig()
                consumer.name = entry.key
                consumer.source = entry.keyLocation
                guard ConsumerConfig.record.decode(entry.node, into: &consumer, &decoder) else {
                    return
                }
                document.consumers.append(consumer)
            }
        })

    private static let workersKind = ValueKind<Int?>.either(
        ValueKind<Int?>.choice([("auto", nil)]), when: { $0.scalar?.text == "auto" },
        otherwise: ValueKind<Int>.integer(1...1024).optional)
}

extension DrainConfig {
    static let record = Record(
        "`drain`", "How SIGTERM ends the process.",
        fields: [
            Field(
                "grace", \.grace, .duration(0...(600_000)),
                """
                How long new connections are still taken after `/readyz` has turned 503.
                """),
            Field(
                "deadline", \.deadline, .duration(),
                """
                When what is still open is cut; the exit code is then 3.
                """),
        ],
        initial: { DrainConfig() })
}

// MARK: - Names to values

extension ConfigDocument {
    fileprivate mutating func decodeListeners(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        var base = ListenerConfig()
        base.limits = self.listenerLimits
        base.timeouts = self.listenerTimeouts
        decoder.decodeNamed(node, .listener, expected: "a name to a listener") {
            entry, decoder in
            var listener = base
            listener.name = entry.key
            listener.source = entry.keyLocation
            if ListenerConfig.decode(entry.node, into: &listener, &decoder) {
                self.listeners.append(listener)
            }
        }
    }

    fileprivate mutating func decodeUpstreams(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        decoder.decodeNamed(node, .upstream, expected: "a name to an upstream") {
            entry, decoder in
            guard var upstream = UpstreamConfig.kind.decode(entry.node, &decoder) else { return }
            upstream.name = entry.key
            upstream.source = entry.keyLocation
            self.upstreams.append(upstream)
        }
    }

    fileprivate mutating func decodeRegions(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        decoder.decodeNamed(node, .region, expected: "a name to address blocks") {
            entry, decoder in
            guard var region = RegionConfig.kind.decode(entry.node, &decoder) else { return }
            region.name = entry.key
            region.source = entry.keyLocation
            self.regions.append(region)
        }
    }

    fileprivate mutating func decodeRateLimits(
        _ node: ConfigNode, _ decoder: inout ConfigDecoder
    ) {
        decoder.decodeNamed(node, .rateLimit, expected: "a name to a rate limit") {
            entry, decoder in
            guard var limit = RateLimitConfig.kind.decode(entry.node, &decoder) else { return }
            limit.name = entry.key
            limit.source = entry.keyLocation
            self.rateLimits.append(limit)
        }
    }

    fileprivate mutating func decodeRoutes(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        guard case .sequence(let nodes) = node.value else {
            decoder.addMismatch(
                node, expected: "a list of routes", hint: "begin each route with `- `")
            return
        }
        for (index, child) in nodes.enumerated() {
            decoder.path.append(.index(index))
            var route = RouteConfig()
            if RouteConfig.record.decode(child, into: &route, &decoder) {
                self.routes.append(route)
            }
            decoder.path.removeLast()
        }
    }
}

extension ConfigDecoder {
    /// Reads a mapping from names, which are noted, to things of one kind.
    mutating func decodeNamed(
        _ node: ConfigNode, _ subject: Subject, expected: String,
        each: (ConfigNode.Entry, inout ConfigDecoder) -> Void
    ) {
        guard case .mapping(let entries) = node.value else {
            self.addMismatch(
                node, expected: "a mapping from \(expected)",
                hint: "write each as `name: …`, without `-`")
            return
        }
        for entry in entries {
            self.path.append(.key(entry.key))
            self.check(entry, NameText.check)
            self.declare(subject, entry.key, at: entry.keyLocation)
            each(entry, &self)
            self.path.removeLast()
        }
    }
}
