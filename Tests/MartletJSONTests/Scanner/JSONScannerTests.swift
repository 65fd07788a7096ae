import MartletJSON
import Testing

@Suite struct JSONScannerTests {
    /// Kinds of all tokens, or the reason and place of the failure.
    static func scan(_ text: [UInt8], limits: JSONLimits = JSONLimits()) -> String {
        var scanner = JSONScanner(limits: limits)
        var kinds: [String] = []
        while true {
            let token = scanner.next(text.span, isComplete: true)
            switch token.kind {
            case .end: return kinds.joined(separator: " ")
            case .failed: return scanner.error.map { "\($0.reason) \($0.offset)" } ?? "no error"
            case .needsMore: return "needs more"
            default: kinds.append("\(token.kind)")
            }
        }
    }

    static let texts: [(String, String)] = [
        ("null", "null"),
        (" true ", "true"),
        ("\t\r\nfalse", "false"),
        ("0", "number"), ("-0", "number"), ("-0.0e-0", "number"), ("1E+2", "number"),
        ("10.01", "number"), ("123456789012345678901234567890", "number"),
        ("\"\"", "string"), ("\"a\u{7f}\"", "string"), ("\"\\u0000\"", "string"),
        ("\"\\ud83d\\ude00\"", "string"), ("\"\\uD83D\\uDE00\"", "string"),
        ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "string"),
        ("[]", "beginArray endArray"), ("[ ]", "beginArray endArray"),
        ("{}", "beginObject endObject"), ("{ }", "beginObject endObject"),
        ("[1,\"a\"]", "beginArray number string endArray"),
        (
            "{\"a\":{\"b\":[]}}",
            "beginObject key beginObject key beginArray endArray endObject endObject"
        ),
        // What is none.
        ("", "unexpectedEnd 0"), (" ", "unexpectedEnd 1"), ("nul", "unexpectedEnd 3"),
        ("nulL", "invalidLiteral 0"), ("True", "unexpectedByte 0"), ("'a'", "unexpectedByte 0"),
        ("NaN", "unexpectedByte 0"), ("Infinity", "unexpectedByte 0"), ("+1", "unexpectedByte 0"),
        (".5", "unexpectedByte 0"), ("-", "unexpectedEnd 1"), ("-a", "invalidNumber 0"),
        ("01", "invalidNumber 0"), ("-01", "invalidNumber 0"), ("1.", "unexpectedEnd 2"),
        ("1.e1", "invalidNumber 0"), ("1e", "unexpectedEnd 2"), ("1e+", "unexpectedEnd 3"),
        ("1e+a", "invalidNumber 0"), ("1x", "trailingBytes 1"), ("0x10", "trailingBytes 1"),
        ("1e1234567890", "exponentTooLarge 0"), ("1 2", "trailingBytes 2"),
        ("null,", "trailingBytes 4"), ("[]]", "trailingBytes 2"), ("[1,]", "unexpectedByte 3"),
        ("[,1]", "unexpectedByte 1"), ("[1 2]", "unexpectedByte 3"), ("[1}", "unexpectedByte 2"),
        ("{]", "unexpectedByte 1"), ("{\"a\"}", "unexpectedByte 4"),
        ("{\"a\":}", "unexpectedByte 5"),
        ("{\"a\":1,}", "unexpectedByte 7"), ("{a:1}", "unexpectedByte 1"),
        ("{1:1}", "unexpectedByte 1"), ("{\"a\" 1}", "unexpectedByte 5"),
        ("{\"a\"::1}", "unexpectedByte 5"), ("[\"a\":1]", "unexpectedByte 4"),
        ("[1,,2]", "unexpectedByte 3"), (":", "unexpectedByte 0"), (",", "unexpectedByte 0"),
        ("[", "unexpectedEnd 1"), ("{\"a\":1", "unexpectedEnd 6"), ("}", "unexpectedByte 0"),
        ("/**/1", "unexpectedByte 0"), ("\u{b}1", "unexpectedByte 0"),
        ("\u{a0}1", "unexpectedByte 0"),
        ("\u{feff}1", "byteOrderMark 0"), ("1\0", "unexpectedByte 1"),
        ("\"", "unexpectedEnd 1"), ("\"a", "unexpectedEnd 2"), ("\"\\", "unexpectedEnd 1"),
        ("\"\\\"", "unexpectedEnd 3"), ("\"\n\"", "controlInString 1"),
        ("\"\0\"", "controlInString 1"),
        ("\"\\a\"", "invalidEscape 1"), ("\"\\'\"", "invalidEscape 1"),
        ("\"\\U0041\"", "invalidEscape 1"),
        ("\"\\u00g0\"", "invalidEscape 1"), ("\"\\u12\"", "invalidEscape 1"),
        ("\"\\ud800\"", "loneSurrogate 1"), ("\"\\udc00\"", "loneSurrogate 1"),
        ("\"\\ud800a\"", "loneSurrogate 1"), ("\"\\ud800\\n\"", "loneSurrogate 1"),
        ("\"\\ud800\\ud800\"", "loneSurrogate 1"), ("\"\\ud800\\u0041\"", "loneSurrogate 1"),
        ("{\"\\udfff\":1}", "loneSurrogate 2"),
    ]

    @Test(arguments: texts)
    func scans(text: String, expected: String) {
        #expect(Self.scan(Array(text.utf8)) == expected, "\(text)")
    }

    static let invalidUTF8: [[UInt8]] = [
        [0x80], [0xbf], [0xc0, 0xaf], [0xc1, 0xbf], [0xc3], [0xc3, 0x28], [0xe0, 0x80, 0xaf],
        [0xe0, 0x9f, 0xbf], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf0, 0x8f, 0xbf, 0xbf],
        [0xf0, 0x9f, 0x98], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80],
        [0xf8, 0x88, 0x80, 0x80, 0x80], [0xff], [0xfe],
    ]

    @Test(arguments: invalidUTF8)
    func refusesWhatIsNotUTF8(sequence: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        for before in ["", "12345678", "ä"] {
            let start = [quote] + Array(before.utf8)
            let expected = "invalidUTF8 \(start.count)"
            #expect(Self.scan(start + sequence + [quote]) == expected)
            #expect(Self.scan(start + sequence + Array("next".utf8) + [quote]) == expected)
        }
    }

    // MARK: - Limits

    enum Limit {
        case bytes, depth, nodeCount, stringBytes, keyBytes, numberBytes, memberCount, elementCount

        func limits(_ value: Int) -> JSONLimits {
            var limits = JSONLimits()
            switch self {
            case .bytes: limits.bytesMax = value
            case .depth: limits.depthMax = value
            case .nodeCount: limits.nodeCountMax = value
            case .stringBytes: limits.stringBytesMax = value
            case .keyBytes: limits.keyBytesMax = value
            case .numberBytes: limits.numberBytesMax = value
            case .memberCount: limits.memberCountMax = value
            case .elementCount: limits.elementCountMax = value
            }
            return limits
        }
    }

    static let limits: [(String, Limit, Int, String)] = [
        ("[[]]", .depth, 2, "beginArray beginArray endArray endArray"),
        ("[[]]", .depth, 1, "tooDeep 1"), ("1", .depth, 0, "number"),
        ("[1,2]", .bytes, 5, "beginArray number number endArray"),
        ("[1,2]", .bytes, 4, "tooManyBytes 4"),
        ("[1,2]", .nodeCount, 3, "beginArray number number endArray"),
        ("[1,2]", .nodeCount, 2, "tooManyNodes 3"),
        ("[1,[]]", .nodeCount, 2, "tooManyNodes 3"),
        ("{\"a\":1}", .nodeCount, 2, "tooManyNodes 5"),
        ("[1,2]", .elementCount, 2, "beginArray number number endArray"),
        ("[1,2]", .elementCount, 1, "tooManyElements 2"),
        ("{\"a\":1}", .memberCount, 1, "beginObject key number endObject"),
        ("{\"a\":1,\"b\":2}", .memberCount, 1, "tooManyMembers 6"),
        ("\"abc\"", .stringBytes, 3, "string"), ("\"abc\"", .stringBytes, 2, "stringTooLong 1"),
        ("{\"abc\":0}", .keyBytes, 3, "beginObject key number endObject"),
        ("{\"abc\":0}", .keyBytes, 2, "keyTooLong 2"),
        ("{\"a\":\"abc\"}", .keyBytes, 2, "beginObject key string endObject"),
        ("123", .numberBytes, 3, "number"), ("123", .numberBytes, 2, "numberTooLong 0"),
    ]

    @Test(arguments: limits)
    func keepsLimits(
        text: String, limit: Limit, value: Int,
        expected: String
    ) {
        #expect(
            Self.scan(Array(text.utf8), limits: limit.limits(value)) == expected, "\(text)")
    }

    @Test func hostileNestingIsRefusedAtItsLimit() {
        for opening in ["[", "{\"a\":", "[{\"a\":"] {
            let text = Array(String(repeating: opening, count: 1_000_000).utf8)
            var limits = JSONLimits()
            limits.bytesMax = .max
            limits.nodeCountMax = .max
            limits.depthMax = .max
            #expect(Self.scan(text, limits: limits).hasPrefix("tooDeep "))
        }
    }

    @Test func aFailureStays() {
        var scanner = JSONScanner()
        let bad = Array("[}".utf8)
        _ = scanner.next(bad.span, isComplete: true)
        #expect(scanner.next(bad.span, isComplete: true).kind == .failed)
        let good = Array("[]".utf8)
        #expect(scanner.next(good.span, isComplete: true).kind == .failed)
        scanner.reset()
        #expect(scanner.error == nil)
        #expect(scanner.next(good.span, isComplete: true).kind == .beginArray)
    }

    // MARK: - In pieces

    /// The tokens of a text that arrives byte by byte.
    static func scanInPieces(_ text: [UInt8]) -> String {
        var scanner = JSONScanner()
        var kinds: [String] = []
        for count in 0...text.count {
            reading: while true {
                let token = scanner.next(
                    text.span.extracting(first: count), isComplete: count == text.count)
                switch token.kind {
                case .end: return kinds.joined(separator: " ")
                case .failed: return scanner.error.map { "\($0.reason) \($0.offset)" } ?? "no error"
                case .needsMore: break reading
                default: kinds.append("\(token.kind)")
                }
            }
        }
        return "needs more"
    }

    @Test(arguments: texts)
    func readsPiecesAsTheWhole(text: String, expected: String) {
        #expect(Self.scanInPieces(Array(text.utf8)) == expected, "\(text)")
    }

    @Test func aLongTextInPiecesIsRefusedBeforeItsEnd() {
        var limits = JSONLimits()
        limits.stringBytesMax = 10
        limits.numberBytesMax = 10
        for text in ["\"aaaaaaaaaaaa", "123456789012"] {
            var scanner = JSONScanner(limits: limits)
            let bytes = Array(text.utf8)
            #expect(scanner.next(bytes.span, isComplete: false).kind == .failed, "\(text)")
            #expect(scanner.error?.isLimit == true)
        }
    }

    /// A string that arrives byte by byte is looked at once, not once a byte.
    @Test func aStringInManyPiecesCostsNoMoreThanItsLength() {
        var limits = JSONLimits()
        limits.bytesMax = 1 << 22
        limits.stringBytesMax = 1 << 22
        var scanner = JSONScanner(limits: limits)
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 17)
        let whole = [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
        // Quadratic, it would look at 2^33 bytes.
        for count in 1..<whole.count {
            let token = scanner.next(whole.span.extracting(first: count), isComplete: false)
            guard token.kind == .needsMore else {
                Issue.record("\(token.kind) at \(count)")
                return
            }
        }
        let token = scanner.next(whole.span, isComplete: true)
        #expect(token.kind == .string)
        #expect(token.count == text.count)
    }
}
