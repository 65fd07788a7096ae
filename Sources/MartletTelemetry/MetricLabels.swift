/// Why a client, or a request of his, was turned away: the limits of a listener, each by name.
package enum DownstreamRejection: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case connectionLimit, requestLineBytes, headerBytes, headerCount, bodyBytes
    case requestsPerConnection, headTimeout, idleTimeout, bodyRate, writeStall, halfClosed
    case malformed, draining, http2StreamLimit, http2Resets, http2ControlFrames
    case http2WindowUpdates, http2EmptyFrames, http2Continuations, http2Flood

    /// The value of the label `reason`.
    package var label: StaticString {
        switch self {
        case .connectionLimit: "connection_limit"
        case .requestLineBytes: "request_line_bytes"
        case .headerBytes: "header_bytes"
        case .headerCount: "header_count"
        case .bodyBytes: "body_bytes"
        case .requestsPerConnection: "requests_per_connection"
        case .headTimeout: "head_timeout"
        case .idleTimeout: "idle_timeout"
        case .bodyRate: "body_rate"
        case .writeStall: "write_stall"
        case .halfClosed: "half_closed"
        case .malformed: "malformed"
        case .draining: "draining"
        case .http2StreamLimit: "http2_stream_limit"
        case .http2Resets: "http2_resets"
        case .http2ControlFrames: "http2_control_frames"
        case .http2WindowUpdates: "http2_window_updates"
        case .http2EmptyFrames: "http2_empty_frames"
        case .http2Continuations: "http2_continuations"
        case .http2Flood: "http2_flood"
        }
    }
}

/// What a rate limit said to a request.
package enum RateLimitResult: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case allowed, denied

    /// The value of the label `result`.
    package var label: StaticString {
        switch self {
        case .allowed: "allowed"
        case .denied: "denied"
        }
    }
}

/// How the TLS handshake of a client ended.
package enum TLSHandshakeResult: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case ok
    /// What was said was no TLS, or nothing that both sides speak.
    case failed
    /// The client's certificate is missing or not believed.
    case certificate
    /// The client went away before the end.
    case closed
    case timeout

    /// The value of the label `result`.
    package var label: StaticString {
        switch self {
        case .ok: "ok"
        case .failed: "failed"
        case .certificate: "certificate"
        case .closed: "closed"
        case .timeout: "timeout"
        }
    }
}

/// Why a connection to an endpoint could not be had.
package enum ConnectFailure: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case refused, timeout, unreachable, nameResolution, reset, other
    case tlsCertificate, tlsHandshake

    /// The value of the label `reason`.
    package var label: StaticString {
        switch self {
        case .refused: "refused"
        case .timeout: "timeout"
        case .unreachable: "unreachable"
        case .nameResolution: "name_resolution"
        case .reset: "reset"
        case .other: "other"
        case .tlsCertificate: "tls_certificate"
        case .tlsHandshake: "tls_handshake"
        }
    }
}

/// The hundreds of a status: the only form in which statuses become a label, so series stay few.
package enum StatusClass: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case none, informational, success, redirection, clientError, serverError

    /// Anything that is not 100–599 is `.none`: no answer was sent or received.
    package init(_ status: UInt16) {
        self =
            switch status {
            case 100...199: .informational
            case 200...299: .success
            case 300...399: .redirection
            case 400...499: .clientError
            case 500...599: .serverError
            default: .none
            }
    }

    /// The value of the label `code`.
    package var label: StaticString {
        switch self {
        case .none: "none"
        case .informational: "1xx"
        case .success: "2xx"
        case .redirection: "3xx"
        case .clientError: "4xx"
        case .serverError: "5xx"
        }
    }
}

/// What was done about something that a policy found in a request.
package enum FindingAction: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case none
    /// The request went on.
    case reported
    /// It was answered in the upstream's place.
    case blocked

    /// The value of the label `action`.
    package var label: StaticString {
        switch self {
        case .none: "none"
        case .reported: "reported"
        case .blocked: "blocked"
        }
    }
}
