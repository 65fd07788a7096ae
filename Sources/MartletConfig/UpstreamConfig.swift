/// A named group of endpoints that give the same answers.
package struct UpstreamConfig: Sendable, Equatable {
    package var name = ""
    package var source = SourceLocation.unknown
    package var endpoints: [EndpointConfig] = []
    package var balancing = BalancingConfig()
    package var timeouts = UpstreamTimeoutsConfig()
    /// For endpoints that begin with `https://`.
    package var tls = UpstreamTLSConfig()
    /// Connections to the whole upstream, shared out evenly among the workers.
    package var maxConnections = 1024
    /// Requests that wait for a connection, over all workers; one more is answered 503.
    package var maxPending = 1024
    /// Response line and header section together.
    package var maxResponseHeaderBytes = 64 * 1024
    /// How often host names are looked up again, whatever their answers say; `nil`: as those say.
    package var resolveInterval: Duration?
    /// An answer is believed no shorter, and no longer.
    package var ttlMin: Duration = .seconds(5)
    package var ttlMax: Duration = .seconds(300)
    /// What its host names may stand for, the main `egress` included.
    package var egress = EgressConfig()
    /// Requests in flight over all workers; `nil` is no limit.
    package var maxRequests: Int?
    /// Retries in flight over all workers; `nil` is no limit.
    package var maxRetries: Int?
    /// A limit of requests in flight that follows latency.
    package var adaptiveConcurrency: AdaptiveConcurrencyConfig?
    /// A route's own come in their place.
    package var retries: RetryConfig?
    package var retryBudget = RetryBudgetConfig()
    package var hedging: HedgingConfig?
    /// Of the upstream as a whole.
    package var circuitBreaker: CircuitBreakerConfig?
    /// Of each endpoint.
    package var endpointCircuitBreaker: CircuitBreakerConfig?
    package var healthCheck: HealthCheckConfig?
    package var outlierEjection: OutlierEjectionConfig?

    package init() {}
}

/// One address of an upstream: `http://host:port` or `https://host:port`, or what stands for several.
package struct EndpointConfig: Sendable, Equatable {
    package var source = SourceLocation.unknown
    package var isSecure = false
    package var host = ""
    package var port = 80
    /// Share of the traffic, relative to the other endpoints, 0–1000; 0 takes none.
    package var weight = 1
    /// Plain HTTP/2 with prior knowledge: `h2c://`.
    package var isHTTP2 = false
    /// Used when those of lower numbers cannot carry the traffic.
    package var priority = 0
    package var locality = LocalityConfig()
    /// Each address of its name is an endpoint of its own.
    package var isEachAddress = false
    /// `host` is a service whose records are the endpoints (RFC 2782); there is no port.
    package var isService = false
    /// Read from an endpoint file: it grants no right to its address, as what is written here does.
    package var isFromFile = false

    package init() {}
}

/// How long an upstream may take.
package struct UpstreamTimeoutsConfig: Sendable, Equatable {
    /// To open a connection, a TLS handshake included unless that has a time of its own.
    package var connect: Duration = .seconds(2)
    /// The TLS handshake alone.
    package var tlsHandshake: Duration?
    /// From the last byte of the request to the response head.
    package var response: Duration = .seconds(30)
    /// Without one byte of a response body while the client could take some.
    package var streamIdle: Duration = .seconds(60)
    /// Without one byte of an open WebSocket, in either direction.
    package var webSocketIdle: Duration = .seconds(300)
    /// How long an unused connection is kept for the next request.
    package var keepAlive: Duration = .seconds(55)
    /// In the queue for a connection.
    package var queue: Duration = .seconds(5)

    package init() {}
}
