extension ListenerConfig {
    static let record = Record(
        "a listener", "One address on which clients are served.",
        fields: [
            Field(
                "address", \.address, addressKind,
                """
                `0.0.0.0:8080`, `[::]:8080`, or `:8080` for every IPv4 interface.
                """, isRequired: true),
            Field(
                "limits", \.limits, ListenerLimitsConfig.record,
                """
                What this listener accepts; keys not given are those of the main `limits`.
                """),
            Field(
                "timeouts", \.timeouts, ListenerTimeoutsConfig.record,
                """
                How long clients may take; keys not given are those of the main `timeouts`.
                """),
            Field(
                "tls", \.tls, ListenerTLSConfig.record.kind.optional,
                """
                Certificates and what else TLS needs; without it, plain text is spoken.
                """),
            Field(
                "protocols", \.protocols, .oneOrMany(.choice),
                """
                What clients may speak, the preferred one first: `h2`, `http/1.1`. With TLS it is \
                offered by ALPN; without, a client begins with what it likes.
                """),
            Field(
                "tcp", \.tcp, TCPListenerConfig.record.kind.optional,
                """
                Passes connections on as they are, by the server name of their TLS handshake or \
                all to one upstream. No HTTP is spoken, and no route applies.
                """),
            Field(
                "https-redirect", \.httpsRedirect, HTTPSRedirectConfig.kind.optional,
                """
                Sends every request to the same address with `https`: `true`, a port, or a \
                mapping. Nothing is served here.
                """),
            Field(
                "trusted-proxies", \.$trustedProxies, .oneOrMany(networkKind.excepted()),
                """
                Peers whose `Forwarded` and `X-Forwarded-*` are believed, read right to left.
                """),
            Field(
                "client-address-from", \.clientAddressFrom,
                ClientAddressSourceConfig.kind.optional,
                """
                Which field of a trusted proxy tells who the client is: `x-forwarded-for`, \
                `forwarded`, or `header:NAME` for one with a single address. The others are then \
                taken out.
                """),
            Field(
                "authentication", \.authentication,
                RouteAuthenticationConfig.listenerKind,
                """
                Who may call routes here that have no `authentication` of their own: `none`, or \
                the name of a policy; in place of `authentication.default`.
                """),
            Field(
                "abuse-detection", \.detectsAbuse, .boolean,
                """
                Whether clients of this listener are counted and kept out by the main \
                `abuse-detection`.
                """),
            Field(
                "request-id", \.requestID, RequestIDConfig.record,
                """
                The id by which a request is found in logs.
                """),
            Field(
                "expose-internals", \.$exposeInternals, .boolean(unsafe: true),
                """
                Adds `next-hop` and `details` to `Proxy-Status`: not on a public listener.
                """),
        ],
        initial: { ListenerConfig() },
        check: { node, listener, decoder in
            listener.warn(node, &decoder)
        })

    /// Short form: the address alone.
    static let kind = ValueKind<ListenerConfig>.either(
        addressKind.map { address in
            var listener = ListenerConfig()
            listener.address = address
            return listener
        },
        when: { $0.scalar != nil }, otherwise: record.kind)

    /// - Returns: whether the listener could be read.
    static func decode(
        _ node: ConfigNode, into listener: inout ListenerConfig, _ decoder: inout ConfigDecoder
    ) -> Bool {
        guard node.scalar != nil else {
            return self.record.decode(node, into: &listener, &decoder)
        }
        guard !node.isNull else {
            decoder.addMismatch(
                node, expected: self.kind.shape.expected, hint: "write an address, such as `:8080`")
            return false
        }
        guard let address = self.addressKind.decode(node, &decoder) else { return false }
        listener.address = address
        return true
    }

    static let addressKind = ValueKind<SocketAddressConfig>.text(
        "an address such as `0.0.0.0:8080`", encode: { .string($0.text) },
        parse: HostText.socketAddress)

    static let networkKind = ValueKind<String>.text(
        "a network such as `10.0.0.0/8`", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            try IPAddressText.checkNetwork(text)
            return text
        })

    private func warn(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        if self.tcp != nil, let tls = node["tls"] {
            decoder.add(
                at: tls, "a listener with `tcp` does not speak TLS itself: it passes it on",
                hint: "leave `tls` out, or serve HTTP on this listener")
        }
        if self.tls != nil, self.httpsRedirect != nil, let redirect = node["https-redirect"] {
            decoder.add(
                at: redirect, "this listener speaks TLS already, so the redirect would not end",
                hint: "put `https-redirect` on a listener without `tls`")
        }
        if self.exposeInternals, self.$exposeInternals.exception == nil, !self.address.isLoopback,
            let value = node["expose-internals"]
        {
            decoder.add(
                .warning, at: value,
                "clients from outside of this machine are told about upstreams",
                hint: ExceptionConfig.hint(
                    "keep `expose-internals` for listeners on 127.0.0.1", or: "true"))
        }
        if let value = node["client-address-from"], self.tcp != nil {
            decoder.add(
                at: value, "a listener with `tcp` reads no field of a request",
                hint: "leave it out, or serve HTTP on this listener")
        }
        if let value = node["authentication"], self.tcp != nil || self.httpsRedirect != nil {
            decoder.add(
                at: value, "no route is served on this listener, so that nobody is asked",
                hint: "leave it out")
        }
        guard let networks = node["trusted-proxies"] else {
            if let value = node["client-address-from"] {
                decoder.add(
                    .warning, at: value, "no proxy is trusted, so that no field is read",
                    hint: "name your proxies in `trusted-proxies`")
            }
            return
        }
        let hint = ExceptionConfig.hint("name only the networks of your own proxies", or: "…")
        let proxies = self.$trustedProxies.unstated()
        if proxies.contains(where: { $0.hasSuffix("/0") }) {
            decoder.add(
                .warning, at: networks,
                "a network that ends with `/0` lets every client say who it is", hint: hint)
        } else if NetworkRange.isNearlyEverything(proxies) {
            decoder.add(
                .warning, at: networks,
                "these networks together let nearly every client say who it is", hint: hint)
        }
    }
}

extension ClientAddressSourceConfig {
    static let kind = ValueKind<ClientAddressSourceConfig>.text(
        "`x-forwarded-for`, `forwarded`, or a field such as `header:x-real-ip`",
        parse: { text throws(TextProblem) in
            switch text.lowercased() {
            case "x-forwarded-for": return .xForwardedFor
            case "forwarded": return .forwarded
            default: break
            }
            guard text.hasPrefix("header:") else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) is none of the fields that are known here",
                    hint: "`x-forwarded-for`, `forwarded`, or `header:` and a name")
            }
            let name = try NameText.header(String(text.dropFirst("header:".count)))
            guard name != "x-forwarded-for", name != "forwarded" else {
                throw TextProblem(
                    "`\(name)` holds a list of addresses, not one", hint: "write `\(name)` alone")
            }
            guard !HeaderEditConfig.reserved.contains(name), name != "host" else {
                throw TextProblem("`\(name)` tells of no client", hint: "such as `x-real-ip`")
            }
            return .header(name)
        })
}

extension SocketAddressConfig {
    var text: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    /// Only this machine reaches it.
    var isLoopback: Bool { IPAddressText.isThisMachine(self.host) }

    /// It may be reached from anywhere: not only from this machine or a private network.
    var isPublic: Bool {
        let inner = [
            "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
            "169.254.0.0/16", "::1", "fc00::/7", "fe80::/10",
        ].compactMap { NetworkRange($0) }
        guard let range = NetworkRange(self.host) else { return self.host != "localhost" }
        return !inner.contains(where: range.overlaps)
    }
}

extension ListenerLimitsConfig {
    static let record = Record(
        "`limits`", "What a listener accepts from one client.",
        fields: [
            Field(
                "max-connections", \.maxConnections, .integer(1...10_000_000),
                """
                Open client connections on the listener, over all workers.
                """),
            Field(
                "max-request-line", \.maxRequestLineBytes, .size(64...(1 << 20)),
                """
                The request line; a longer one is answered 414.
                """),
            Field(
                "max-header", \.maxHeaderBytes, .size(256...(16 << 20)),
                """
                Request line and header section together; more is answered 431.
                """),
            Field(
                "max-header-count", \.maxHeaderCount, .integer(1...10_000),
                """
                Header fields of one request; more are answered 431.
                """),
            Field(
                "max-body", \.maxBodyBytes, bodyKind,
                """
                A request's body; a larger one is answered 413.
                """),
            Field(
                "max-requests-per-connection", \.maxRequestsPerConnection,
                .integer(1...Int.max), "Requests on one connection; it is then closed."),
            Field(
                "min-body-rate", \.minBodyBytesPerSecond, rateKind,
                """
                Bytes a second that a request body must reach once `timeouts.body-grace` is over; \
                `0B` turns it off.
                """),
            Field(
                "http2", \.http2, HTTP2LimitsConfig.record,
                """
                What one HTTP/2 connection may hold and ask for.
                """),
        ],
        initial: { ListenerLimitsConfig() })

    static let bodyKind = ValueKind<Int>.size(0...Int.max).checked { bytes, node, decoder in
        guard bytes == 0 else { return }
        decoder.add(
            .warning, at: node, "a body limit of 0 refuses every request that has a body",
            hint: "to allow any size, write a large one, such as `1000GiB`")
    }

    private static let rateKind = ValueKind<Int>.size(0...(1 << 30)).checked {
        bytes, node, decoder in
        guard bytes == 0 else { return }
        decoder.add(
            .warning, at: node, "without a minimum rate, slow clients hold connections for good",
            hint: "leave `min-body-rate` out for the default of 240B a second")
    }
}

extension ListenerTimeoutsConfig {
    static let record = Record(
        "`timeouts`", "How long a client may take.",
        fields: [
            Field(
                "tls-handshake", \.tlsHandshake, patientKind,
                """
                From the connection to the end of its TLS handshake.
                """),
            Field(
                "request-head", \.requestHead, patientKind,
                """
                From the first byte of a head to its last, however many reads it takes.
                """),
            Field(
                "idle", \.idle, .duration(),
                """
                Between two requests of one connection, and before the first.
                """),
            Field(
                "body-grace", \.bodyGrace, .duration(0...ValueKind<Duration>.year),
                """
                Before `limits.min-body-rate` is enforced.
                """),
            Field(
                "write-stall", \.writeStall, patientKind,
                """
                Without one byte taken by a client that has an answer waiting.
                """),
            Field(
                "half-closed", \.halfClosed, patientKind,
                """
                Without one byte of an answer for a client that has closed its side.
                """),
        ],
        initial: { ListenerTimeoutsConfig() })

    /// More than this is an invitation to hold connections for nothing.
    private static let patienceMax = Duration.seconds(600)

    private static let patientKind = ValueKind<Duration>.duration().checked {
        duration, node, decoder in
        guard duration > patienceMax else { return }
        decoder.add(
            .warning, at: node, "with so long a timeout, slow clients hold connections",
            hint: "seconds are usual; \(DurationText.format(patienceMax)) is already long")
    }
}

extension RequestIDConfig {
    static let record = Record(
        "`request-id`", "The id by which a request is found in logs.",
        fields: [
            Field(
                "accept", \.accept, .boolean,
                """
                Keeps a client's well-formed id instead of making one.
                """),
            Field("respond", \.respond, .boolean, "Adds the id to the answer."),
        ],
        initial: { RequestIDConfig() })
}
