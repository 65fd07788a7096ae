/// What a header field's value looks like when nothing is wrong with it.
enum HeaderKind {
    case contentType
    case cookie
    case userAgent
    case referer
    case fileName
    /// Tokens, numbers, dates, weights and media types.
    case structured
    /// Client hints and fetch metadata: structured fields (RFC 8941) with quoted texts.
    case hint
    case entityTag
    /// `Bearer` and base64.
    case credential
    case other

    init(_ name: Span<UInt8>) {
        guard name.count <= WordTable.wordBytesMax else {
            self = .other
            return
        }
        var folded: [48 of UInt8] = .init(repeating: 0)
        for index in name.indices { folded[index] = TextByte.lowercased(name[index]) }
        switch Self.table.kind(of: folded.span, 0..<name.count) {
        case 1: self = .structured
        case 2: self = .entityTag
        case 3: self = .credential
        case 4: self = .userAgent
        case 5: self = .referer
        case 6: self = .cookie
        case 7: self = .contentType
        default:
            if folded.span.holds("sec-", at: 0) {
                self = .hint
            } else {
                self = Self.isFileName(name) ? .fileName : .other
            }
        }
    }

    private static let table = WordTable([
        (
            1,
            """
            accept accept-encoding accept-language accept-charset connection host cache-control \
            content-length date dnt etag expect if-modified-since if-range if-unmodified-since \
            keep-alive origin pragma priority range te traceparent transfer-encoding upgrade \
            upgrade-insecure-requests via x-forwarded-for x-forwarded-host x-forwarded-port \
            x-forwarded-proto x-real-ip x-request-id x-requested-with x-correlation-id \
            idempotency-key content-encoding content-language tracestate x-api-key x-api-version \
            x-csrf-token x-xsrf-token save-data
            """
        ),
        (2, "if-match if-none-match"), (3, "authorization"), (4, "user-agent"), (5, "referer"),
        (6, "cookie"), (7, "content-type"),
    ])

    /// `X-Filename`, `X-File-Name` and other spellings.
    private static func isFileName(_ name: Span<UInt8>) -> Bool {
        guard 9...12 ~= name.count, name.at(0) | 0x20 == UInt8(ascii: "x") else { return false }
        let wanted: StaticString = "xfilename"
        let letters = unsafe UnsafeBufferPointer(start: wanted.utf8Start, count: 9)
        var place = 0
        for index in name.indices where TextByte.isLetter(name[index]) {
            guard place < 9, unsafe TextByte.lowercased(name[index]) == letters[place] else {
                return false
            }
            place += 1
        }
        return place == 9
    }

    /// Bytes that need no look.
    ///
    /// None of them makes an attack by itself in such a field.
    var ordinary: ByteTraits {
        switch self {
        case .structured:
            [
                .upper, .space, .comma, .semicolon, .equals, .dot, .slash, .mark, .plus, .colon,
                .at,
            ]
        case .hint:
            [
                .upper, .space, .comma, .semicolon, .equals, .dot, .slash, .mark, .colon, .quote,
                .parenthesis,
            ]
        case .entityTag: [.upper, .space, .comma, .slash, .quote, .colon, .dot, .mark]
        case .contentType: [.upper, .space, .semicolon, .equals, .dot, .slash, .plus]
        case .credential: [.upper, .space, .dot, .plus, .slash, .equals, .tilde]
        case .userAgent, .referer, .cookie, .other: [.upper]
        case .fileName: .none
        }
    }

    var part: RequestPart {
        switch self {
        case .userAgent: .userAgent
        case .referer: .referer
        case .fileName: .fileName
        case .contentType: .message
        default: .header
        }
    }
}
