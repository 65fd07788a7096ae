/// Turns records into lines of the access log.
///
/// Owned by a worker's generation. Names are escaped once, when the plan is taken up, and the
/// time is rendered once a second, so that a line is mostly copying. No line holds a line feed
/// other than its last byte.
package struct AccessLogEncoder {
    package enum Format: Sendable {
        case json
        /// Apache's common log format.
        case common
    }

    private let listeners: LogNames
    private let routes: LogNames
    private let upstreams: LogNames
    /// Of all upstreams, one after the other.
    private let endpoints: LogNames
    /// For each upstream the number of endpoints before its own, and the sum at the end.
    private let endpointStarts: [Int]
    private let errorCodes: LogNames
    private let rateLimits: LogNames
    private let findings: LogNames
    private let format: Format
    /// Queries may hold secrets, so they are shown only if the configuration says so.
    private let showsQuery: Bool
    private var time: LogTime

    package init(format: Format, layout: MetricsLayout, showsQuery: Bool = false) {
        self.format = format
        self.showsQuery = showsQuery
        self.time = LogTime(format == .json ? .rfc3339 : .common)
        self.listeners = LogNames("listener", layout.listeners)
        self.routes = LogNames("route", layout.routes)
        self.upstreams = LogNames("upstream", layout.upstreams.map(\.name))
        self.endpoints = LogNames("endpoint", layout.upstreams.flatMap(\.endpoints))
        self.endpointStarts = layout.endpointStarts
        self.errorCodes = LogNames("error", layout.errorCodes)
        self.rateLimits = LogNames("rate_limit", layout.rateLimits)
        self.findings = LogNames("finding", layout.findings)
    }

    /// Appends one line, line feed included.
    package mutating func append(
        _ record: borrowing ExchangeRecord, _ fields: borrowing AccessLogFields,
        to bytes: inout [UInt8]
    ) {
        switch self.format {
        case .json: self.appendJSON(record, fields, to: &bytes)
        case .common: self.appendCommon(record, fields, to: &bytes)
        }
    }

    // MARK: JSON

    private mutating func appendJSON(
        _ record: borrowing ExchangeRecord, _ fields: borrowing AccessLogFields,
        to bytes: inout [UInt8]
    ) {
        bytes.append("{\"time\":\"")
        self.time.append(record.startNanoseconds, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        Self.append(",\"request_id\":\"", fields.requestID, to: &bytes)
        Self.append(",\"trace_id\":\"", fields.traceID, to: &bytes)
        Self.append(",\"client\":\"", fields.client, to: &bytes)
        Self.append(",\"client_certificate\":\"", fields.clientSubject, to: &bytes)
        Self.append(",\"consumer\":\"", fields.consumer, to: &bytes)
        Self.append(",\"credential\":\"", fields.credential, to: &bytes)
        Self.append(",\"method\":\"", fields.bytes(fields.method), to: &bytes)
        Self.append(",\"host\":\"", fields.bytes(fields.host), to: &bytes)
        Self.append(",\"path\":\"", fields.bytes(fields.path), to: &bytes)
        if self.showsQuery {
            Self.append(",\"query\":\"", fields.bytes(fields.query), to: &bytes)
        }
        Self.append(",\"user_agent\":\"", fields.bytes(fields.userAgent), to: &bytes)
        self.appendNumbers(record, to: &bytes)
        self.appendNames(record, to: &bytes)
        if let reason = fields.reason {
            bytes.append(",\"reason\":\"")
            bytes.append(reason)
            bytes.append("\"")
        }
        bytes.append("}\n")
    }

    private func appendNumbers(_ record: borrowing ExchangeRecord, to bytes: inout [UInt8]) {
        switch record.protocolVersion {
        case .http10: bytes.append(",\"protocol\":\"HTTP/1.0\",\"status\":")
        case .http11: bytes.append(",\"protocol\":\"HTTP/1.1\",\"status\":")
        case .http2: bytes.append(",\"protocol\":\"HTTP/2\",\"status\":")
        case .tcp: bytes.append(",\"protocol\":\"TCP\",\"status\":")
        }
        bytes.appendDecimal(UInt64(record.status))
        switch record.tlsVersion {
        case .none: break
        case .tls12: bytes.append(",\"tls\":\"1.2\"")
        case .tls13: bytes.append(",\"tls\":\"1.3\"")
        }
        bytes.append(",\"bytes_in\":")
        bytes.appendDecimal(record.bytesReceived)
        bytes.append(",\"bytes_out\":")
        bytes.appendDecimal(record.bytesSent)
        bytes.append(",\"duration_ms\":")
        bytes.appendMilliseconds(nanoseconds: record.durationNanoseconds)
        if record.upstreamHeadNanoseconds != 0 {
            bytes.append(",\"upstream_ms\":")
            bytes.appendMilliseconds(nanoseconds: record.upstreamHeadNanoseconds)
        }
        bytes.append(",\"attempts\":")
        bytes.appendDecimal(UInt64(record.attempts))
    }

    private func appendNames(_ record: borrowing ExchangeRecord, to bytes: inout [UInt8]) {
        self.listeners.append(Int(record.listener), to: &bytes)
        self.routes.append(Int(record.route), to: &bytes)
        let upstream = Int(record.upstream)
        if upstream < self.upstreams.count {
            self.upstreams.append(upstream, to: &bytes)
            let endpoint = self.endpointStarts[upstream] &+ Int(record.endpoint)
            if endpoint < self.endpointStarts[upstream &+ 1] {
                self.endpoints.append(endpoint, to: &bytes)
            }
        }
        self.errorCodes.append(Int(record.errorCode), to: &bytes)
        self.rateLimits.append(Int(record.rateLimit), to: &bytes)
        if record.findingAction != .none { self.appendFinding(record, to: &bytes) }
    }

    private func appendFinding(_ record: borrowing ExchangeRecord, to bytes: inout [UInt8]) {
        self.findings.append(Int(record.finding), to: &bytes)
        bytes.append(",\"finding_score\":")
        bytes.appendDecimal(UInt64(record.findingScore))
        bytes.append(record.findingAction == .blocked ? Self.blocked : Self.reported)
    }

    private static let blocked: StaticString = ",\"finding_action\":\"blocked\""
    private static let reported: StaticString = ",\"finding_action\":\"reported\""

    private static func append(
        _ key: StaticString, _ value: Span<UInt8>, to bytes: inout [UInt8]
    ) {
        guard !value.isEmpty else { return }
        bytes.append(key)
        JSONText.append(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    // MARK: Common log format

    private mutating func appendCommon(
        _ record: borrowing ExchangeRecord, _ fields: borrowing AccessLogFields,
        to bytes: inout [UInt8]
    ) {
        Self.appendCommon(fields.client, to: &bytes)
        bytes.append(" - - [")
        self.time.append(record.startNanoseconds, to: &bytes)
        bytes.append("] \"")
        Self.appendCommon(fields.bytes(fields.method), to: &bytes)
        bytes.append(UInt8(ascii: " "))
        Self.appendCommon(fields.bytes(fields.path), to: &bytes)
        if self.showsQuery, !fields.query.isEmpty {
            bytes.append(UInt8(ascii: "?"))
            Self.appendEscaped(fields.bytes(fields.query), to: &bytes)
        }
        switch record.protocolVersion {
        case .http10: bytes.append(" HTTP/1.0\" ")
        case .http11: bytes.append(" HTTP/1.1\" ")
        case .http2: bytes.append(" HTTP/2\" ")
        case .tcp: bytes.append(" TCP\" ")
        }
        bytes.appendDecimal(UInt64(record.status))
        bytes.append(UInt8(ascii: " "))
        bytes.appendDecimal(record.bytesSent)
        bytes.append(10)
    }

    /// Appends a field of the common format, `-` when it is empty.
    private static func appendCommon(_ value: Span<UInt8>, to bytes: inout [UInt8]) {
        if value.isEmpty {
            bytes.append(UInt8(ascii: "-"))
        } else {
            self.appendEscaped(value, to: &bytes)
        }
    }

    /// As Apache does: quotes, backslashes and all but visible ASCII as `\xHH`.
    ///
    /// A space is escaped as well; it would split the field.
    private static func appendEscaped(_ value: Span<UInt8>, to bytes: inout [UInt8]) {
        var start = 0
        for index in value.indices {
            let byte = value[index]
            if byte &- 0x21 < 0x5e, byte != 0x22, byte != 0x5c { continue }
            bytes.append(value.extracting(start..<index))
            bytes.append("\\x")
            bytes.append(JSONText.hexDigit(byte &>> 4))
            bytes.append(JSONText.hexDigit(byte & 15))
            start = index &+ 1
        }
        bytes.append(value.extracting(start..<value.count))
    }
}
