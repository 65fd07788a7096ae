/// What the process as a whole reports, gathered by the control plane for one scrape.
package struct ProcessMetrics: Sendable {
    package var version = ""
    /// Nanoseconds since 1970.
    package var startNanoseconds: UInt64 = 0
    package var usage = ProcessUsage()
    package var accessLogLinesDropped: UInt64 = 0
    package var reloadsSucceeded: UInt64 = 0
    package var reloadsFailed: UInt64 = 0
    package var generation: UInt64 = 0
    package var listenerCertificates: [CertificateExpiry] = []
    /// What each rate limit takes at most, in the layout's order.
    package var rateLimitBytes: [UInt64] = []
    /// How many keys each of them has evicted while they were counted.
    package var rateLimitEvictions: [UInt64] = []
    package var upstreamCertificates: [CertificateExpiry] = []
    package var endpoints = EndpointSeries()
    package var releases = ReleaseSeries()
    package var mirrors = MirrorSeries()
    /// Of load shedding, the highest of any worker; `nil` without it.
    package var sheddingLevel: UInt64?

    package init() {}
}

/// One series that is gathered for a scrape, not counted by workers.
package struct GatheredSeries: Sendable, Equatable {
    package let labels: [String]
    package let value: UInt64

    package init(labels: [String], value: UInt64) {
        self.labels = labels
        self.value = value
    }
}

/// How endpoints are.
package struct EndpointSeries: Sendable, Equatable {
    /// By upstream and endpoint: 1 if it gets traffic.
    package var available: [GatheredSeries] = []
    /// By upstream and result.
    package var checks: [GatheredSeries] = []
    /// By upstream and reason.
    package var ejections: [GatheredSeries] = []
    /// By upstream.
    package var openBreakers: [GatheredSeries] = []
    package var breakerOpenings: [GatheredSeries] = []
    package var concurrencyLimits: [GatheredSeries] = []

    package init() {}
}

/// How releases fare.
package struct ReleaseSeries: Sendable, Equatable {
    /// By release, in 10⁻⁹.
    package var shares: [GatheredSeries] = []
    /// By release.
    package var aborts: [GatheredSeries] = []
    /// By release and variant.
    package var requests: [GatheredSeries] = []
    package var errors: [GatheredSeries] = []

    package init() {}
}

/// How mirrors' answers differ.
package struct MirrorSeries: Sendable, Equatable {
    /// By mirror and result.
    package var requests: [GatheredSeries] = []
    /// By mirror and kind.
    package var differences: [GatheredSeries] = []

    package init() {}
}

/// When one certificate of the configuration expires.
package struct CertificateExpiry: Sendable, Equatable {
    /// The listener's or upstream's name.
    package let owner: String
    package let certificate: String
    /// Since 1970.
    package let seconds: UInt64

    package init(owner: String, certificate: String, seconds: UInt64) {
        self.owner = owner
        self.certificate = certificate
        self.seconds = seconds
    }
}
