/// Every metric there is, once: name, type, unit, labels and help.
///
/// Label values come from the configuration or from fixed lists, never from clients. The order is
/// that of the exposition: what is few and important first, so that the series cap meets the rest.
package enum MetricCatalog {
    package enum Kind: Sendable {
        case counter, gauge, histogram

        var text: StaticString {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    package enum Unit: Sendable {
        case none, seconds, bytes
    }

    package struct Metric: Sendable {
        package let name: StaticString
        package let kind: Kind
        package var unit = Unit.none
        package var labels: [StaticString] = []
        package let help: StaticString
    }

    package static let all: [Metric] =
        process + configuration + listeners + upstreams + rateLimits
        + [findings, abusePoints, clientsBlocked] + routes
        + [seriesDropped]

    // MARK: The process

    static let process = [
        buildVersion, startTime, residentMemory, openFiles, cpuTime, accessLogDropped,
    ]
    static let buildVersion = Metric(
        name: "martlet_build_info", kind: .gauge, labels: ["version"],
        help: "Always 1; the version is the label.")
    static let startTime = Metric(
        name: "martlet_process_start_time_seconds", kind: .gauge, unit: .seconds,
        help: "When the process started, in seconds since 1970.")
    static let residentMemory = Metric(
        name: "process_resident_memory_bytes", kind: .gauge, unit: .bytes,
        help: "Resident memory of the process.")
    static let openFiles = Metric(
        name: "process_open_fds", kind: .gauge, help: "Open file descriptors of the process.")
    static let cpuTime = Metric(
        name: "process_cpu_seconds_total", kind: .counter, unit: .seconds,
        help: "User and system time of the process.")
    static let accessLogDropped = Metric(
        name: "martlet_access_log_dropped_total", kind: .counter,
        help: "Access log lines lost because their destination was too slow or failed.")

    // MARK: The configuration

    static let configuration = [configReloads, configGeneration]
    static let configReloads = Metric(
        name: "martlet_config_reloads_total", kind: .counter, labels: ["result"],
        help: "Configuration reloads by result.")
    static let configGeneration = Metric(
        name: "martlet_config_generation", kind: .gauge,
        help: "Number of the configuration in force; it grows by one with each reload.")

    // MARK: Listeners

    static let listeners = [
        downstreamConnections, downstreamConnectionsTotal, tcpReceivedBytes, tcpSentBytes,
        downstreamRejected, tlsHandshakes, tlsCertificateExpiry, localReplies,
    ]
    static let downstreamConnections = Metric(
        name: "martlet_downstream_connections", kind: .gauge, labels: ["listener"],
        help: "Open client connections.")
    static let downstreamConnectionsTotal = Metric(
        name: "martlet_downstream_connections_total", kind: .counter, labels: ["listener"],
        help: "Client connections accepted.")
    static let tcpReceivedBytes = Metric(
        name: "martlet_tcp_received_bytes_total", kind: .counter, unit: .bytes,
        labels: ["listener"], help: "Bytes received from clients of raw TCP and TLS passthrough.")
    static let tcpSentBytes = Metric(
        name: "martlet_tcp_sent_bytes_total", kind: .counter, unit: .bytes,
        labels: ["listener"], help: "Bytes sent to clients of raw TCP and TLS passthrough.")
    static let downstreamRejected = Metric(
        name: "martlet_downstream_rejected_total", kind: .counter, labels: ["listener", "reason"],
        help: "Connections and requests refused because of a limit of the listener.")
    static let tlsHandshakes = Metric(
        name: "martlet_tls_handshakes_total", kind: .counter, labels: ["listener", "result"],
        help: "TLS handshakes of clients, by how they ended.")
    static let tlsCertificateExpiry = Metric(
        name: "martlet_tls_certificate_expiry_timestamp_seconds", kind: .gauge, unit: .seconds,
        labels: ["listener", "certificate"],
        help: "When a listener's certificate expires, in seconds since 1970.")
    static let localReplies = Metric(
        name: "martlet_local_replies_total", kind: .counter, labels: ["listener", "code"],
        help: "Error replies made by Martlet, by error code.")

    // MARK: Upstreams

    static let upstreams = [
        upstreamConnections, upstreamConnects, upstreamConnectFailures, upstreamPending,
        upstreamRetries, upstreamHedges, upstreamHedgesWon, upstreamFallbacks,
        upstreamCertificateExpiry, upstreamRequests, upstreamDuration,
        endpointAvailable, healthChecks, endpointEjections, releaseShare, releaseAborts,
        releaseRequests, releaseErrors, mirrorRequests, mirrorDifferences,
        openBreakers, breakerOpenings, concurrencyLimit, sheddingLevel,
    ]
    static let upstreamConnections = Metric(
        name: "martlet_upstream_connections", kind: .gauge, labels: ["upstream"],
        help: "Open connections to the upstream.")
    static let upstreamConnects = Metric(
        name: "martlet_upstream_connects_total", kind: .counter, labels: ["upstream"],
        help: "Connections opened to the upstream.")
    static let upstreamConnectFailures = Metric(
        name: "martlet_upstream_connect_failures_total", kind: .counter,
        labels: ["upstream", "reason"], help: "Connections that could not be opened.")
    static let upstreamPending = Metric(
        name: "martlet_upstream_pending", kind: .gauge, labels: ["upstream"],
        help: "Requests waiting for a connection to the upstream.")
    static let upstreamRetries = Metric(
        name: "martlet_upstream_retries_total", kind: .counter, labels: ["upstream"],
        help: "Requests sent to the upstream once more.")
    static let upstreamHedges = Metric(
        name: "martlet_upstream_hedges_total", kind: .counter, labels: ["upstream"],
        help: "Requests sent once more while the first try was under way.")
    static let upstreamHedgesWon = Metric(
        name: "martlet_upstream_hedges_won_total", kind: .counter, labels: ["upstream"],
        help: "Those of them whose answer was passed on.")
    static let upstreamFallbacks = Metric(
        name: "martlet_upstream_fallbacks_total", kind: .counter, labels: ["upstream"],
        help: "Requests that the upstream did not answer well and a fallback did.")
    static let openBreakers = Metric(
        name: "martlet_upstream_circuit_breakers_open", kind: .gauge, labels: ["upstream"],
        help: "Circuit breakers that let nothing through, of the upstream and its endpoints.")
    static let breakerOpenings = Metric(
        name: "martlet_upstream_circuit_breaker_openings_total", kind: .counter,
        labels: ["upstream"], help: "Times that a circuit breaker has opened.")
    static let concurrencyLimit = Metric(
        name: "martlet_upstream_concurrency_limit", kind: .gauge, labels: ["upstream"],
        help: "Requests in flight that adaptive concurrency allows now.")
    static let sheddingLevel = Metric(
        name: "martlet_load_shedding_level", kind: .gauge,
        help: "How much is refused because the process is overloaded, 0 to 3.")
    static let mirrorRequests = Metric(
        name: "martlet_mirror_requests_total", kind: .counter, labels: ["mirror", "result"],
        help: "Requests that a mirror gets copies of, by what came of them.")
    static let mirrorDifferences = Metric(
        name: "martlet_mirror_differences_total", kind: .counter, labels: ["mirror", "kind"],
        help: "Answers of a mirror that differ, by kind.")
    static let upstreamCertificateExpiry = Metric(
        name: "martlet_upstream_tls_certificate_expiry_timestamp_seconds", kind: .gauge,
        unit: .seconds, labels: ["upstream", "certificate"],
        help: "When the certificate expires that Martlet shows to an upstream.")
    static let upstreamRequests = Metric(
        name: "martlet_upstream_requests_total", kind: .counter,
        labels: ["upstream", "endpoint", "code"],
        help: "Requests sent to an endpoint, by status class; none if no answer came.")
    static let upstreamDuration = Metric(
        name: "martlet_upstream_duration_seconds", kind: .histogram, unit: .seconds,
        labels: ["upstream"], help: "Time from a request sent to the head of its answer.")

    static let endpointAvailable = Metric(
        name: "martlet_upstream_endpoint_available", kind: .gauge,
        labels: ["upstream", "endpoint"],
        help: "1 while every worker sends requests to the endpoint, 0 while one does not.")
    static let healthChecks = Metric(
        name: "martlet_upstream_health_checks_total", kind: .counter,
        labels: ["upstream", "result"], help: "Health checks of endpoints, by how they ended.")
    static let endpointEjections = Metric(
        name: "martlet_upstream_ejections_total", kind: .counter, labels: ["upstream", "reason"],
        help: "Endpoints taken out because their answers were worse than their peers'.")

    static let releaseShare = Metric(
        name: "martlet_release_share_ratio", kind: .gauge, labels: ["release"],
        help: "Share of the users that a release's canary has now, 0 to 1.")
    static let releaseAborts = Metric(
        name: "martlet_release_aborts_total", kind: .counter, labels: ["release"],
        help: "Canaries that were taken back.")
    static let releaseRequests = Metric(
        name: "martlet_release_requests_total", kind: .counter, labels: ["release", "variant"],
        help: "Requests of a release, by the side that answered.")
    static let releaseErrors = Metric(
        name: "martlet_release_errors_total", kind: .counter, labels: ["release", "variant"],
        help: "Requests of a release that were answered 500 or above.")

    // MARK: Rate limits

    static let rateLimits = [rateLimitRequests, rateLimitMemory, rateLimitEvictions]
    static let rateLimitRequests = Metric(
        name: "martlet_rate_limit_requests_total", kind: .counter, labels: ["limit", "result"],
        help: "Requests that a rate limit was asked about, by what it said.")
    static let rateLimitMemory = Metric(
        name: "martlet_rate_limit_memory_bytes", kind: .gauge, unit: .bytes, labels: ["limit"],
        help: "Memory that a rate limit takes at most, when every key has been used.")
    static let rateLimitEvictions = Metric(
        name: "martlet_rate_limit_evictions_total", kind: .counter, labels: ["limit"],
        help: "Keys that were counted when their place went to another.")

    // MARK: Policies

    static let findings = Metric(
        name: "martlet_findings_total", kind: .counter, labels: ["kind", "action"],
        help: "What policies found in requests, by kind and by what was done about it.")

    static let abusePoints = Metric(
        name: "martlet_abuse_points_total", kind: .counter, labels: ["sign"],
        help: "Points that clients have collected by their behaviour, by what they did.")
    static let clientsBlocked = Metric(
        name: "martlet_clients_blocked_total", kind: .counter, labels: ["by", "action"],
        help: "Clients with too many points, by what they are known by and what was done.")

    // MARK: Routes

    static let routes = [requests, requestBytes, responseBytes, requestDuration]
    static let requests = Metric(
        name: "martlet_requests_total", kind: .counter, labels: ["listener", "route", "code"],
        help: "Requests by status class; the route is empty if none matched.")
    static let requestBytes = Metric(
        name: "martlet_request_bytes_total", kind: .counter, unit: .bytes, labels: ["route"],
        help: "Bytes of request bodies received from clients.")
    static let responseBytes = Metric(
        name: "martlet_response_bytes_total", kind: .counter, unit: .bytes, labels: ["route"],
        help: "Bytes of response bodies sent to clients.")
    static let requestDuration = Metric(
        name: "martlet_request_duration_seconds", kind: .histogram, unit: .seconds,
        labels: ["route"],
        help: "Time from the first byte of a request to the last of its answer.")

    // MARK: The metrics themselves

    /// Written last, when its value is known, and outside the cap.
    static let seriesDropped = Metric(
        name: "martlet_metrics_series_dropped_total", kind: .counter,
        help: "Time series left out because of the series cap.")
}
