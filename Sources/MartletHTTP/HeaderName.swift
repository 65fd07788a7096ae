/// The header names that Martlet itself acts on, interned to one byte.
///
/// Every other name is `.other` and is compared by its bytes. At most 63, so that a head can say
/// in one word which of them it holds.
package enum HeaderName: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case other
    case accept, acceptEncoding, allow, authorization, cacheControl, connection, contentEncoding
    case contentLength, contentType, cookie, date, etag, expect, forwarded, host, http2Settings
    case keepAlive, location, origin, proxyAuthenticate, proxyAuthorization, proxyConnection
    case proxyStatus, range, referer, retryAfter, server, setCookie, te, traceparent, tracestate
    case trailer, transferEncoding, upgrade, userAgent, vary, via, wwwAuthenticate
    case xAspNetMVCVersion, xAspNetVersion, xForwardedFor, xForwardedHost, xForwardedPort
    case xForwardedProto, xOriginalURL, xPoweredBy, xRealIP, xRequestID, xRewriteURL

    /// The name in lower case; empty for `.other`.
    package var text: StaticString {
        switch self {
        case .other: ""
        case .accept: "accept"
        case .acceptEncoding: "accept-encoding"
        case .allow: "allow"
        case .authorization: "authorization"
        case .cacheControl: "cache-control"
        case .connection: "connection"
        case .contentEncoding: "content-encoding"
        case .contentLength: "content-length"
        case .contentType: "content-type"
        case .cookie: "cookie"
        case .date: "date"
        case .etag: "etag"
        case .expect: "expect"
        case .forwarded: "forwarded"
        case .host: "host"
        case .http2Settings: "http2-settings"
        case .keepAlive: "keep-alive"
        case .location: "location"
        case .origin: "origin"
        case .proxyAuthenticate: "proxy-authenticate"
        case .proxyAuthorization: "proxy-authorization"
        case .proxyConnection: "proxy-connection"
        case .proxyStatus: "proxy-status"
        case .range: "range"
        case .referer: "referer"
        case .retryAfter: "retry-after"
        case .server: "server"
        case .setCookie: "set-cookie"
        case .te: "te"
        case .traceparent: "traceparent"
        case .tracestate: "tracestate"
        case .trailer: "trailer"
        case .transferEncoding: "transfer-encoding"
        case .upgrade: "upgrade"
        case .userAgent: "user-agent"
        case .vary: "vary"
        case .via: "via"
        case .wwwAuthenticate: "www-authenticate"
        case .xAspNetMVCVersion: "x-aspnetmvc-version"
        case .xAspNetVersion: "x-aspnet-version"
        case .xForwardedFor: "x-forwarded-for"
        case .xForwardedHost: "x-forwarded-host"
        case .xForwardedPort: "x-forwarded-port"
        case .xForwardedProto: "x-forwarded-proto"
        case .xOriginalURL: "x-original-url"
        case .xPoweredBy: "x-powered-by"
        case .xRealIP: "x-real-ip"
        case .xRequestID: "x-request-id"
        case .xRewriteURL: "x-rewrite-url"
        }
    }

    /// Recognises a name, whatever its case.
    package init(_ name: Span<UInt8>) {
        self = .other
        guard !name.isEmpty, name.count <= 32 else { return }
        let bucket = Self.bucket(name[0], name[name.count - 1], name.count)
        let (first, count) = Self.buckets[bucket]
        for offset in 0..<Int(count) {
            let candidate = Self.ordered[Int(first) + offset]
            if name.isEqualIgnoringCase(to: candidate.text) {
                self = candidate
                return
            }
        }
    }

    private static func bucket(_ first: UInt8, _ last: UInt8, _ count: Int) -> Int {
        (Int(first | 0x20) &+ Int(last | 0x20) &* 5 &+ count &* 19) & 127
    }

    private static let ordered: [HeaderName] = allCases.dropFirst().sorted {
        bucketOf($0) < bucketOf($1)
    }

    private static func bucketOf(_ name: HeaderName) -> Int {
        let bytes = Array(name.text.description.utf8)
        return bucket(bytes[0], bytes[bytes.count - 1], bytes.count)
    }

    /// For each bucket, the first of its names in `ordered` and how many.
    private static let buckets: [(first: UInt8, count: UInt8)] = {
        var buckets = [(first: UInt8, count: UInt8)](repeating: (0, 0), count: 128)
        for (index, name) in ordered.enumerated() {
            let bucket = bucketOf(name)
            if buckets[bucket].count == 0 { buckets[bucket].first = UInt8(index) }
            buckets[bucket].count += 1
        }
        return buckets
    }()

    /// This name's bit in `HeaderList.presence`.
    package var bit: UInt64 { 1 &<< UInt64(self.rawValue) }
}
