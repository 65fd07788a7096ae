import MartletHTTP
import Testing

/// A request as HPACK brings it, completed.
struct CompletedRequest {
    typealias Outcome = HTTP2RequestHead.Outcome

    let head = RequestHead()
    var decoding: HPACKDecoder.Outcome
    var outcome: Outcome?

    init(
        _ fields: [(String, String)], endStream: Bool = true, allowsConnectProtocol: Bool = false,
        limits: HeadLimits = DecodedBlock.limits
    ) {
        var decoder = HPACKDecoder()
        var pseudo = HTTP2PseudoFields()
        let block = plainBlock(fields)
        self.decoding = decoder.decode(
            block.span, into: &self.head.headers, pseudo: &pseudo, limits: limits,
            isTrailers: false)
        guard self.decoding == .complete else { return }
        self.outcome = HTTP2RequestHead.complete(
            self.head, pseudo: pseudo, endStream: endStream, limits: limits,
            allowsConnectProtocol: allowsConnectProtocol)
    }

    /// Pseudo fields that make a request, some of them changed (to `nil`: left out), and fields.
    init(
        _ changes: KeyValuePairs<String, String?>, _ fields: [(String, String)] = [],
        endStream: Bool = true, allowsConnectProtocol: Bool = false
    ) {
        var pseudo: [(String, String?)] = [
            (":method", "GET"), (":scheme", "https"), (":authority", "a.example"), (":path", "/"),
        ]
        for (name, value) in changes {
            if let index = pseudo.firstIndex(where: { $0.0 == name }) {
                pseudo[index].1 = value
            } else {
                pseudo.append((name, value))
            }
        }
        let given = pseudo.compactMap { name, value in value.map { (name, $0) } }
        self.init(
            given + fields, endStream: endStream, allowsConnectProtocol: allowsConnectProtocol)
    }

    func text(_ range: ByteRange) -> String { self.head.headers.text(range) }
    var path: String { self.text(self.head.path) }
    var host: String { self.text(self.head.host) }
    var authority: String { self.text(self.head.authority) }
    var lines: [String] { HeaderLines.text(self.head.headers) }
}

@Suite struct HTTP2RequestHeadTests {
    @Test func aRequestIsTheSameAsOverHTTP1() {
        let request = CompletedRequest(
            [
                (":method", "GET"), (":scheme", "https"), (":path", "/a/%7eb?c=d"),
                (":authority", "A.Example:8443"), ("accept", "*/*"), ("x-a", "b"),
            ])
        #expect(request.outcome == .complete)
        #expect(request.head.method == .get)
        #expect(request.text(request.head.methodBytes) == "GET")
        #expect(request.path == "/a/~b")
        #expect(request.head.hasQuery)
        #expect(request.text(request.head.query) == "c=d")
        #expect(request.authority == "a.example:8443")
        #expect(request.host == "a.example")
        #expect(request.head.framing == .none)
        #expect(request.head.minorVersion == 1)
        #expect(request.head.isHTTP2)
        #expect(request.lines == ["host: A.Example:8443", "accept: */*", "x-a: b"])
    }

    @Test func aHeadIsAsNewAfterReset() {
        let request = CompletedRequest(
            [":method": "CONNECT", ":protocol": "websocket"], endStream: false,
            allowsConnectProtocol: true)
        #expect(request.outcome == .complete)
        request.head.reset()
        #expect(!request.head.isHTTP2)
        #expect(request.head.connectProtocol == .empty)
    }

    // MARK: Pseudo fields

    static let pseudoFields: [(KeyValuePairs<String, String?>, CompletedRequest.Outcome)] = [
        ([:], .complete),
        ([":method": "PURGE"], .complete),
        ([":method": "get"], .complete),
        ([":scheme": "http"], .complete),
        ([":scheme": "HTTPS"], .complete),
        ([":path": "/a?b"], .complete),
        ([":path": "*", ":method": "OPTIONS"], .complete),
        ([":method": nil], .failed(.pseudoFieldMissing)),
        ([":scheme": nil], .failed(.pseudoFieldMissing)),
        ([":path": nil], .failed(.pseudoFieldMissing)),
        ([":authority": nil], .failedTarget(.missingHost)),
        ([":method": ""], .failed(.pseudoFieldMalformed)),
        ([":method": "GET / HTTP/1.1"], .failed(.pseudoFieldMalformed)),
        ([":method": "GE T"], .failed(.pseudoFieldMalformed)),
        ([":method": "GET:"], .failed(.pseudoFieldMalformed)),
        ([":path": ""], .failed(.pseudoFieldMalformed)),
        ([":path": "a"], .failed(.pseudoFieldMalformed)),
        ([":path": "?a"], .failed(.pseudoFieldMalformed)),
        ([":path": "*"], .failed(.pseudoFieldMalformed)),
        ([":path": "**", ":method": "OPTIONS"], .failed(.pseudoFieldMalformed)),
        ([":path": "http://a.example/"], .failed(.pseudoFieldMalformed)),
        ([":path": "/ HTTP/1.1"], .failedTarget(.invalidByte)),
        ([":path": "/a b"], .failedTarget(.invalidByte)),
        ([":path": "/a?b c"], .failedTarget(.invalidByte)),
        ([":path": "/a#b"], .failedTarget(.fragment)),
        ([":path": "/\u{e9}"], .failedTarget(.invalidByte)),
        ([":path": "/%zz"], .failedTarget(.invalidPercentEncoding)),
        ([":path": "/../a"], .failedTarget(.aboveRoot)),
        ([":scheme": "ftp"], .failedTarget(.unsupportedScheme)),
        ([":scheme": ""], .failedTarget(.unsupportedScheme)),
        ([":scheme": "https://a"], .failedTarget(.unsupportedScheme)),
        ([":authority": ""], .failedTarget(.invalidAuthority)),
        ([":authority": "u@a.example"], .failedTarget(.userinfo)),
        ([":authority": "a b"], .failedTarget(.invalidAuthority)),
        ([":authority": "a.example/b"], .failedTarget(.invalidAuthority)),
        ([":authority": "a:99999"], .failedTarget(.invalidAuthority)),
        ([":status": "200"], .failed(.pseudoFieldUnknown)),
        ([":protocol": "websocket"], .failed(.pseudoFieldUnknown)),
        (
            [":protocol": "websocket", ":method": "CONNECT"],
            .failed(.pseudoFieldUnknown)
        ),
    ]

    @Test(arguments: pseudoFields.indices)
    func pseudoField(index: Int) {
        let (changes, outcome) = Self.pseudoFields[index]
        #expect(CompletedRequest(changes).outcome == outcome, "\(changes)")
    }

    @Test(arguments: [
        (":path", "/\r\nx: y"), (":path", "/\n"), (":path", "/\u{0}"), (":method", "GET\r\n"),
        (":authority", "a\r\nb: c"), (":scheme", "https\n"), ("x-a", "b\r\n\r\nGET / HTTP/1.1"),
    ])
    func lineEndsComeThroughNowhere(name: String, value: String) {
        let request = CompletedRequest(
            [
                (":method", "GET"), (":scheme", "https"), (":path", "/"),
            ].filter { $0.0 != name } + [(name, value)])
        #expect(request.decoding == .malformed(.forbiddenByteInValue))
    }

    @Test func theRequestLineIsBounded() {
        let limits = HeadLimits(startLineBytesMax: 20, headBytesMax: 1000, fieldCountMax: 10)
        for (count, outcome) in [
            (7, CompletedRequest.Outcome.complete), (8, .failed(.requestLineTooLong)),
        ] {
            let path = "/" + String(repeating: "a", count: count - 1)
            let request = CompletedRequest(
                [
                    (":method", "GET"), (":scheme", "https"), (":path", path),
                    (":authority", "a.example"),
                ], limits: limits)
            #expect(request.outcome == outcome)
            #expect("GET \(path) HTTP/1.1".utf8.count == (count == 7 ? 20 : 21))
        }
    }

    // MARK: Host

    static let hosts: [(String?, [String], CompletedRequest.Outcome, String)] = [
        ("a.example", [], .complete, "a.example"),
        ("a.example", ["a.example"], .complete, "a.example"),
        ("A.example", ["a.EXAMPLE"], .complete, "A.example"),
        ("a.example:443", ["a.example"], .complete, "a.example:443"),
        (nil, ["a.example"], .complete, "a.example"),
        ("a.example", ["b.example"], .failedTarget(.hostMismatch), ""),
        ("a.example", ["a.example:80"], .failedTarget(.hostMismatch), ""),
        ("a.example", ["a.example."], .failedTarget(.hostMismatch), ""),
        ("a.example", [""], .failedTarget(.invalidHost), ""),
        ("a.example", ["a.example", "a.example"], .failedTarget(.repeatedHost), ""),
        (nil, ["a.example", "a.example"], .failedTarget(.repeatedHost), ""),
        (nil, ["a.example b"], .failedTarget(.invalidHost), ""),
        (nil, [], .failedTarget(.missingHost), ""),
    ]

    /// One Host line goes on over HTTP/1, before all others, and it is what was routed by.
    @Test(arguments: hosts)
    func host(
        authority: String?, fields: [String], outcome: CompletedRequest.Outcome, line: String
    ) {
        let request = CompletedRequest(
            [":authority": authority], [("x-a", "b")] + fields.map { ("host", $0) })
        #expect(request.outcome == outcome)
        guard outcome == .complete else { return }
        let lines = request.lines.filter { $0.hasPrefix("host:") }
        #expect(lines == ["host: \(line)"])
        #expect(request.authority == line.lowercased())
        if authority != nil { #expect(request.lines.first == "host: \(line)") }
    }

    // MARK: CONNECT

    static let connects: [(KeyValuePairs<String, String?>, CompletedRequest.Outcome)] = [
        ([":scheme": nil, ":path": nil, ":authority": "a.example:443"], .complete),
        ([":scheme": nil, ":path": nil], .failedTarget(.connectWithoutAuthority)),
        (
            [":scheme": nil, ":path": nil, ":authority": "u@a.example:1"],
            .failedTarget(.connectWithoutAuthority)
        ),
        ([":scheme": nil, ":path": nil, ":authority": nil], .failed(.pseudoFieldMissing)),
        ([":path": nil, ":authority": "a.example:443"], .failed(.pseudoFieldUnknown)),
        ([":scheme": nil, ":authority": "a.example:443"], .failed(.pseudoFieldUnknown)),
        ([":protocol": "websocket"], .complete),
        ([":protocol": ""], .failed(.pseudoFieldMalformed)),
        ([":protocol": "web socket"], .failed(.pseudoFieldMalformed)),
        ([":protocol": "websocket", ":scheme": nil], .failed(.pseudoFieldMissing)),
        ([":protocol": "websocket", ":path": nil], .failed(.pseudoFieldMissing)),
        ([":protocol": "websocket", ":authority": nil], .failed(.pseudoFieldMissing)),
        ([":protocol": "websocket", ":method": "GET"], .failed(.pseudoFieldUnknown)),
    ]

    @Test(arguments: connects.indices)
    func connect(index: Int) {
        let (changes, outcome) = Self.connects[index]
        var all: [(String, String?)] = [(":method", "CONNECT")]
        all += changes.map { ($0.key, $0.value) }
        let pseudo = [":method", ":scheme", ":authority", ":path", ":protocol"].compactMap { name in
            let defaults = [
                ":scheme": "https", ":authority": "a.example", ":path": "/chat",
            ]
            let change = all.last { $0.0 == name }
            let value = change.map(\.1) ?? defaults[name]
            return value.map { (name, $0) }
        }
        let request = CompletedRequest(
            pseudo, endStream: false, allowsConnectProtocol: true)
        #expect(request.outcome == outcome, "\(changes)")
        guard outcome == .complete else { return }
        #expect(request.head.method == .connect)
        let isExtended = pseudo.contains { $0.0 == ":protocol" }
        #expect(request.text(request.head.connectProtocol) == (isExtended ? "websocket" : ""))
        #expect(request.path == (isExtended ? "/chat" : "/"))
        #expect(request.host == "a.example")
    }

    // MARK: Body

    static let bodies: [(String, [String], Bool, Result<BodyFraming, MessageError>)] = [
        ("GET", [], true, .success(.none)),
        ("GET", [], false, .success(.chunked)),
        ("GET", ["0"], true, .success(.length(0))),
        ("POST", [], true, .success(.length(0))),
        ("PUT", [], true, .success(.length(0))),
        ("PATCH", [], true, .success(.length(0))),
        ("DELETE", [], true, .success(.none)),
        ("POST", [], false, .success(.chunked)),
        ("POST", ["5"], false, .success(.length(5))),
        ("POST", ["0"], false, .success(.length(0))),
        ("POST", ["0"], true, .success(.length(0))),
        ("POST", ["5"], true, .failure(.contentLengthMismatch)),
        ("GET", ["1"], true, .failure(.contentLengthMismatch)),
        ("POST", ["5", "5"], false, .failure(.contentLengthRepeated)),
        ("POST", ["+5"], false, .failure(.contentLengthMalformed)),
        ("POST", ["5, 5"], false, .failure(.contentLengthMalformed)),
        ("POST", ["-1"], false, .failure(.contentLengthMalformed)),
        ("POST", ["0x5"], false, .failure(.contentLengthMalformed)),
        ("POST", [""], false, .failure(.contentLengthMalformed)),
        ("POST", ["9999999999999999999"], false, .failure(.contentLengthMalformed)),
    ]

    @Test(arguments: bodies.indices)
    func body(index: Int) {
        let (method, lengths, endStream, framing) = Self.bodies[index]
        let request = CompletedRequest(
            [":method": method], lengths.map { ("content-length", $0) }, endStream: endStream)
        switch framing {
        case .success(let framing):
            #expect(request.outcome == .complete)
            #expect(request.head.framing == framing)
        case .failure(let error): #expect(request.outcome == .failed(error))
        }
    }

    @Test func expectations() {
        #expect(CompletedRequest([:], [("expect", "100-continue")]).outcome == .complete)
        #expect(
            CompletedRequest([:], [("expect", "a")]).outcome == .failed(.expectationUnknown))
    }

    // MARK: Cookies

    @Test(arguments: [
        (["a=b"], "a=b"), (["a=b", "c=d"], "a=b; c=d"), (["a=b; c=d", "e=f"], "a=b; c=d; e=f"),
        (["a", "b", "c", "d"], "a; b; c; d"), (["a", "", "b", ""], "a; b"),
    ])
    func crumbsAreJoined(crumbs: [String], cookie: String) {
        let fields = [("x-a", "1")] + crumbs.flatMap { [("cookie", $0), ("x-b", "2")] }
        let request = CompletedRequest([:], fields)
        #expect(request.outcome == .complete)
        #expect(request.lines.filter { $0.hasPrefix("cookie") } == ["cookie: \(cookie)"])
        #expect(request.lines[..<3] == ["host: a.example", "x-a: 1", "cookie: \(cookie)"])
        #expect(request.lines.count == 3 + crumbs.count)
    }
}
