/// A `traceparent` (W3C Trace Context): which trace an exchange belongs to and who its parent is.
///
/// Martlet passes a trace on with a new parent id for the upstream's hop, or starts one.
package struct TraceContext: Sendable, BitwiseCopyable, Equatable {
    package var traceHigh: UInt64
    package var traceLow: UInt64
    package var parent: UInt64
    package var isSampled: Bool

    /// A new trace from random words; zeros, which mean "invalid", are avoided.
    package init(traceHigh: UInt64, traceLow: UInt64, parent: UInt64, isSampled: Bool) {
        self.traceHigh = traceHigh
        self.traceLow = traceHigh | traceLow == 0 ? 1 : traceLow
        self.parent = parent == 0 ? 1 : parent
        self.isSampled = isSampled
    }

    /// Parses `00-<32 hex>-<16 hex>-<2 hex>`, lower case, ids not all zero.
    ///
    /// Higher versions are read by their first 55 bytes, as §3.2.4 says, and written again as 00.
    package init?(parsing text: Span<UInt8>) {
        guard text.count >= 55, text[2] == UInt8(ascii: "-"), text[35] == UInt8(ascii: "-"),
            text[52] == UInt8(ascii: "-"),
            let version = Self.hex(text, 0..<2), version != 0xff,
            let traceHigh = Self.hex(text, 3..<19), let traceLow = Self.hex(text, 19..<35),
            let parent = Self.hex(text, 36..<52), let flags = Self.hex(text, 53..<55),
            traceHigh | traceLow != 0, parent != 0
        else { return nil }
        if text.count > 55 {
            guard version > 0, text[55] == UInt8(ascii: "-") else { return nil }
        }
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.parent = parent
        self.isSampled = flags & 1 != 0
    }

    /// Takes the request's trace, or starts one, and writes the upstream's `traceparent`.
    ///
    /// `tracestate` without one valid `traceparent` is dropped (§3.3: it must not be parsed then).
    ///
    /// - `random`: words for a new trace id; used only if one is started.
    /// - `parent`: random word that becomes the parent id of the upstream's hop.
    package static func apply(
        to headers: inout HeaderList, random: (UInt64, UInt64), parent: UInt64
    ) -> TraceContext {
        let received = Self.received(headers)
        if received == nil { headers.remove(.tracestate) }
        let context = TraceContext(
            traceHigh: received?.traceHigh ?? random.0,
            traceLow: received?.traceLow ?? random.1,
            parent: parent,
            isSampled: received?.isSampled ?? false)
        headers.remove(.traceparent)
        context.write(to: &headers)
        return context
    }

    /// Adds the `traceparent` field, version 00.
    package func write(to headers: inout HeaderList) {
        let open = headers.beginField(.traceparent)
        headers.appendBytes("00-")
        headers.appendHex(self.traceHigh)
        headers.appendHex(self.traceLow)
        headers.appendBytes("-")
        headers.appendHex(self.parent)
        headers.appendBytes(self.isSampled ? "-01" : "-00")
        headers.endField(open)
    }

    /// What the only `traceparent` says; two of them are as good as none.
    private static func received(_ headers: borrowing HeaderList) -> TraceContext? {
        guard headers.presence & HeaderName.traceparent.bit != 0 else { return nil }
        var found: ByteRange?
        for field in headers.fields where field.known == .traceparent && !field.isRemoved {
            guard found == nil else { return nil }
            found = field.value
        }
        guard let found else { return nil }
        return TraceContext(parsing: headers.span(found))
    }

    private static func hex(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var value: UInt64 = 0
        for index in range {
            let byte = text[index]
            guard let digit = ByteClass.hexValue(byte), !(0x41...0x46 ~= byte) else { return nil }
            value = value << 4 | UInt64(digit)
        }
        return value
    }
}
