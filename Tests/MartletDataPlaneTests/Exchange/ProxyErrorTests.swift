import MartletDataPlane
import Testing

@Suite struct ProxyErrorTests {
    /// Names, statuses and Proxy-Status types are an interface: dashboards and clients know them.
    static let table: [ProxyError: (String, UInt16, String)] = [
        .requestMalformed: ("request_malformed", 400, "http_request_error"),
        .requestTooLarge: ("request_too_large", 413, "http_request_error"),
        .requestTimeout: ("request_timeout", 408, "http_request_error"),
        .requestInvalid: ("request_invalid", 400, "http_request_error"),
        .requestDenied: ("request_denied", 403, "http_request_denied"),
        .encodingNotSupported: ("encoding_not_supported", 415, "http_request_error"),
        .heldBodyMemory: ("held_body_memory", 503, "proxy_internal_error"),
        .pathRefused: ("path_refused", 400, "http_request_denied"),
        .routeNotFound: ("route_not_found", 404, "http_request_error"),
        .methodNotAllowed: ("method_not_allowed", 405, "http_request_error"),
        .methodNotSupported: ("method_not_supported", 501, "http_request_error"),
        .upgradeNotSupported: ("upgrade_not_supported", 501, "http_request_error"),
        .upgradeMalformed: ("upgrade_malformed", 400, "http_request_error"),
        .loopDetected: ("loop_detected", 502, "proxy_loop_detected"),
        .addressDenied: ("address_denied", 403, "http_request_denied"),
        .originDenied: ("origin_denied", 403, "http_request_denied"),
        .quotaExceeded: ("quota_exceeded", 429, "http_request_denied"),
        .faultInjected: ("fault_injected", 503, "destination_unavailable"),
        .overloaded: ("overloaded", 503, "proxy_internal_error"),
        .maintenance: ("maintenance", 503, "destination_unavailable"),
        .versionGone: ("version_gone", 410, "http_request_denied"),
        .listenerConnectionLimit: (
            "listener_connection_limit", 503, "connection_limit_reached"
        ),
        .clientBlocked: ("client_blocked", 429, "http_request_denied"),
        .unauthenticated: ("unauthenticated", 401, "http_request_denied"),
        .accessDenied: ("access_denied", 403, "http_request_denied"),
        .lockedOut: ("locked_out", 429, "http_request_denied"),
        .authenticationUnavailable: (
            "authentication_unavailable", 503, "proxy_internal_error"
        ),
        .noEndpoint: ("no_endpoint", 503, "destination_unavailable"),
        .nameNotResolved: ("name_not_resolved", 502, "dns_error"),
        .destinationProhibited: ("destination_prohibited", 502, "destination_ip_prohibited"),
        .connectRefused: ("connect_refused", 502, "connection_refused"),
        .connectTimeout: ("connect_timeout", 504, "connection_timeout"),
        .tlsCertificateInvalid: ("tls_certificate_invalid", 502, "tls_certificate_error"),
        .tlsHandshakeTimeout: ("tls_handshake_timeout", 504, "connection_timeout"),
        .tlsHandshakeFailed: ("tls_handshake_failed", 502, "tls_protocol_error"),
        .connectionLimit: ("connection_limit", 503, "connection_limit_reached"),
        .queueTimeout: ("queue_timeout", 503, "connection_limit_reached"),
        .requestLimit: ("request_limit", 503, "connection_limit_reached"),
        .circuitOpen: ("circuit_open", 503, "destination_unavailable"),
        .connectionTerminated: ("connection_terminated", 502, "connection_terminated"),
        .responseTimeout: ("response_timeout", 504, "http_response_timeout"),
        .deadlineExceeded: ("deadline_exceeded", 504, "http_response_timeout"),
        .exchangeTimeout: ("exchange_timeout", 504, "http_response_timeout"),
        .responseMalformed: ("response_malformed", 502, "http_protocol_error"),
        .responseTooLarge: ("response_too_large", 502, "http_response_header_section_size"),
        .responseIncomplete: ("response_incomplete", 502, "http_response_incomplete"),
        .responseStalled: ("response_stalled", 504, "http_response_timeout"),
        .clientAborted: ("client_aborted", 499, "http_request_error"),
        .clientStalled: ("client_stalled", 499, "http_request_error"),
        .internalError: ("internal_error", 500, "proxy_internal_error"),
    ]

    @Test(arguments: ProxyError.allCases)
    func error(error: ProxyError) throws {
        let (name, status, type) = try #require(Self.table[error], "\(error) is not in the table")
        #expect(error.name.description == name)
        #expect(error.status == status)
        #expect(error.proxyStatusType.description == type)
        // The text stands in JSON as it is.
        #expect(!error.detail.description.contains { "\"\\\n\r".contains($0) })
    }

    @Test func namesAreUnique() {
        #expect(Set(ProxyError.allCases.map(\.name.description)).count == ProxyError.allCases.count)
    }
}
