/// What is written down about traffic and about the process.
package struct TelemetryConfig: Sendable, Equatable {
    package var accessLog = AccessLogConfig()
    package var processLog = ProcessLogConfig()
    package var metrics = MetricsConfig()

    package init() {}
}

/// One line for each exchange.
package struct AccessLogConfig: Sendable, Equatable {
    package enum Format: String, Sendable, Equatable, CaseIterable {
        case json
        case common
    }

    package enum Destination: Sendable, Equatable {
        case off
        case standardOutput
        case standardError
        case file(String)
    }

    package var destination: Destination = .standardOutput
    package var format: Format = .json
    /// Lines waiting for a slow disk or pipe; more are dropped and counted.
    package var maxBufferedBytes = 8 * 1024 * 1024

    package init() {}
}

/// The process's own log, on standard error.
package struct ProcessLogConfig: Sendable, Equatable {
    package enum Level: String, Sendable, Equatable, CaseIterable {
        case debug, info, warning, error
    }

    package enum Format: String, Sendable, Equatable, CaseIterable {
        case json, text
    }

    package var level: Level = .info
    package var format: Format = .json

    package init() {}
}

/// Prometheus metrics.
package struct MetricsConfig: Sendable, Equatable {
    /// Time series shown at most; the rest are counted in `martlet_metrics_series_dropped_total`.
    package var maxSeries = 20_000

    package init() {}
}
