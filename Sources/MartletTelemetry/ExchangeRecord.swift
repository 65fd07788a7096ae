/// One finished exchange, in numbers: what the metrics count and the access log writes.
///
/// Made by the exchange driver when the exchange ends, handed on by value, never stored. Names
/// are indices into the `MetricsLayout` of the same generation; bytes such as the path are
/// borrowed from the head when the log line is written.
package struct ExchangeRecord: Sendable, BitwiseCopyable {
    /// What the client spoke.
    package enum ProtocolVersion: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        case http10, http11, http2
        /// Bytes were passed on as they were.
        case tcp
    }

    /// What protected the client's connection.
    package enum TLSVersion: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        case none, tls12, tls13
    }

    package struct Flags: OptionSet, Sendable, BitwiseCopyable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The upstream connection had served a request before.
        package static let upstreamConnectionReused = Flags(rawValue: 1)
        /// The client left before it had the whole answer.
        package static let clientAborted = Flags(rawValue: 2)
        /// The answer was made by Martlet, not by an upstream.
        package static let localReply = Flags(rawValue: 4)
        /// The upstream did not answer well, and the route's fallback did.
        package static let fallback = Flags(rawValue: 8)
    }

    /// No route was matched.
    package static let noRoute = UInt32.max
    /// No upstream was chosen.
    package static let noUpstream = UInt16.max
    /// No endpoint was chosen.
    package static let noEndpoint = UInt16.max
    /// No rate limit refused the request.
    package static let noRateLimit = UInt16.max
    /// No policy found anything.
    package static let noFinding = UInt8.max
    /// Nothing speaks against the client.
    package static let noAbuseSign = UInt8.max
    /// Nothing went wrong.
    package static let noError = UInt8.max

    /// Nanoseconds since 1970, of the head's first byte.
    package var startNanoseconds: Int64 = 0
    /// From the head's first byte to the answer's last.
    package var durationNanoseconds: UInt64 = 0
    /// Spent waiting for an upstream connection, queue and connecting together.
    package var upstreamWaitNanoseconds: UInt64 = 0
    /// From the request written to the head of the upstream's answer; 0 if there was none.
    package var upstreamHeadNanoseconds: UInt64 = 0
    /// Of the request's body, without its framing.
    package var bytesReceived: UInt64 = 0
    /// Of the answer's body, without its framing.
    package var bytesSent: UInt64 = 0
    package var route = ExchangeRecord.noRoute
    package var listener: UInt16 = 0
    package var upstream = ExchangeRecord.noUpstream
    /// Within its upstream.
    package var endpoint = ExchangeRecord.noEndpoint
    /// Status sent to the client; 0 if none was.
    package var status: UInt16 = 0
    /// `ProxyError.Code`'s raw value, an index into the layout's error codes.
    package var errorCode = ExchangeRecord.noError
    /// The limit that refused the request, in the plan's order.
    package var rateLimit = ExchangeRecord.noRateLimit
    /// Times an upstream was tried; 0 for a local reply.
    package var attempts: UInt8 = 0
    package var protocolVersion = ProtocolVersion.http11
    package var tlsVersion = TLSVersion.none
    package var flags: Flags = []
    /// What a policy found, an index into the layout's findings.
    package var finding = ExchangeRecord.noFinding
    package var findingAction = FindingAction.none
    /// How sure that is; 0 where there is no score.
    package var findingScore: UInt16 = 0
    /// What speaks against the client: the raw value of an `AbuseSign`.
    package var abuseSign = ExchangeRecord.noAbuseSign
    /// What was done because it was the last straw.
    package var abuseAction = FindingAction.none
    package var abusePoints: UInt16 = 0

    package init() {}
}
