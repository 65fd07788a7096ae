/// How an endpoint is chosen.
package struct BalancingConfig: Sendable, Equatable {
    package enum Algorithm: String, Sendable, Equatable, CaseIterable {
        case roundRobin = "round-robin"
        case random
        case leastRequest = "least-request"
        case leastRequestOfAll = "least-request-of-all"
        case peakEWMA = "peak-ewma"
        case consistentHash = "consistent-hash"
    }

    package var algorithm = Algorithm.roundRobin
    /// What the hash is made of: the first that a request has.
    package var hashOn: [HashSourceConfig] = []
    /// The most that an endpoint may have, in percent of its fair share.
    package var boundedLoadPercent: Int?
    /// After this time an old latency counts for about a third.
    package var latencyDecay: Duration = .seconds(10)
    /// What a failed request counts as.
    package var failureLatency: Duration = .seconds(1)
    package var sticky: StickySessionConfig?
    package var slowStart: SlowStartConfig?
    /// How much of a tier may be away before the next one is used, as percent of what is needed.
    package var overprovisioningPercent = 140
    /// Percent of a tier's weight that must be available; with less, it takes no notice of health.
    package var panicThresholdPercent = 50

    package init() {}
}

/// A part of a request that says which endpoint it belongs to.
package enum HashSourceConfig: Sendable, Equatable {
    case header(String)
    case cookie(String)
    case query(String)
    /// A name in the path pattern that matched.
    case capture(String)
    /// The real client, after trusted proxies.
    case clientAddress
    /// Who calls: a consumer's name, or the subject of a credential that is nobody's.
    case consumer

    package var text: String {
        switch self {
        case .header(let name): "header:\(name)"
        case .cookie(let name): "cookie:\(name)"
        case .query(let name): "query:\(name)"
        case .capture(let name): "capture:\(name)"
        case .clientAddress: "client-address"
        case .consumer: "consumer"
        }
    }
}

/// A cookie that binds a client to the endpoint that answered it first.
package struct StickySessionConfig: Sendable, Equatable {
    package var cookie = "martlet-session"
    /// What the cookie's value is made with: the same in every process that serves the client.
    package var secret = ""
    /// `nil`: until the browser is closed.
    package var maxAge: Duration?

    package init() {}
}

/// A share of the traffic that grows while an endpoint is new or has just come back.
package struct SlowStartConfig: Sendable, Equatable {
    package var window: Duration = .seconds(30)
    package var minimumPercent = 10

    package init() {}
}

/// Where this process, or an endpoint, is: near before far.
package struct LocalityConfig: Sendable, Equatable {
    package var region: String?
    package var zone: String?

    package init() {}
}
