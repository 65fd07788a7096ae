/// How an upstream's endpoints are asked whether they are well.
package struct HealthCheckConfig: Sendable, Equatable {
    package enum Kind: String, Sendable, Equatable, CaseIterable {
        /// A request, whose answer is looked at.
        case http
        /// A connection comes about.
        case tcp
        /// The gRPC health protocol.
        case grpc
    }

    package enum Beginning: String, Sendable, Equatable, CaseIterable {
        case healthy
        case unhealthy
        case firstResult = "first-result"
    }

    package var kind = Kind.http
    package var path = "/"
    /// `nil`: the endpoint's own host and port.
    package var host: String?
    package var headers: [HeaderValueConfig] = []
    /// `nil`: the endpoint's.
    package var port: Int?
    package var statuses: [StatusRangeConfig] = [StatusRangeConfig(first: 200, last: 299)]
    /// For gRPC; `nil` asks for the server as a whole.
    package var service: String?
    /// Fields that an answer must have, with these values.
    package var expectedHeaders: [HeaderValueConfig] = []
    /// A text that its body must hold.
    package var expectedBody: String?
    package var interval: Duration = .seconds(10)
    /// `nil`: as often as when it is healthy.
    package var unhealthyInterval: Duration?
    package var timeout: Duration = .seconds(2)
    package var jitterPercent = 10
    package var passCount = 2
    package var failureCount = 3
    package var initially = Beginning.firstResult

    package init() {}
}

/// `200`, or `200-299`.
package struct StatusRangeConfig: Sendable, Equatable {
    package var first: Int
    package var last: Int

    package init(first: Int, last: Int) {
        self.first = first
        self.last = last
    }

    package var text: String {
        self.first == self.last ? "\(self.first)" : "\(self.first)-\(self.last)"
    }
}

/// When an endpoint is taken out because its answers are worse than its peers'.
package struct OutlierEjectionConfig: Sendable, Equatable {
    /// In a row, on one worker; 0 is off.
    package var consecutiveFailures = 5
    package var successRate: OutlierSuccessRateConfig?
    package var latency: OutlierLatencyConfig?
    /// How often endpoints are compared.
    package var interval: Duration = .seconds(10)
    /// The first time; twice as long the second, and so on.
    package var duration: Duration = .seconds(30)
    package var durationMax: Duration = .seconds(300)
    /// Of all endpoints.
    package var ejectedPercentMax = 10

    package init() {}
}

/// How much has to be known before endpoints are compared.
package protocol OutlierSampleConfig {
    var requestCountMin: Int { get set }
    var endpointCountMin: Int { get set }
}

/// Compares the share of requests that succeeded.
package struct OutlierSuccessRateConfig: OutlierSampleConfig, Sendable, Equatable {
    package var requestCountMin = 100
    package var endpointCountMin = 6
    /// How far below the mean in any case, in percent of the requests.
    package var differencePercent = 5

    package init() {}
}

/// Compares the mean latency with the peers' median.
package struct OutlierLatencyConfig: OutlierSampleConfig, Sendable, Equatable {
    package var requestCountMin = 100
    package var endpointCountMin = 3
    package var factorPercent = 300
    package var differenceMin: Duration = .milliseconds(10)

    package init() {}
}
