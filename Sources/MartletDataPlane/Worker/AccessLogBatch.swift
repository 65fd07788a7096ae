import MartletHTTP
import MartletTLS
package import MartletTelemetry

/// A worker's access-log lines until they are handed to the sink: every tick, or when many.
///
/// Confined to the worker's loop; holds at most `batchBytesMax` and one line more.
package final class AccessLogBatch {
    private static let batchBytesMax = 32 * 1024
    /// Of a usual line, so that the last one does not make the batch grow.
    private static let lineBytes = 2048

    private let sink: AccessLogSink?
    private var bytes: [UInt8] = []
    private var lineCount = 0

    /// - Parameter sink: `nil` if no access log is kept.
    package init(sink: AccessLogSink?) {
        self.sink = sink
    }

    func write(_ exchange: Exchange) {
        guard self.sink != nil else { return }
        let callers = exchange.generation.authentication.plan
        let consumer = Int(exchange.identity.consumer)
        let key = Int(exchange.identity.apiKey)
        if consumer >= 0, key >= 0 {
            let (names, keyNames) = (callers.consumerNames, callers.keyNames)
            self.write(
                exchange, head: exchange.request.headers, consumer: names.span(consumer),
                credential: keyNames.span(key))
        } else {
            let (name, credential) = (exchange.consumerName, exchange.shownCredential)
            self.write(
                exchange, head: exchange.request.headers, consumer: name.span,
                credential: credential.span)
        }
        self.lineCount += 1
        if self.bytes.count >= Self.batchBytesMax { self.handOver() }
    }

    private func write(
        _ exchange: Exchange, head: borrowing HeaderList, consumer: Span<UInt8>,
        credential: Span<UInt8>
    ) {
        let traceText = TraceText(exchange.trace)
        let clientText = exchange.origin.address.text
        let subject = exchange.clientCertificate?.subject ?? []
        let store = head.bytes.span
        var fields = AccessLogFields(
            head: store, client: clientText.span,
            requestID: store.extracting(exchange.requestID.indices), traceID: traceText.span,
            clientSubject: subject.span, consumer: consumer, credential: credential)
        fields.reason = exchange.refusal?.name
        fields.method = exchange.request.methodBytes.indices
        fields.path = exchange.receivedPath.indices
        fields.query = exchange.receivedQuery.indices
        fields.host = exchange.request.authority.indices
        fields.userAgent = (head.first(.userAgent) ?? .empty).indices
        exchange.generation.accessLogEncoder.append(exchange.record, fields, to: &self.bytes)
    }

    /// Gives the lines to the sink, which may drop them.
    package func handOver() {
        guard self.lineCount > 0, let sink = self.sink else { return }
        var full = sink.takeSpare()
        full.reserveCapacity(Self.batchBytesMax + Self.lineBytes)
        swap(&full, &self.bytes)
        sink.append(full, lineCount: self.lineCount)
        self.lineCount = 0
    }
}

/// The 32 hexadecimal digits of a trace id.
struct TraceText {
    private var bytes = InlineArray<32, UInt8>(repeating: 0x30)
    private let count: Int

    init(_ trace: TraceContext?) {
        self.count = trace == nil ? 0 : 32
        guard let trace else { return }
        for digit in 0..<16 {
            let shift = UInt64(60 - 4 * digit)
            self.bytes[digit] = Self.digit(trace.traceHigh >> shift)
            self.bytes[16 + digit] = Self.digit(trace.traceLow >> shift)
        }
    }

    private static func digit(_ value: UInt64) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: value & 15)
        return nibble < 10 ? 0x30 + nibble : 0x57 + nibble
    }

    var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { self.bytes.span.extracting(0..<self.count) }
    }
}
