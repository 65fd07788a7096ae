/// The 61 fields that both sides know (RFC 7541 Appendix A), as lines that a header list takes.
///
/// Made once, shared by every decoder.
struct HPACKStaticTable: Sendable {
    static let shared = HPACKStaticTable()
    /// The first index of the dynamic table.
    static let count = 61

    static let rows: [(name: StaticString, value: StaticString)] = [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"),
        (":path", "/index.html"), (":scheme", "http"), (":scheme", "https"), (":status", "200"),
        (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"),
        (":status", "404"), (":status", "500"), ("accept-charset", ""),
        ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""),
        ("accept", ""), ("access-control-allow-origin", ""), ("age", ""), ("allow", ""),
        ("authorization", ""), ("cache-control", ""), ("content-disposition", ""),
        ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""),
        ("date", ""), ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""),
        ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""),
        ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""),
        ("max-forwards", ""), ("proxy-authenticate", ""), ("proxy-authorization", ""),
        ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""), ("server", ""),
        ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""),
        ("user-agent", ""), ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ]

    private var bytes: [UInt8] = []
    private var starts: [Int] = []
    private var fields: [HPACKField] = []

    private init() {
        for row in Self.rows {
            let name = row.name.description.utf8
            let value = row.value.description.utf8
            var field = HTTP2FieldRules.judge(name: Array(name).span)
            field.valueCount = value.count
            field.valueFault = HTTP2FieldRules.fault(value: Array(value).span, of: field.known)
            self.starts.append(self.bytes.count)
            self.fields.append(field)
            self.bytes += Array(name) + [0x3a, 0x20] + Array(value) + [13, 10]
        }
    }

    /// The field at `index`, which is 1 to 61.
    subscript(index: Int) -> HPACKField { self.fields[index - 1] }

    /// Puts a part of a field's line, `range`, at the end of a list's bytes.
    func append(_ range: Range<Int>, of index: Int, to headers: inout HeaderList) {
        let start = self.starts[index - 1]
        headers.appendBytes(
            self.bytes.span.extracting(
                (start + range.lowerBound)..<(start + range.upperBound)))
    }

    /// The first index with this name, for an encoder; 0 if there is none.
    static func index(of known: HeaderName) -> Int {
        switch known {
        case .acceptEncoding: 16
        case .accept: 19
        case .allow: 22
        case .authorization: 23
        case .cacheControl: 24
        case .contentEncoding: 26
        case .contentLength: 28
        case .contentType: 31
        case .cookie: 32
        case .date: 33
        case .etag: 34
        case .expect: 35
        case .host: 38
        case .location: 46
        case .proxyAuthenticate: 48
        case .proxyAuthorization: 49
        case .range: 50
        case .referer: 51
        case .retryAfter: 53
        case .server: 54
        case .setCookie: 55
        case .transferEncoding: 57
        case .userAgent: 58
        case .vary: 59
        case .via: 60
        case .wwwAuthenticate: 61
        default: 0
        }
    }
}
