import Foundation
import MartletTelemetry
import Testing

@Suite struct AccessLogEncoderTests {
    /// What a line is made from, put together as a head would hold it.
    struct Line {
        var method = Array("GET".utf8)
        var path = Array("/v1/orders/7".utf8)
        var query: [UInt8] = []
        var host = Array("api.example.com".utf8)
        var userAgent = Array("curl/8.0".utf8)
        var client = Array("192.0.2.1".utf8)
        var requestID = Array("01J".utf8)
        var traceID: [UInt8] = []
        var clientSubject: [UInt8] = []
        var consumer: [UInt8] = []
        var credential: [UInt8] = []
        var reason: StaticString?
        var record = ExchangeRecord()
        var format = AccessLogEncoder.Format.json
        var showsQuery = false
        var layout = MetricsShardTests.layout()

        init() {
            self.record.startNanoseconds = 1_772_366_400_250_999_999
            self.record.durationNanoseconds = 12_345_678
            self.record.bytesReceived = 83
            self.record.bytesSent = 1024
            self.record.status = 200
            self.record.attempts = 1
        }

        func encoded() -> [UInt8] {
            let encoder = AccessLogEncoder(
                format: self.format, layout: self.layout, showsQuery: self.showsQuery)
            var bytes: [UInt8] = []
            var head: [UInt8] = []
            func put(_ part: [UInt8]) -> Range<Int> {
                head += part
                return (head.count - part.count)..<head.count
            }
            let ranges = [self.method, self.path, self.query, self.host, self.userAgent].map(put)
            var fields = AccessLogFields(
                head: head.span, client: self.client.span, requestID: self.requestID.span,
                traceID: self.traceID.span, clientSubject: self.clientSubject.span,
                consumer: self.consumer.span, credential: self.credential.span)
            fields.reason = self.reason
            fields.method = ranges[0]
            fields.path = ranges[1]
            fields.query = ranges[2]
            fields.host = ranges[3]
            fields.userAgent = ranges[4]
            encoder.append(self.record, fields, to: &bytes)
            return bytes
        }

        func text() -> String { String(decoding: self.encoded(), as: UTF8.self) }

        func object() throws -> [String: Any] {
            let object = try JSONSerialization.jsonObject(with: Data(self.encoded()))
            return try #require(object as? [String: Any])
        }
    }

    @Test func whatSpeaksAgainstAClient() throws {
        var line = Line()
        #expect(try line.object()["abuse_sign"] == nil)
        line.record.abuseSign = AbuseSign.notFound.rawValue
        line.record.abusePoints = 2
        #expect(try line.object()["abuse_sign"] as? String == "not_found")
        #expect(try line.object()["abuse_points"] as? Int == 2)
        #expect(try line.object()["abuse_action"] == nil)
        line.record.abuseAction = .blocked
        #expect(try line.object()["abuse_action"] as? String == "blocked")
        line.record.abuseAction = .reported
        #expect(try line.object()["abuse_action"] as? String == "reported")
    }

    @Test func goldenJSON() {
        var line = Line()
        line.traceID = Array("0af7651916cd43dd8448eb211c80319c".utf8)
        line.query = Array("token=secret".utf8)
        line.record.route = 1
        line.record.upstream = 0
        line.record.endpoint = 1
        line.record.errorCode = 0
        line.record.upstreamHeadNanoseconds = 9_000_999
        #expect(
            line.text() == """
                {"time":"2026-03-01T12:00:00.250Z","request_id":"01J",\
                "trace_id":"0af7651916cd43dd8448eb211c80319c","client":"192.0.2.1",\
                "method":"GET","host":"api.example.com","path":"/v1/orders/7",\
                "user_agent":"curl/8.0","protocol":"HTTP/1.1","status":200,"bytes_in":83,\
                "bytes_out":1024,"duration_ms":12.345,"upstream_ms":9.000,"attempts":1,\
                "listener":"public","route":"users","upstream":"backend",\
                "endpoint":"10.0.0.2:80","error":"connection_refused"}

                """)
    }

    @Test func goldenCommon() {
        var line = Line()
        line.format = .common
        line.query = Array("token=secret".utf8)
        let start = "192.0.2.1 - - [01/Mar/2026:12:00:00 +0000] \"GET /v1/orders/7"
        #expect(line.text() == "\(start) HTTP/1.1\" 200 1024\n")
        line.showsQuery = true
        #expect(line.text() == "\(start)?token=secret HTTP/1.1\" 200 1024\n")
    }

    @Test func theQueryIsShownOnlyIfAsked() throws {
        var line = Line()
        line.query = Array("token=secret".utf8)
        #expect(!line.text().contains("secret"))
        line.showsQuery = true
        #expect(try line.object()["query"] as? String == "token=secret")
    }

    @Test func whatIsNotThereIsLeftOut() throws {
        var line = Line()
        line.userAgent = []
        line.host = []
        line.requestID = []
        let object = try line.object()
        #expect(
            Set(object.keys) == [
                "time", "client", "method", "path", "protocol", "status", "bytes_in", "bytes_out",
                "duration_ms", "attempts", "listener",
            ])
    }

    @Test(
        arguments: [
            (.http10, "HTTP/1.0"), (.http11, "HTTP/1.1"), (.http2, "HTTP/2"),
        ] as [(ExchangeRecord.ProtocolVersion, String)])
    func protocols(version: ExchangeRecord.ProtocolVersion, name: String) throws {
        var line = Line()
        line.record.protocolVersion = version
        #expect(try line.object()["protocol"] as? String == name)
        line.format = .common
        #expect(line.text().contains(" \(name)\" "))
    }

    @Test func whatTLSTells() throws {
        var line = Line()
        line.clientSubject = Array("CN=a\"b\n,O=Example\\, Inc.".utf8)
        line.record.tlsVersion = .tls13
        let object = try line.object()
        #expect(object["client_certificate"] as? String == "CN=a\"b\n,O=Example\\, Inc.")
        #expect(object["tls"] as? String == "1.3")
        line.record.tlsVersion = .tls12
        #expect(try line.object()["tls"] as? String == "1.2")
        line.format = .common
        #expect(!line.text().contains("Example"))
    }

    @Test func extremeNumbersAndUnknownIndicesAreSafe() throws {
        var line = Line()
        line.record.startNanoseconds = .min
        line.record.durationNanoseconds = .max
        line.record.bytesReceived = .max
        line.record.bytesSent = .max
        line.record.status = .max
        line.record.attempts = .max
        line.record.route = .max - 1
        line.record.upstream = .max - 1
        line.record.listener = .max
        line.record.errorCode = 254
        let object = try line.object()
        #expect(object["bytes_in"] as? UInt64 == .max)
        #expect(object["route"] == nil)
        line.record.upstream = 0
        line.record.endpoint = 7
        #expect(try line.object()["endpoint"] == nil)
        line.format = .common
        #expect(line.text().hasSuffix(" 65535 18446744073709551615\n"))
    }

    @Test(arguments: [0..<100, 90..<100, 3..<3] as [Range<Int>])
    func rangesOutsideTheHeadAreCut(range: Range<Int>) {
        let head = Array("GET".utf8)
        let encoder = AccessLogEncoder(format: .json, layout: MetricsShardTests.layout())
        var bytes: [UInt8] = []
        var fields = AccessLogFields(
            head: head.span, client: head.span, requestID: head.span, traceID: head.span,
            clientSubject: [UInt8]().span, consumer: [UInt8]().span, credential: [UInt8]().span)
        fields.method = range
        encoder.append(ExchangeRecord(), fields, to: &bytes)
        let expected = range.clamped(to: 0..<3).isEmpty ? nil : "GET"
        let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        #expect(object?["method"] as? String == expected)
    }

    @Test func whoCallsAndWhyNotIsShown() throws {
        var line = Line()
        line.consumer = Array("acme\"".utf8)
        line.credential = Array("mk_01\n".utf8)
        line.reason = "token_expired"
        let object = try line.object()
        #expect(object["consumer"] as? String == "acme\"")
        #expect(object["credential"] as? String == "mk_01\n")
        #expect(object["reason"] as? String == "token_expired")
        let plain = try Line().object()
        #expect(plain["consumer"] == nil && plain["credential"] == nil && plain["reason"] == nil)
    }

    @Test func hostileNamesOfTheConfigurationAreEscaped() throws {
        var line = Line()
        line.layout = MetricsShardTests.layout(listeners: ["a\"\n"], routes: ["\\\u{1}"])
        line.record.route = 0
        let object = try line.object()
        #expect(object["listener"] as? String == "a\"\n")
        #expect(object["route"] as? String == "\\\u{1}")
    }

    @Test func commonEscapesWhateverCouldBeMistaken() {
        var line = Line()
        line.format = .common
        line.method = Array("A\" B".utf8)
        line.path = [0x2f, 0x5c, 0x0a, 0xff, 0x7f, 0x7e]
        line.client = []
        #expect(
            line.text() == "- - - [01/Mar/2026:12:00:00 +0000] "
                + "\"A\\x22\\x20B /\\x5c\\x0a\\xff\\x7f~ HTTP/1.1\" 200 1024\n")
    }

    /// Any bytes anywhere: one line, valid JSON, and the text that decoding would give.
    @Test(arguments: 0..<50)
    func anyBytesMakeOneValidLine(seed: Int) throws {
        var line = Line()
        line.showsQuery = true
        func noise(_ salt: Int) -> [UInt8] {
            (0..<40).map {
                UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761 &+ (seed + 1) &* salt) >> 7)
            }
        }
        line.path = noise(40_503)
        line.query = noise(77_003)
        line.host = noise(12_289)
        line.userAgent = noise(99_991)
        line.requestID = noise(3_571)
        let bytes = line.encoded()
        #expect(bytes.filter { $0 < 0x20 || $0 == 0x7f } == [10])
        let object = try line.object()
        #expect(object["path"] as? String == String(decoding: line.path, as: UTF8.self))
        #expect(object["query"] as? String == String(decoding: line.query, as: UTF8.self))
        #expect(object["host"] as? String == String(decoding: line.host, as: UTF8.self))
        #expect(object["user_agent"] as? String == String(decoding: line.userAgent, as: UTF8.self))
    }
}
