/// Why an exchange did not get an upstream's answer: one list for status, header, metric and log.
///
/// Three bytes of meaning and no text of the message: the names here are the metric label and the
/// log code, so they are stable.
package enum ProxyError: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    // The client's message.
    case requestMalformed
    case requestTooLarge
    case requestTimeout
    case requestInvalid
    case requestDenied
    case encodingNotSupported
    case heldBodyMemory
    case pathRefused
    case routeNotFound
    case methodNotAllowed
    case methodNotSupported
    case upgradeNotSupported
    case upgradeMalformed
    case loopDetected
    case addressDenied
    case originDenied
    case quotaExceeded
    case versionGone
    case faultInjected
    case maintenance
    case overloaded
    case listenerConnectionLimit
    case clientBlocked
    // Who calls.
    case unauthenticated
    case accessDenied
    case lockedOut
    case authenticationUnavailable
    // Reaching an upstream.
    case noEndpoint
    case nameNotResolved
    case destinationProhibited
    case connectRefused
    case connectTimeout
    case tlsCertificateInvalid
    case tlsHandshakeFailed
    case tlsHandshakeTimeout
    case connectionLimit
    case queueTimeout
    case requestLimit
    case circuitOpen
    // The upstream's answer.
    case connectionTerminated
    case responseTimeout
    case deadlineExceeded
    case exchangeTimeout
    case responseMalformed
    case responseTooLarge
    case responseIncomplete
    case responseStalled
    // No answer could be given.
    case clientAborted
    case clientStalled
    case internalError

    /// The metric label and log code.
    package var name: StaticString {
        switch self {
        case .requestMalformed: "request_malformed"
        case .requestTooLarge: "request_too_large"
        case .requestTimeout: "request_timeout"
        case .requestInvalid: "request_invalid"
        case .requestDenied: "request_denied"
        case .encodingNotSupported: "encoding_not_supported"
        case .heldBodyMemory: "held_body_memory"
        case .pathRefused: "path_refused"
        case .routeNotFound: "route_not_found"
        case .methodNotAllowed: "method_not_allowed"
        case .methodNotSupported: "method_not_supported"
        case .upgradeNotSupported: "upgrade_not_supported"
        case .upgradeMalformed: "upgrade_malformed"
        case .loopDetected: "loop_detected"
        case .addressDenied: "address_denied"
        case .originDenied: "origin_denied"
        case .quotaExceeded: "quota_exceeded"
        case .versionGone: "version_gone"
        case .faultInjected: "fault_injected"
        case .maintenance: "maintenance"
        case .overloaded: "overloaded"
        case .listenerConnectionLimit: "listener_connection_limit"
        case .clientBlocked: "client_blocked"
        case .unauthenticated: "unauthenticated"
        case .accessDenied: "access_denied"
        case .lockedOut: "locked_out"
        case .authenticationUnavailable: "authentication_unavailable"
        case .noEndpoint: "no_endpoint"
        case .nameNotResolved: "name_not_resolved"
        case .destinationProhibited: "destination_prohibited"
        case .connectRefused: "connect_refused"
        case .connectTimeout: "connect_timeout"
        case .tlsCertificateInvalid: "tls_certificate_invalid"
        case .tlsHandshakeFailed: "tls_handshake_failed"
        case .tlsHandshakeTimeout: "tls_handshake_timeout"
        case .connectionLimit: "connection_limit"
        case .queueTimeout: "queue_timeout"
        case .requestLimit: "request_limit"
        case .circuitOpen: "circuit_open"
        case .connectionTerminated: "connection_terminated"
        case .responseTimeout: "response_timeout"
        case .deadlineExceeded: "deadline_exceeded"
        case .exchangeTimeout: "exchange_timeout"
        case .responseMalformed: "response_malformed"
        case .responseTooLarge: "response_too_large"
        case .responseIncomplete: "response_incomplete"
        case .responseStalled: "response_stalled"
        case .clientAborted: "client_aborted"
        case .clientStalled: "client_stalled"
        case .internalError: "internal_error"
        }
    }

    /// The status a client is answered with, where an answer is still possible.
    ///
    /// `requestMalformed` and `requestTooLarge` have finer ones in `MessageError`.
    package var status: UInt16 {
        switch self {
        case .requestMalformed, .requestInvalid, .pathRefused, .upgradeMalformed: 400
        case .unauthenticated: 401
        case .requestDenied, .accessDenied: 403
        case .encodingNotSupported: 415
        case .lockedOut, .clientBlocked: 429
        case .requestTooLarge: 413
        case .addressDenied, .originDenied: 403
        case .quotaExceeded: 429
        case .requestTimeout: 408
        case .versionGone: 410
        case .routeNotFound: 404
        case .methodNotAllowed: 405
        case .methodNotSupported, .upgradeNotSupported: 501
        case .loopDetected, .nameNotResolved, .destinationProhibited, .connectRefused,
            .tlsCertificateInvalid, .tlsHandshakeFailed, .connectionTerminated,
            .responseMalformed, .responseTooLarge, .responseIncomplete:
            502
        case .listenerConnectionLimit, .noEndpoint, .connectionLimit, .queueTimeout,
            .heldBodyMemory, .authenticationUnavailable, .requestLimit, .circuitOpen,
            .faultInjected, .maintenance, .overloaded:
            503
        case .connectTimeout, .tlsHandshakeTimeout, .responseTimeout, .deadlineExceeded,
            .exchangeTimeout, .responseStalled:
            504
        // Never sent: nobody is there to read it. The log shows what had been sent, or 0.
        case .clientAborted, .clientStalled: 499
        case .internalError: 500
        }
    }

    /// The proxy error type of RFC 9209 §2.3.
    package var proxyStatusType: StaticString {
        switch self {
        case .requestMalformed, .requestTooLarge, .requestTimeout, .requestInvalid,
            .encodingNotSupported, .routeNotFound,
            .methodNotAllowed, .methodNotSupported, .upgradeNotSupported, .upgradeMalformed,
            .clientAborted, .clientStalled:
            "http_request_error"
        case .pathRefused, .requestDenied, .addressDenied, .originDenied, .quotaExceeded,
            .unauthenticated, .accessDenied, .lockedOut, .clientBlocked, .versionGone:
            "http_request_denied"
        case .loopDetected: "proxy_loop_detected"
        case .listenerConnectionLimit, .connectionLimit, .queueTimeout, .requestLimit:
            "connection_limit_reached"
        case .noEndpoint, .circuitOpen, .faultInjected, .maintenance: "destination_unavailable"
        case .nameNotResolved: "dns_error"
        case .destinationProhibited: "destination_ip_prohibited"
        case .connectRefused: "connection_refused"
        case .connectTimeout, .tlsHandshakeTimeout: "connection_timeout"
        case .tlsCertificateInvalid: "tls_certificate_error"
        case .tlsHandshakeFailed: "tls_protocol_error"
        case .connectionTerminated: "connection_terminated"
        case .responseTimeout, .deadlineExceeded, .exchangeTimeout, .responseStalled:
            "http_response_timeout"
        case .responseMalformed: "http_protocol_error"
        case .responseTooLarge: "http_response_header_section_size"
        case .responseIncomplete: "http_response_incomplete"
        case .internalError, .overloaded, .heldBodyMemory, .authenticationUnavailable:
            "proxy_internal_error"
        }
    }

    /// The problem type (RFC 9457 §3.1.1); the registered one where there is such.
    package var problemType: StaticString {
        switch self {
        // draft-ietf-httpapi-ratelimit-headers §6.1
        case .quotaExceeded: "https://iana.org/assignments/http-problem-types#quota-exceeded"
        default: "about:blank"
        }
    }

    /// One plain sentence for the client.
    ///
    /// Says nothing of what stands behind Martlet.
    package var detail: StaticString {
        switch self {
        case .requestMalformed: "The request is not a well-formed HTTP message."
        case .requestTooLarge: "The request body is larger than this route takes."
        case .requestTimeout: "The request did not arrive in time."
        case .requestInvalid: "The request is not what is expected here; see errors."
        case .requestDenied: "The request is not accepted."
        case .encodingNotSupported: "An encoded body is not taken here."
        case .heldBodyMemory: "Too many bodies are held at this moment."
        case .pathRefused: "The path is spelled in a way that is not accepted here."
        case .routeNotFound: "Nothing is served under this host and path."
        case .methodNotAllowed: "This method is not served here; see Allow."
        case .methodNotSupported: "This method is not supported."
        case .upgradeNotSupported: "Changing the protocol is not supported here."
        case .upgradeMalformed: "The handshake of the WebSocket is not well-formed."
        case .loopDetected: "The request has passed through this proxy too often."
        case .addressDenied: "Requests from this address are not served here."
        case .originDenied: "Pages of this origin may not send such a request."
        case .quotaExceeded: "Too many requests; see Retry-After."
        case .versionGone: "This version is no longer served."
        case .faultInjected: "This answer was made for a drill."
        case .overloaded: "Too much is asked of this server at the moment; see Retry-After."
        case .maintenance: "The service is being worked on; see Retry-After."
        case .listenerConnectionLimit: "Too many connections are open."
        case .clientBlocked: "Requests are not taken for a while; see Retry-After."
        case .unauthenticated: "Valid credentials are needed; see WWW-Authenticate."
        case .accessDenied: "These credentials do not allow this."
        case .lockedOut: "Too many failed tries; see Retry-After."
        case .authenticationUnavailable: "Credentials cannot be checked at the moment."
        case .noEndpoint: "The service is not available."
        case .nameNotResolved: "The service could not be found."
        case .destinationProhibited: "The service is in a place that must not be reached."
        case .connectRefused: "The service could not be reached."
        case .connectTimeout: "The service could not be reached in time."
        case .tlsCertificateInvalid: "The service could not prove that it is the right one."
        case .tlsHandshakeFailed: "No protected connection to the service could be made."
        case .tlsHandshakeTimeout: "No protected connection to the service was made in time."
        case .connectionLimit: "The service is busy."
        case .queueTimeout: "The service is busy; no connection became free in time."
        case .requestLimit: "The service is busy."
        case .circuitOpen: "The service is not answering well and is given a rest."
        case .connectionTerminated: "The service closed the connection without an answer."
        case .responseTimeout: "The service did not answer in time."
        case .deadlineExceeded: "The time that the client gave for the call is over."
        case .exchangeTimeout: "The service took too long."
        case .responseMalformed: "The service gave an answer that is not valid HTTP."
        case .responseTooLarge: "The service gave an answer whose header is too large."
        case .responseIncomplete: "The service gave an incomplete answer."
        case .responseStalled: "The service stopped in the middle of its answer."
        case .clientAborted: "The client closed the connection."
        case .clientStalled: "The client stopped reading."
        case .internalError: "Something went wrong here."
        }
    }
}
