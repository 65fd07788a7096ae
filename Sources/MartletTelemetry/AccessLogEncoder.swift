import MartletHTTP

/// Turns records into lines of the access log.
///
/// Owned by a worker's generation; a class, so that its tables are not counted once more for each
/// line. Names are escaped once, when the plan is taken up, and the time is rendered once a second,
/// so that a line is mostly copying. No line holds a line feed other than its last byte.
package final class AccessLogEncoder {
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
    private let abuseSigns: LogNames
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
        self.abuseSigns = LogNames("abuse_sign", AbuseSign.allCases.map(\.label.description))
    }

    /// Of everything in a line that is not a field's; more room is made for longer names.
    private static let lineBytesMost = 1024

    /// Appends one line, line feed included.
    package func append(
        _ record: ExchangeRecord, _ fields: AccessLogFields, to bytes: inout [UInt8]
    ) {
        self.time.advance(to: record.startNanoseconds)
        bytes.append(room: Self.lineBytesMost + fields.byteCount) { cursor in
            switch self.format {
            case .json: self.writeJSON(record, fields, to: &cursor)
            case .common: self.writeCommon(record, fields, to: &cursor)
            }
        }
    }

    // MARK: JSON

    private func writeJSON(
        _ record: borrowing ExchangeRecord, _ fields: borrowing AccessLogFields,
        to cursor: inout ByteCursor
    ) {
        cursor.write("{\"time\":\"")
        self.time.write(to: &cursor)
        cursor.writeByte(UInt8(ascii: "\""))
        Self.write(",\"request_id\":\"", fields.requestID, to: &cursor)
        Self.write(",\"trace_id\":\"", fields.traceID, to: &cursor)
        Self.write(",\"client\":\"", fields.client, to: &cursor)
        Self.write(",\"client_certificate\":\"", fields.clientSubject, to: &cursor)
        Self.write(",\"consumer\":\"", fields.consumer, to: &cursor)
        Self.write(",\"credential\":\"", fields.credential, to: &cursor)
        Self.write(",\"method\":\"", fields.bytes(fields.method), to: &cursor)
        Self.write(",\"host\":\"", fields.bytes(fields.host), to: &cursor)
        Self.write(",\"path\":\"", fields.bytes(fields.path), to: &cursor)
        if self.showsQuery {
            Self.write(",\"query\":\"", fields.bytes(fields.query), to: &cursor)
        }
        Self.write(",\"user_agent\":\"", fields.bytes(fields.userAgent), to: &cursor)
        self.writeNumbers(record, to: &cursor)
        self.writeNames(record, to: &cursor)
        if let reason = fields.reason {
            cursor.write(",\"reason\":\"")
            cursor.write(reason)
            cursor.write("\"")
        }
        cursor.write("}\n")
    }

    private func writeNumbers(_ record: borrowing ExchangeRecord, to cursor: inout ByteCursor) {
        switch record.protocolVersion {
        case .http10: cursor.write(",\"protocol\":\"HTTP/1.0\",\"status\":")
        case .http11: cursor.write(",\"protocol\":\"HTTP/1.1\",\"status\":")
        case .http2: cursor.write(",\"protocol\":\"HTTP/2\",\"status\":")
        case .tcp: cursor.write(",\"protocol\":\"TCP\",\"status\":")
        }
        cursor.writeDecimal(UInt64(record.status))
        switch record.tlsVersion {
        case .none: break
        case .tls12: cursor.write(",\"tls\":\"1.2\"")
        case .tls13: cursor.write(",\"tls\":\"1.3\"")
        }
        cursor.write(",\"bytes_in\":")
        cursor.writeDecimal(record.bytesReceived)
        cursor.write(",\"bytes_out\":")
        cursor.writeDecimal(record.bytesSent)
        cursor.write(",\"duration_ms\":")
        cursor.writeMilliseconds(nanoseconds: record.durationNanoseconds)
        if record.upstreamHeadNanoseconds != 0 {
            cursor.write(",\"upstream_ms\":")
            cursor.writeMilliseconds(nanoseconds: record.upstreamHeadNanoseconds)
        }
        cursor.write(",\"attempts\":")
        cursor.writeDecimal(UInt64(record.attempts))
    }

    private func writeNames(_ record: borrowing ExchangeRecord, to cursor: inout ByteCursor) {
        self.listeners.write(Int(record.listener), to: &cursor)
        self.routes.write(Int(record.route), to: &cursor)
        let upstream = Int(record.upstream)
        if upstream < self.upstreams.count {
            self.upstreams.write(upstream, to: &cursor)
            let endpoint = self.endpointStarts[upstream] &+ Int(record.endpoint)
            if endpoint < self.endpointStarts[upstream &+ 1] {
                self.endpoints.write(endpoint, to: &cursor)
            }
        }
        self.errorCodes.write(Int(record.errorCode), to: &cursor)
        self.rateLimits.write(Int(record.rateLimit), to: &cursor)
        if record.findingAction != .none { self.writeFinding(record, to: &cursor) }
        if record.abuseSign != ExchangeRecord.noAbuseSign { self.writeAbuse(record, to: &cursor) }
    }

    private func writeFinding(_ record: borrowing ExchangeRecord, to cursor: inout ByteCursor) {
        self.findings.write(Int(record.finding), to: &cursor)
        cursor.write(",\"finding_score\":")
        cursor.writeDecimal(UInt64(record.findingScore))
        cursor.write(record.findingAction == .blocked ? Self.blocked : Self.reported)
    }

    private func writeAbuse(_ record: borrowing ExchangeRecord, to cursor: inout ByteCursor) {
        self.abuseSigns.write(Int(record.abuseSign), to: &cursor)
        cursor.write(",\"abuse_points\":")
        cursor.writeDecimal(UInt64(record.abusePoints))
        switch record.abuseAction {
        case .none: break
        case .reported: cursor.write(",\"abuse_action\":\"reported\"")
        case .blocked: cursor.write(",\"abuse_action\":\"blocked\"")
        }
    }

    private static let blocked: StaticString = ",\"finding_action\":\"blocked\""
    private static let reported: StaticString = ",\"finding_action\":\"reported\""

    private static func write(
        _ key: StaticString, _ value: Span<UInt8>, to cursor: inout ByteCursor
    ) {
        guard !value.isEmpty else { return }
        cursor.write(key)
        JSONText.write(value, to: &cursor)
        cursor.writeByte(UInt8(ascii: "\""))
    }

    // MARK: Common log format

    private func writeCommon(
        _ record: borrowing ExchangeRecord, _ fields: borrowing AccessLogFields,
        to cursor: inout ByteCursor
    ) {
        Self.writeCommon(fields.client, to: &cursor)
        cursor.write(" - - [")
        self.time.write(to: &cursor)
        cursor.write("] \"")
        Self.writeCommon(fields.bytes(fields.method), to: &cursor)
        cursor.writeByte(UInt8(ascii: " "))
        Self.writeCommon(fields.bytes(fields.path), to: &cursor)
        if self.showsQuery, !fields.query.isEmpty {
            cursor.writeByte(UInt8(ascii: "?"))
            Self.writeEscaped(fields.bytes(fields.query), to: &cursor)
        }
        switch record.protocolVersion {
        case .http10: cursor.write(" HTTP/1.0\" ")
        case .http11: cursor.write(" HTTP/1.1\" ")
        case .http2: cursor.write(" HTTP/2\" ")
        case .tcp: cursor.write(" TCP\" ")
        }
        cursor.writeDecimal(UInt64(record.status))
        cursor.writeByte(UInt8(ascii: " "))
        cursor.writeDecimal(record.bytesSent)
        cursor.writeByte(10)
    }

    /// Writes a field of the common format, `-` when it is empty.
    private static func writeCommon(_ value: Span<UInt8>, to cursor: inout ByteCursor) {
        if value.isEmpty {
            cursor.writeByte(UInt8(ascii: "-"))
        } else {
            self.writeEscaped(value, to: &cursor)
        }
    }

    /// As Apache does: quotes, backslashes and all but visible ASCII as `\xHH`.
    ///
    /// A space is escaped as well; it would split the field.
    private static func writeEscaped(_ value: Span<UInt8>, to cursor: inout ByteCursor) {
        var start = 0
        for index in value.indices {
            let byte = value[index]
            if byte &- 0x21 < 0x5e, byte != 0x22, byte != 0x5c { continue }
            cursor.write(value.extracting(start..<index))
            cursor.write("\\x")
            cursor.writeByte(JSONText.hexDigit(byte &>> 4))
            cursor.writeByte(JSONText.hexDigit(byte & 15))
            start = index &+ 1
        }
        cursor.write(value.extracting(start..<value.count))
    }
}
