/// Writes field blocks (RFC 7541) into heads that are being written, without a dynamic table and
/// without Huffman coding: what a proxy passes on it has seen once, and copying is cheapest.
///
/// Owned by a connection, for its sending side; the state is one bit. Names come out in lower case
/// (RFC 9113 §8.2).
package struct HPACKEncoder: Sendable, BitwiseCopyable {
    /// What the peer takes the dynamic table's size to be.
    private var tableBytesMax = HPACKDecoder.tableBytesMaxFirst
    /// The next block must say that the table is empty.
    private var resizes = false

    package init() {}

    /// The peer has announced this SETTINGS_HEADER_TABLE_SIZE.
    ///
    /// Even who uses no table has to follow a reduction (RFC 7541 §4.2).
    package mutating func tableBytesMaxAnnounced(_ bytesMax: Int) {
        if bytesMax < self.tableBytesMax { self.resizes = true }
    }

    /// Begins a field block; each has to be begun, and sent in the order in which they were.
    package mutating func beginBlock(to cursor: inout ByteCursor) {
        guard self.resizes else { return }
        cursor.writeByte(0x20)
        self.resizes = cursor.isOverfull
        if !self.resizes { self.tableBytesMax = 0 }
    }

    // MARK: Pseudo fields

    /// `:status`, which comes before all other fields of a response.
    package static func writeStatus(_ status: UInt16, to cursor: inout ByteCursor) {
        switch status {
        case 200: cursor.writeByte(0x88)
        case 204: cursor.writeByte(0x89)
        case 206: cursor.writeByte(0x8a)
        case 304: cursor.writeByte(0x8b)
        case 400: cursor.writeByte(0x8c)
        case 404: cursor.writeByte(0x8d)
        case 500: cursor.writeByte(0x8e)
        default:
            cursor.writeByte(0x08)
            cursor.writeByte(3)
            cursor.writeByte(UInt8(truncatingIfNeeded: 0x30 + status / 100 % 10))
            cursor.writeByte(UInt8(truncatingIfNeeded: 0x30 + status / 10 % 10))
            cursor.writeByte(UInt8(truncatingIfNeeded: 0x30 + status % 10))
        }
    }

    /// `:method`, `:scheme`, `:authority` and `:path` of a request that is passed on.
    ///
    /// - `authority`: what goes in the place of Host; the Host field is not written.
    package static func writeRequest(
        _ head: RequestHead, authority: Span<UInt8>, isSecure: Bool, to cursor: inout ByteCursor
    ) {
        self.writeMethod(head, to: &cursor)
        self.writeTarget(head, authority: authority, isSecure: isSecure, to: &cursor)
    }

    private static func writeTarget(
        _ head: RequestHead, authority: Span<UInt8>, isSecure: Bool, to cursor: inout ByteCursor
    ) {
        cursor.writeByte(isSecure ? 0x87 : 0x86)
        self.writeName(index: 1, to: &cursor)
        self.writeString(authority, to: &cursor)
        if !head.hasQuery, head.headers.isSlash(head.path) {
            cursor.writeByte(0x84)
            return
        }
        self.writeName(index: 4, to: &cursor)
        let queryCount = head.hasQuery ? Int(head.query.count) + 1 : 0
        self.writeStringCount(Int(head.path.count) + queryCount, to: &cursor)
        cursor.write(head.path, of: head.headers)
        if head.hasQuery {
            cursor.writeByte(UInt8(ascii: "?"))
            cursor.write(head.query, of: head.headers)
        }
    }

    /// An extended CONNECT (RFC 8441 §4): what HTTP/1.1 would write as an upgrade.
    package static func writeExtendedConnect(
        _ head: RequestHead, protocol: StaticString, authority: Span<UInt8>, isSecure: Bool,
        to cursor: inout ByteCursor
    ) {
        self.writeName(index: 2, to: &cursor)
        self.writeStringCount(7, to: &cursor)
        cursor.write("CONNECT")
        cursor.writeByte(0)
        self.writeStringCount(9, to: &cursor)
        cursor.write(":protocol")
        self.writeStringCount(`protocol`.utf8CodeUnitCount, to: &cursor)
        cursor.write(`protocol`)
        self.writeTarget(head, authority: authority, isSecure: isSecure, to: &cursor)
    }

    private static func writeMethod(_ head: RequestHead, to cursor: inout ByteCursor) {
        switch head.method {
        case .get: cursor.writeByte(0x82)
        case .post: cursor.writeByte(0x83)
        default:
            self.writeName(index: 2, to: &cursor)
            self.writeStringCount(Int(head.methodBytes.count), to: &cursor)
            cursor.write(head.methodBytes, of: head.headers)
        }
    }

    // MARK: Fields

    /// Every field that was not removed, but for those that HTTP/2 has other means for.
    ///
    /// - `excluded`: more names to leave out, a union of `HeaderName.bit`.
    package static func writeFields(
        of headers: borrowing HeaderList, excluding excluded: UInt64 = 0,
        to cursor: inout ByteCursor
    ) {
        let left = (excluded | HTTP2FieldRules.connectionSpecific) & ~HeaderName.other.bit
        for field in headers.fields {
            if field.isRemoved || field.known.bit & left != 0 { continue }
            if field.known == .other {
                cursor.writeByte(0)
                self.writeLowercased(headers.span(field.name), to: &cursor)
            } else {
                self.writeName(field.known, to: &cursor)
            }
            self.writeString(headers.span(field.value), to: &cursor)
        }
    }

    package static func writeField(
        _ known: HeaderName, value: Span<UInt8>, to cursor: inout ByteCursor
    ) {
        self.writeName(known, to: &cursor)
        self.writeString(value, to: &cursor)
    }

    /// A field whose value lies in a list's bytes.
    package static func writeField(
        _ known: HeaderName, value: ByteRange, of headers: borrowing HeaderList,
        to cursor: inout ByteCursor
    ) {
        self.writeField(known, value: headers.span(value), to: &cursor)
    }

    package static func writeField(
        _ known: HeaderName, value: StaticString, to cursor: inout ByteCursor
    ) {
        self.writeName(known, to: &cursor)
        self.writeStringCount(value.utf8CodeUnitCount, to: &cursor)
        cursor.write(value)
    }

    package static func writeField(
        name: Span<UInt8>, value: Span<UInt8>, to cursor: inout ByteCursor
    ) {
        let known = HeaderName(name)
        guard known == .other else {
            self.writeField(known, value: value, to: &cursor)
            return
        }
        cursor.writeByte(0)
        self.writeLowercased(name, to: &cursor)
        self.writeString(value, to: &cursor)
    }

    package static func writeContentLength(_ count: Int, to cursor: inout ByteCursor) {
        self.writeName(.contentLength, to: &cursor)
        var digits = 1
        var rest = count / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        self.writeStringCount(digits, to: &cursor)
        cursor.writeDecimal(count)
    }

    // MARK: Parts

    /// Values that no encoder on the way may put into a table (RFC 7541 §7.1.3).
    private static var neverIndexed: UInt64 {
        HeaderName.authorization.bit | HeaderName.proxyAuthorization.bit | HeaderName.cookie.bit
            | HeaderName.setCookie.bit
    }

    /// The name of a literal without indexing.
    @inline(__always)
    private static func writeName(_ known: HeaderName, to cursor: inout ByteCursor) {
        let pattern: UInt8 = known.bit & self.neverIndexed == 0 ? 0 : 0x10
        let index = HPACKStaticTable.index(of: known)
        guard index == 0 else {
            HPACKInteger.write(index, pattern: pattern, prefixBits: 4, to: &cursor)
            return
        }
        cursor.writeByte(pattern)
        let text = known.text
        self.writeStringCount(text.utf8CodeUnitCount, to: &cursor)
        cursor.write(text)
    }

    private static func writeName(index: Int, to cursor: inout ByteCursor) {
        HPACKInteger.write(index, pattern: 0, prefixBits: 4, to: &cursor)
    }

    @inline(__always)
    private static func writeString(_ bytes: Span<UInt8>, to cursor: inout ByteCursor) {
        self.writeStringCount(bytes.count, to: &cursor)
        cursor.write(bytes)
    }

    @inline(__always)
    private static func writeStringCount(_ count: Int, to cursor: inout ByteCursor) {
        HPACKInteger.write(count, pattern: 0, prefixBits: 7, to: &cursor)
    }

    private static func writeLowercased(_ name: Span<UInt8>, to cursor: inout ByteCursor) {
        self.writeStringCount(name.count, to: &cursor)
        cursor.writeLowercased(name)
    }
}

extension HeaderList {
    /// Whether a range is `/` alone.
    func isSlash(_ range: ByteRange) -> Bool {
        range.count == 1 && self.bytes[Int(range.start)] == UInt8(ascii: "/")
    }
}
