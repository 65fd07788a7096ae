import Foundation
import MartletConfig
import MartletDataPlane
import MartletJSON
import MartletTestSupport
import Testing

@Suite struct RequestValidationPolicyTests {
    // MARK: Fields

    private func problem(
        _ value: String, _ change: (inout FieldRuleConfig) -> Void
    ) throws -> FieldRule.Problem? {
        var config = FieldRuleConfig()
        config.name = "a"
        change(&config)
        var matcher = RegularExpressionMatcher()
        return try FieldRule(config).problem(with: Array(value.utf8).span, using: &matcher)
    }

    @Test(
        arguments: [
            ("0", nil), ("-7", nil), ("100", nil), ("101", .tooLarge), ("-8", .tooSmall),
            ("01", .notNumber), ("1.0", .notInteger), ("1e2", .notInteger), ("", .notNumber),
            ("-", .notNumber), ("+1", .notNumber), (" 1", .notNumber), ("0x1", .notNumber),
            ("1_000", .notNumber), ("١", .notNumber), ("999999999999999999999999", .tooLarge),
            ("-999999999999999999999999", .tooSmall),
        ] as [(String, FieldRule.Problem?)])
    func integers(value: String, expected: FieldRule.Problem?) throws {
        let found = try self.problem(value) {
            $0.type = .integer
            $0.minimum = -7
            $0.maximum = 100
        }
        #expect(found == expected)
    }

    @Test(
        arguments: [
            ("1.5", nil), ("1.50001", .tooLarge), ("1e-9", nil), ("1e9999999999", .notNumber),
            ("1.", .notNumber), (".5", .notNumber), ("NaN", .notNumber), ("-0.0", nil),
        ] as [(String, FieldRule.Problem?)])
    func numbers(value: String, expected: FieldRule.Problem?) throws {
        let found = try self.problem(value) {
            $0.type = .number
            $0.maximum = 1
            $0.minimum = 0
        }
        #expect(found == (value == "1.5" || value == "1.50001" ? .tooLarge : expected))
    }

    @Test func otherRules() throws {
        #expect(try self.problem("yes") { $0.type = .boolean } == .notBoolean)
        #expect(try self.problem("true") { $0.type = .boolean } == nil)
        #expect(try self.problem("ab1") { $0.pattern = "^[a-z]+$" } == .pattern)
        #expect(try self.problem("ab\n") { $0.pattern = "^[a-z]+$" } == .pattern)
        #expect(try self.problem("2024-02-30") { $0.format = "date" } == .format)
        #expect(try self.problem("é") { $0.maxLength = 1 } == .tooLong)
        #expect(try self.problem("") { $0.minLength = 1 } == .tooShort)
        #expect(try self.problem("c") { $0.oneOf = ["a", "b"] } == .notListed)
        #expect(throws: InvalidPolicy.self) { try self.problem("") { $0.pattern = "(" } }
    }

    // MARK: XML

    private static let bounds = XMLBounds(depthMax: 4, nodeCountMax: 12, memberCountMax: 2)

    @Test(
        arguments: [
            ("<a/>", nil), ("\u{feff}<a/>", nil), (" <a b='<'/>", .malformed),
            ("<a>]]></a>", .malformed), ("<a>]] ></a>", nil), ("<a><![CDATA[]]]></a>", nil),
            ("<a b = \"1\" c='&#x41;'/>", nil), ("<a><!-- <b> --><![CDATA[<c>]]></a>", nil),
            ("<a b='1'c='2'/>", .malformed), ("<a b/>", .malformed), ("<a></a >", nil),
            ("<a></b>", .malformed), ("</a>", .malformed), ("a", .malformed), ("<a>&lt;</a>", nil),
            ("<a>&b;</a>", .unknownEntity), ("<a>&</a>", .unknownEntity),
            ("<a>&#;</a>", .malformed),
            ("<a>&#99999999999;</a>", .malformed), ("<!DOCTYPE a><a/>", .documentType),
            ("<a><!ENTITY b 'c'></a>", .documentType), ("<1/>", .malformed), ("<a", .malformed),
            ("<a><b><c><d/></c></b></a>", nil), ("<a><b><c><d><e/></d></c></b></a>", .tooDeep),
            ("<a b='' c='' d=''/>", .tooManyAttributes), ("<a><?b ?></a>", nil),
            ("<?b", .malformed),
            ("<a><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/></a>", .tooManyNodes),
            ("<a/>text", .malformed), ("<a/><!-- -->", nil), ("<a/><b/>", .malformed),
            ("<\0a\0/\0>\0", .encoding), ("<a b='&b;'/>", .unknownEntity),
            ("<a b='1' b='2'/>", .malformed), ("<a b='1' B='2'/>", nil),
            ("<a b='1' b='2'></a>", .malformed), ("<a><b c=''/><b c=''/></a>", nil),
            ("<a>&#0;</a>", .malformed), ("<a>&#x1F;</a>", .malformed),
            ("<a>&#xd800;</a>", .malformed),
            ("<a>&#xFFFF;</a>", .malformed), ("<a>&#x10FFFF;&#9;</a>", nil),
            ("<a>&#x110000;</a>", .malformed), ("<a>&#4294967328;</a>", .malformed),
            ("<a>\u{1}</a>", .malformed), ("<a b='\u{0}'/>", .malformed),
            ("<a>\u{ffff}</a>", .malformed), ("<!-- a -- b --><a/>", .malformed),
            ("<!--><a/>-->", .malformed), ("<!----><a/>", nil),
        ] as [(String, XMLBounds.Problem?)])
    func xml(text: String, expected: XMLBounds.Problem?) {
        #expect(Self.bounds.problem(Array(text.utf8).span) == expected, "\(text)")
    }

    /// A document type can hide in letters that only its reader knows.
    @Test(
        arguments: [
            ("<?xml version='1.0'?><a/>", nil), ("<?xml version='1.0' ?>\n<a/>", nil),
            ("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><a/>", nil),
            ("<?xml version='1.0' encoding='US-ASCII' standalone='yes'?><a/>", nil),
            ("<?xml version='1.0' encoding='utf-7'?><!-- +ADwAIQ-DOCTYPE --><a/>", .encoding),
            ("<?xml version='1.0' encoding='UTF-16'?><a/>", .encoding),
            ("<?xml version='1.0' encoding='utf-8' encoding='utf-7'?><a/>", .encoding),
            ("<?xml version='1.0' encoding=utf-7?><a/>", .malformed),
            ("<?xml encoding='utf-8'?><a/>", .malformed),
            ("<?xml version='1.0' a='b'?><a/>", .malformed), ("<?xml?><a/>", .malformed),
            ("<?XML version='1.0'?><a/>", .malformed), ("<?xml version='1.0'>", .malformed),
            (" <?xml version='1.0'?><a/>", .malformed),
            ("<?xml version='1.0'?><?xml version='1.0'?><a/>", .malformed),
            ("<a><?xml encoding='utf-7'?></a>", .malformed),
            ("<?xml-stylesheet href='a'?><a/>", nil), ("<? a?><a/>", .malformed),
            ("<?a b?><a/>", nil), ("<?a\u{7f}?><a/>", .malformed),
        ] as [(String, XMLBounds.Problem?)])
    func xmlIsUTF8(text: String, expected: XMLBounds.Problem?) {
        #expect(Self.bounds.problem(Array(text.utf8).span) == expected, "\(text)")
    }

    @Test func xmlThatIsNoUTF8IsRefused() {
        for bytes: [UInt8] in [[0xff], [0xc0, 0xbc], [0xe2, 0x82], [0xed, 0xa0, 0x80]] {
            let text = Array("<a>".utf8) + bytes + Array("</a>".utf8)
            #expect(Self.bounds.problem(text.span) == .malformed, "\(bytes)")
        }
    }

    /// Each beginning and each text with one byte changed: nothing traps.
    @Test func xmlTakesAnyBytes() {
        let declaration = "<?xml version='1.0' encoding='utf-8'?>"
        let rest = "<?x ?><a b='&amp;&#x41;'><!-- c --><![CDATA[d]]><e/></a>"
        let text = Array((declaration + rest).utf8)
        for count in 0...text.count { _ = Self.bounds.problem(Array(text[..<count]).span) }
        for index in text.indices {
            for byte: UInt8 in [0, 0x26, 0x3c, 0x3e, 0x22, 0x27, 0x80, 0xff] {
                var changed = text
                changed[index] = byte
                _ = Self.bounds.problem(changed.span)
            }
        }
    }

    // MARK: Requests

    private func answer(_ validation: String, _ request: String) throws -> (Int?, String) {
        let simulation = try SimulatedWorker(
            """
            listeners: { public: ":0" }
            routes: [{ match: { prefix: / }, respond: 204, validate: \(validation) }]
            """)
        let client = try simulation.connectClient()
        client.peerSends(request)
        let received = String(decoding: client.takeReceived(), as: UTF8.self)
        return (Int(received.dropFirst(9).prefix(3)), received)
    }

    private func post(_ fields: String, _ body: String) -> String {
        "POST /a HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func theBodyOfARouteWithoutAnUpstreamIsCheckedToo() throws {
        let rules = "{ body: { schema: { type: object } } }"
        let json = "Content-Type: application/json\r\n"
        #expect(try self.answer(rules, self.post(json, "{}")).0 == 204)
        #expect(try self.answer(rules, self.post(json, "[]")).0 == 422)
        #expect(try self.answer(rules, self.post(json, "{")).0 == 400)
        #expect(try self.answer(rules, self.post("", "{}")).0 == 415)
        // Two types could be read as either.
        #expect(try self.answer(rules, self.post(json + "Content-Type: a/b\r\n", "{}")).0 == 415)
        #expect(
            try self.answer(rules, self.post(json + "content-encoding: GZIP\r\n", "{}")).0 == 415)
    }

    private func type(_ value: String) -> String { "Content-Type: \(value)\r\n" }

    /// JSON by its suffix, and nothing else, is what a schema sees.
    @Test(
        arguments: [
            ("application/json", 422), ("text/json", 422), ("image/x+JSON; a=b", 422),
            ("application/json; charset=\"UTF-8\"", 422),
            ("application/json;charset = us-ascii", 422),
            ("application/xml", 415), ("application/jsonx", 415), ("+json", 415),
            ("application/json; charset=utf-7", 415), ("application/json; charset='utf-8'", 415),
            ("application/json; charset=utf-8; charset=utf-16", 415),
            ("application/json; charset*=utf-8''utf-7", 415), ("application/json; charset", 415),
            ("application/json; a=b charset=utf-7", 415), ("application/json; a=\"b, c\"", 415),
            ("application/json; a=b, text/plain", 415), ("application/grpc+json", 422),
        ])
    func typesOfASchema(type: String, status: Int) throws {
        let rules = "{ body: { schema: { type: object } } }"
        #expect(try self.answer(rules, self.post(self.type(type), "[]")).0 == status, "\(type)")
    }

    /// With bounds and no types, nobody gets around them by the name of the body.
    @Test func boundsHoldForWhatBeginsSo() throws {
        let json = "{ body: { json: { max-depth: 2 } } }"
        let deep = "[[[1]]]"
        for field in [
            "", self.type("text/plain"), self.type("application/x-www-form-urlencoded"),
            self.type("image/png"), self.type("json"),
        ] {
            for text in [deep, " \n" + deep, "\u{feff}" + deep, "{]"] {
                #expect(try self.answer(json, self.post(field, text)).0 == 400, "\(field) \(text)")
            }
            for text in ["a=[[[1]]]", "--b\r\n", "\u{0}\u{0}\u{0}\u{0}[", "[[1]]", "<a>", " "] {
                #expect(try self.answer(json, self.post(field, text)).0 == 204, "\(field) \(text)")
            }
        }
        let utf16 = String(decoding: Array(deep.utf8).flatMap { [$0, 0] }, as: UTF8.self)
        #expect(try self.answer(json, self.post("", utf16)).0 == 400)
        let xml = "{ body: { xml: { max-depth: 1 } } }"
        #expect(try self.answer(xml, self.post("", "<a><b/></a>")).0 == 400)
        #expect(try self.answer(xml, self.post(self.type("text/plain"), "<a/>")).0 == 204)
        #expect(try self.answer(xml, self.post(self.type("image/svg+xml"), "<a><b/></a>")).0 == 400)
        // Whoever names types has said what comes; bounds that are not written are for JSON alone.
        let named = "{ content-types: text/plain, body: { json: { max-depth: 2 } } }"
        #expect(try self.answer(named, self.post(self.type("text/plain"), deep)).0 == 204)
        #expect(try self.answer("{ body: {} }", self.post("", "[x]")).0 == 204)
    }

    @Test func anotherMethodInAFieldIsLookedAtToo() throws {
        func status(_ field: String) throws -> Int? {
            try self.answer(
                "{ methods: [POST, PUT] }", "POST /a HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n"
            ).0
        }
        #expect(try status("X-HTTP-Method-Override: put") == 204)
        for name in ["X-HTTP-Method-Override", "X-HTTP-Method", "x_method_override"] {
            #expect(try status("\(name): DELETE") == 405, "\(name)")
        }
        #expect(
            try status("X-HTTP-Method: PUT\r\nX-HTTP-Method: DELETE") == 405)
    }

    @Test func aRuleHoldsForEachSpellingOfAField() throws {
        let rules = "{ headers: { x-tenant: { required: true, pattern: '^[a-z]+$' } } }"
        func status(_ fields: String) throws -> Int? {
            try self.answer(rules, "GET /a HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n").0
        }
        #expect(try status("X-Tenant: a") == 204)
        #expect(try status("X-Tenant: a\r\nX_Tenant: EVIL") == 400)
        #expect(try status("X-Tenant: a\r\nX_Tenant: b") == 400)
        // To most upstreams it is another name.
        #expect(try status("X_Tenant: a") == 400)
    }

    @Test func manyErrorsAreCutOff() throws {
        let rules = "{ query: {} }"
        let query = (0..<100).map { "p\($0)=1" }.joined(separator: "&")
        let (status, text) = try self.answer(rules, "GET /a?\(query) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(status == 400)
        #expect(text.components(separatedBy: "is not known").count == 21)
    }

    @Test func namesOfStrangersAreEscapedAndShortened() throws {
        let name = "%22%5C%0A%00%ff" + String(repeating: "x", count: 1000)
        let (status, text) = try self.answer(
            "{ query: {} }", "GET /a?\(name)=1 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(status == 400)
        let body = text.components(separatedBy: "\r\n\r\n")[1]
        let document = try JSONDocument(Array(body.utf8).span)
        #expect(document.nodeCount > 0)
        #expect(body.utf8.count < 800)
    }
}
