/// The header names that Martlet itself acts on, interned to one byte.
///
/// Every other name is `.other` and is compared by its bytes. At most 63, so that a head can say
/// in one word which of them it holds.
package enum HeaderName: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case other
    case accept, acceptEncoding, allow, authorization, cacheControl, connection, contentEncoding
    case contentLength, contentType, cookie, date, etag, expect, forwarded, host, http2Settings
    case keepAlive, location, origin, proxy, proxyAuthenticate, proxyAuthorization, proxyConnection
    case proxyStatus, range, rateLimit, rateLimitPolicy, referer, retryAfter, server, setCookie, te
    case traceparent, tracestate, trailer, transferEncoding, upgrade, userAgent, vary, via
    case wwwAuthenticate, xAspNetMVCVersion, xAspNetVersion, xForwardedFor, xForwardedHost
    case xForwardedPort, xForwardedProto, xOriginalURL, xPoweredBy, xRealIP, xRequestID, xRewriteURL

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
        case .proxy: "proxy"
        case .proxyAuthenticate: "proxy-authenticate"
        case .proxyAuthorization: "proxy-authorization"
        case .proxyConnection: "proxy-connection"
        case .proxyStatus: "proxy-status"
        case .range: "range"
        case .rateLimit: "ratelimit"
        case .rateLimitPolicy: "ratelimit-policy"
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
    ///
    /// Its bytes have been checked to be tokens.
    package init(_ name: Span<UInt8>) {
        let candidate = Self.candidate(name)
        let isSame = candidate != .other && name.isTokenEqual(to: candidate.text)
        self = isSame ? candidate : .other
    }

    /// The one known name that has this length and this letter in the place where names of that
    /// length differ.
    private static func candidate(_ name: Span<UInt8>) -> HeaderName {
        name.count < 12 ? self.shortCandidate(name) : self.longCandidate(name)
    }

    private static func shortCandidate(_ name: Span<UInt8>) -> HeaderName {
        switch name.count {
        case 2: .te
        case 3: .via
        case 4:
            switch name[0] | 0x20 {
            case UInt8(ascii: "d"): .date
            case UInt8(ascii: "e"): .etag
            case UInt8(ascii: "h"): .host
            case UInt8(ascii: "v"): .vary
            default: .other
            }
        case 5:
            switch name[0] | 0x20 {
            case UInt8(ascii: "a"): .allow
            case UInt8(ascii: "p"): .proxy
            case UInt8(ascii: "r"): .range
            default: .other
            }
        case 6:
            switch name[0] | 0x20 {
            case UInt8(ascii: "a"): .accept
            case UInt8(ascii: "c"): .cookie
            case UInt8(ascii: "e"): .expect
            case UInt8(ascii: "o"): .origin
            case UInt8(ascii: "s"): .server
            default: .other
            }
        case 7:
            switch name[0] | 0x20 {
            case UInt8(ascii: "r"): .referer
            case UInt8(ascii: "t"): .trailer
            case UInt8(ascii: "u"): .upgrade
            default: .other
            }
        case 8: .location
        case 9:
            switch name[0] | 0x20 {
            case UInt8(ascii: "f"): .forwarded
            case UInt8(ascii: "r"): .rateLimit
            case UInt8(ascii: "x"): .xRealIP
            default: .other
            }
        case 10:
            switch name[0] | 0x20 {
            case UInt8(ascii: "c"): .connection
            case UInt8(ascii: "k"): .keepAlive
            case UInt8(ascii: "s"): .setCookie
            case UInt8(ascii: "t"): .tracestate
            case UInt8(ascii: "u"): .userAgent
            default: .other
            }
        case 11:
            switch name[0] | 0x20 {
            case UInt8(ascii: "r"): .retryAfter
            case UInt8(ascii: "t"): .traceparent
            default: .other
            }
        default: .other
        }
    }

    /// Of names from twelve letters on.
    private static func longCandidate(_ name: Span<UInt8>) -> HeaderName {
        switch name.count {
        case 12:
            switch name[2] | 0x20 {
            case UInt8(ascii: "n"): .contentType
            case UInt8(ascii: "o"): .proxyStatus
            case UInt8(ascii: "p"): .xPoweredBy
            case UInt8(ascii: "r"): .xRequestID
            default: .other
            }
        case 13:
            switch name[0] | 0x20 {
            case UInt8(ascii: "a"): .authorization
            case UInt8(ascii: "c"): .cacheControl
            case UInt8(ascii: "x"): .xRewriteURL
            default: .other
            }
        case 14:
            switch name[0] | 0x20 {
            case UInt8(ascii: "c"): .contentLength
            case UInt8(ascii: "h"): .http2Settings
            case UInt8(ascii: "x"): .xOriginalURL
            default: .other
            }
        case 15:
            switch name[0] | 0x20 {
            case UInt8(ascii: "a"): .acceptEncoding
            case UInt8(ascii: "x"): .xForwardedFor
            default: .other
            }
        case 16:
            switch name[12] | 0x20 {
            case UInt8(ascii: "d"): .contentEncoding
            case UInt8(ascii: "t"): .proxyConnection
            case UInt8(ascii: "l"): .rateLimitPolicy
            case UInt8(ascii: "c"): .wwwAuthenticate
            case UInt8(ascii: "s"): .xAspNetVersion
            case UInt8(ascii: "h"): .xForwardedHost
            case UInt8(ascii: "p"): .xForwardedPort
            default: .other
            }
        case 17:
            switch name[0] | 0x20 {
            case UInt8(ascii: "t"): .transferEncoding
            case UInt8(ascii: "x"): .xForwardedProto
            default: .other
            }
        case 18: .proxyAuthenticate
        case 19:
            switch name[0] | 0x20 {
            case UInt8(ascii: "p"): .proxyAuthorization
            case UInt8(ascii: "x"): .xAspNetMVCVersion
            default: .other
            }
        default: .other
        }
    }

    /// This name's bit in `HeaderList.presence`.
    package var bit: UInt64 { 1 &<< UInt64(self.rawValue) }
}
