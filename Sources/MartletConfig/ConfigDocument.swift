/// What the user wrote, checked and with defaults filled in: the root of a configuration.
///
/// A document is a plain value. It is made by `ConfigLoader` from YAML or JSON and compiled by the
/// data plane into a plan; nothing else reads it. Cross references (a route's upstream) have been
/// checked when a document exists.
package struct ConfigDocument: Sendable, Equatable {
    /// Event loops that serve traffic; `nil` is one for each core.
    package var workers: Int?
    /// Memory of all request bodies that are held for policies, over all workers.
    package var heldBodyBytesMax = 256 << 20
    /// What listeners start from; each listener holds its own result.
    package var listenerLimits = ListenerLimitsConfig()
    package var listenerTimeouts = ListenerTimeoutsConfig()
    package var listeners: [ListenerConfig] = []
    /// For every upstream and every call that Martlet makes by itself.
    package var egress = EgressConfig()
    package var regions: [RegionConfig] = []
    package var upstreams: [UpstreamConfig] = []
    package var rateLimits: [RateLimitConfig] = []
    package var routes: [RouteConfig] = []
    package var consumers: [ConsumerConfig] = []
    package var authentication = AuthenticationConfig()
    /// `nil`: nobody is kept out for what they did before.
    package var abuseDetection: AbuseDetectionConfig?
    package var admin = AdminConfig()
    package var telemetry = TelemetryConfig()
    package var drain = DrainConfig()
    /// `nil`: nothing is refused because the process is overloaded.
    package var loadShedding: LoadSheddingConfig?
    /// Where this process is.
    package var locality = LocalityConfig()

    package init() {}
}

/// How SIGTERM ends the process: `/readyz` turns 503 at once, accepting stops after `grace`,
/// what is still open at `deadline` is cut and the exit code is 3.
package struct DrainConfig: Sendable, Equatable {
    package var grace: Duration = .seconds(0)
    package var deadline: Duration = .seconds(30)

    package init() {}
}
