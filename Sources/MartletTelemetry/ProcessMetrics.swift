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
    package var upstreamCertificates: [CertificateExpiry] = []

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
