/// What becomes of a field in a trailer section, in any version (RFC 9110 §6.5.1).
enum TrailerFields {
    enum Verdict: Sendable, BitwiseCopyable { case keep, drop, refuse }

    /// Fields that frame or route a message are refused; those that authenticate or describe it,
    /// or belong to one hop, are dropped.
    static func verdict(_ known: HeaderName) -> Verdict {
        switch known {
        case .contentLength, .transferEncoding, .host: .refuse
        case .authorization, .cacheControl, .connection, .contentEncoding, .contentType, .cookie,
            .expect, .forwarded, .http2Settings, .keepAlive, .location, .proxyAuthenticate,
            .proxyAuthorization, .proxyConnection, .range, .setCookie, .te, .traceparent,
            .tracestate, .trailer, .upgrade, .via, .wwwAuthenticate, .xForwardedFor,
            .xForwardedHost, .xForwardedPort, .xForwardedProto, .xOriginalURL, .xRealIP,
            .xRequestID, .xRewriteURL:
            .drop
        default: .keep
        }
    }
}
