extension UpstreamConfig {
    static let record = Record(
        "an upstream", "A named group of endpoints that give the same answers.",
        fields: [
            Field(
                "endpoints", \.endpoints, EndpointConfig.listKind,
                """
                Where it is: `http://host:port`, `https://host:port`, `h2c://host:port`, \
                `{ url: …, weight: … }`, `{ service: … }` or `{ file: … }`.
                """, isRequired: true),
            Field(
                "balancing", \.balancing, BalancingConfig.kind,
                """
                How an endpoint is chosen: a word, or a mapping.
                """),
            Field(
                "timeouts", \.timeouts, UpstreamTimeoutsConfig.record,
                """
                How long the upstream may take.
                """),
            Field(
                "tls", \.tls, UpstreamTLSConfig.record,
                """
                How TLS is spoken to endpoints that begin with `https://`.
                """),
            Field(
                "max-connections", \.maxConnections, .integer(1...1_000_000),
                """
                Connections to the whole upstream, shared out among the workers.
                """),
            Field(
                "max-pending", \.maxPending, .integer(0...1_000_000),
                """
                Requests that wait for a connection; one more is answered 503.
                """),
            Field(
                "max-response-header", \.maxResponseHeaderBytes, .size(256...(16 << 20)),
                """
                Response line and header section together.
                """),
            Field(
                "resolve-interval", \.resolveInterval,
                ValueKind<Duration>.duration(1000...ValueKind<Duration>.day).optional,
                """
                How often host names are looked up again; without it, when the TTL of their \
                answers is over.
                """),
            Field(
                "min-ttl", \.ttlMin, .duration(1000...ValueKind<Duration>.day),
                """
                An answer is believed this long even if its TTL is shorter; a name that failed is \
                asked for again after it.
                """),
            Field(
                "max-ttl", \.ttlMax, .duration(1000...ValueKind<Duration>.day),
                """
                An answer is believed no longer, whatever its TTL.
                """),
            Field(
                "egress", \.egress, EgressConfig.record,
                """
                Where its host names may lead, beside what the main `egress` allows. An address \
                that is written as an endpoint is allowed by that.
                """),
        ] + resilienceFields,
        initial: { UpstreamConfig() },
        check: { node, upstream, decoder in
            if upstream.ttlMin > upstream.ttlMax, let place = node["min-ttl"] ?? node["max-ttl"] {
                decoder.add(
                    at: place, "`min-ttl` is longer than `max-ttl`",
                    hint: "their defaults are 5s and 5m", related: node["max-ttl"]?.location)
            }
            guard let endpoints = node["endpoints"], !upstream.endpoints.isEmpty else { return }
            checkHedging(node, upstream, &decoder)
            if upstream.endpoints.allSatisfy({ $0.weight == 0 }) {
                decoder.add(
                    at: endpoints, "every endpoint has weight 0, so none would ever be used",
                    hint: "give at least one a weight of 1 or more")
            }
            guard let tls = node["tls"], !upstream.endpoints.contains(where: \.isSecure) else {
                return
            }
            decoder.add(
                at: tls, "no endpoint of this upstream speaks TLS",
                hint: "begin its URL with `https://`, or leave `tls` out",
                related: endpoints.location)
        })

    private static func checkHedging(
        _ node: ConfigNode, _ upstream: UpstreamConfig, _ decoder: inout ConfigDecoder
    ) {
        guard upstream.hedging != nil, let hedging = node["hedging"] else { return }
        if upstream.endpoints.count == 1, let only = upstream.endpoints.first,
            !only.isService, !only.isEachAddress, !only.isFromFile
        {
            decoder.add(
                at: hedging, "there is no other endpoint that a read could be sent to",
                hint: "add an endpoint, or leave `hedging` out", related: only.source)
        }
        if upstream.balancing.sticky != nil {
            decoder.add(
                at: hedging, "`hedging` leaves the endpoint that a `sticky` cookie binds to",
                hint: "leave one of them out", related: node["balancing"]?.location)
        }
    }

    private static let resilienceFields: [Field<UpstreamConfig>] = [
        Field(
            "max-requests", \.maxRequests, ValueKind<Int>.integer(1...1_000_000).optional,
            """
            Requests in flight, shared out among the workers; one more is answered 503.
            """),
        Field(
            "max-retries", \.maxRetries, ValueKind<Int>.integer(0...1_000_000).optional,
            """
            Retries in flight, shared out among the workers; one more is not made.
            """),
        Field(
            "adaptive-concurrency", \.adaptiveConcurrency,
            AdaptiveConcurrencyConfig.record.kind.optional,
            """
            Bounds the requests in flight by what the upstream takes without a queue, found by \
            its latency; one more is answered 503.
            """),
        Field(
            "retries", \.retries, RetryConfig.kind.optional,
            """
            Which failed tries are made again, on another endpoint if there is one: `off`, or a \
            mapping. A route's own come in their place.
            """),
        Field(
            "retry-budget", \.retryBudget, RetryBudgetConfig.record,
            """
            How many retries there may be, so that they never multiply the load.
            """),
        Field(
            "hedging", \.hedging, HedgingConfig.record.kind.optional,
            """
            Sends a read once more, to another endpoint, when its answer takes unusually long; \
            the first answer counts. Comes out of `retry-budget`.
            """),
        Field(
            "circuit-breaker", \.circuitBreaker, CircuitBreakerConfig.record.kind.optional,
            """
            Answers 503 at once while most calls fail or are slow.
            """),
        Field(
            "endpoint-circuit-breaker", \.endpointCircuitBreaker,
            CircuitBreakerConfig.record.kind.optional,
            """
            The same for each endpoint: the others get its requests.
            """),
        Field(
            "health-check", \.healthCheck, HealthCheckConfig.record.kind.optional,
            """
            How endpoints are asked whether they are well; one that is not takes no traffic.
            """),
        Field(
            "outlier-ejection", \.outlierEjection, OutlierEjectionConfig.record.kind.optional,
            """
            Takes an endpoint out for a while when its answers are worse than its peers'.
            """),
    ]

    /// Short form: one endpoint's URL, or a list of endpoints.
    static let kind = ValueKind<UpstreamConfig>.either(
        EndpointConfig.listKind.map { endpoints in
            var upstream = UpstreamConfig()
            upstream.endpoints = endpoints
            return upstream
        },
        when: { node in
            if case .mapping = node.value { false } else { true }
        },
        otherwise: record.kind)
}

extension UpstreamTimeoutsConfig {
    static let record = Record(
        "`timeouts`", "How long an upstream may take.",
        fields: [
            Field(
                "connect", \.connect, .duration(),
                "To open a connection, TLS included unless `tls-handshake` is given."),
            Field(
                "tls-handshake", \.tlsHandshake, ValueKind<Duration>.duration().optional,
                "The TLS handshake alone; `connect` then ends where it begins."),
            Field(
                "response", \.response, .duration(),
                """
                From the last byte of the request to the response head.
                """),
            Field(
                "stream-idle", \.streamIdle, .duration(),
                """
                Without one byte of a response body while the client could take some.
                """),
            Field(
                "websocket-idle", \.webSocketIdle, .duration(),
                """
                Without one byte of an open WebSocket, in either direction.
                """),
            Field(
                "keep-alive", \.keepAlive, .duration(0...ValueKind<Duration>.year),
                """
                How long an unused connection is kept; `0s` closes it at once.
                """),
            Field("queue", \.queue, .duration(), "In the queue for a connection."),
        ],
        initial: { UpstreamTimeoutsConfig() })
}
