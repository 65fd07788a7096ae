/// A request's control data and header fields, whatever protocol brought them.
///
/// Ranges point into `headers.bytes`. One head belongs to one exchange and is reused for the next;
/// a codec fills it, the router and the policies read and edit it, a codec writes it out.
package final class RequestHead {
    package var headers = HeaderList()
    package var method = Method.other
    package var methodBytes = ByteRange.empty
    /// The normalised path, the one that is matched and forwarded.
    ///
    /// Begins with `/`, or is `*`.
    package var path = ByteRange.empty
    /// What follows `?`; only when `hasQuery`.
    package var query = ByteRange.empty
    package var hasQuery = false
    /// Spellings found in the path that a route has to allow.
    package var pathTraits: PathTraits = []
    /// Host and port as the client wrote them, lower-cased.
    package var authority = ByteRange.empty
    /// The host alone, lower-cased: IPv6 with brackets, no port, no trailing dot.
    package var host = ByteRange.empty
    /// `x` of HTTP/1.x.
    package var minorVersion: UInt8 = 1
    /// Came over HTTP/2; `minorVersion` stays 1, as everything that asks for it means "at least".
    package var isHTTP2 = false
    /// What an extended CONNECT asks for (RFC 8441 §4), such as `websocket`; empty for all others.
    package var connectProtocol = ByteRange.empty
    package var framing = BodyFraming.none

    package init() {}

    /// Makes it the same as another, to be sent beside it.
    package func copy(_ other: RequestHead) {
        self.headers.copy(other.headers)
        self.method = other.method
        self.methodBytes = other.methodBytes
        self.path = other.path
        self.query = other.query
        self.hasQuery = other.hasQuery
        self.pathTraits = other.pathTraits
        self.authority = other.authority
        self.host = other.host
        self.minorVersion = other.minorVersion
        self.isHTTP2 = other.isHTTP2
        self.connectProtocol = other.connectProtocol
        self.framing = other.framing
    }

    package func reset() {
        self.headers.removeAll()
        self.method = .other
        self.methodBytes = .empty
        self.path = .empty
        self.query = .empty
        self.hasQuery = false
        self.pathTraits = []
        self.authority = .empty
        self.host = .empty
        self.minorVersion = 1
        self.isHTTP2 = false
        self.connectProtocol = .empty
        self.framing = .none
    }
}

/// How a message's body is delimited (RFC 9112 §6.3).
package enum BodyFraming: Sendable, BitwiseCopyable, Equatable {
    case none
    case length(Int)
    case chunked
    /// Responses only: the body ends with the connection.
    case untilClose
}

/// Spellings in a path that upstreams read differently, so that a route must allow each by name.
package struct PathTraits: OptionSet, Sendable, BitwiseCopyable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// An encoded slash, `%2F`.
    package static let encodedSlash = PathTraits(rawValue: 1)
    /// An encoded backslash, `%5C`.
    package static let encodedBackslash = PathTraits(rawValue: 2)
    /// Encoded controls, `%00` to `%1F` and `%7F`.
    package static let encodedControls = PathTraits(rawValue: 4)
    /// An encoded percent sign, `%25`, before two hexadecimal digits.
    package static let doubleEncoding = PathTraits(rawValue: 8)
    /// Percent-encoded bytes that are not UTF-8, overlong forms included.
    package static let invalidUTF8 = PathTraits(rawValue: 16)
}
