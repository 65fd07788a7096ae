import Foundation
import MartletDataPlane
import MartletTelemetry
import MartletTestSupport
import NIOCore
import Testing

/// Lines of a whole worker's exchanges in a file.
@Suite struct AccessLogBatchTests {
    /// A log in a folder that is gone after the test.
    private final class Log {
        private let folder: URL
        let sink: AccessLogSink

        init() throws {
            self.folder = FileManager.default.temporaryDirectory
                .appendingPathComponent("martlet-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: self.folder, withIntermediateDirectories: true)
            self.sink = try AccessLogSink(
                destination: .file("\(self.folder.path)/log"), bytesBufferedMax: 1 << 24)
        }

        deinit { try? FileManager.default.removeItem(at: self.folder) }

        /// The lines that have been handed over.
        func lines() throws -> [[String: Any]] {
            #expect(self.sink.flush(withinNanoseconds: 30_000_000_000))
            let bytes = try Data(contentsOf: self.folder.appendingPathComponent("log"))
            #expect(bytes.isEmpty || bytes.last == UInt8(ascii: "\n"))
            return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
                try #require(JSONSerialization.jsonObject(with: line) as? [String: Any])
            }
        }
    }

    private static let fixed = """
        listeners: { public: ":0" }
        upstreams: {}
        routes: [{ match: { prefix: / }, respond: { status: 200, body: hello } }]
        """

    @Test func aLineIsWrittenWithTheNextTick() throws {
        let log = try Log()
        let simulation = try SimulatedWorker(accessLog: log.sink)
        let client = try simulation.connectClient()
        let trace = "0af7651916cd43dd8448eb211c80319c"
        client.peerSends(
            "POST /a/./b?secret HTTP/1.1\r\nHost: Example.com:81\r\nX-Request-ID: id-7\r\n"
                + "traceparent: 00-\(trace)-b7ad6b7169203331-01\r\nUser-Agent: test/1\r\n"
                + "Content-Length: 3\r\n\r\nabc")
        let origin = try simulation.connector.accept()
        origin.peerSends("HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello")
        #expect(try log.lines().isEmpty)
        simulation.advance(.milliseconds(50))

        let lines = try log.lines()
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        for (name, value) in [
            "method": "POST", "host": "example.com:81", "path": "/a/b", "client": "192.0.2.1",
            "request_id": "id-7", "trace_id": trace, "user_agent": "test/1",
            "protocol": "HTTP/1.1", "listener": "public", "upstream": "origin",
        ] {
            #expect(line[name] as? String == value, "\(name)")
        }
        #expect(line["status"] as? Int == 201)
        #expect(line["attempts"] as? Int == 1)
        #expect(line["query"] == nil)
        simulation.advance(.milliseconds(200))
        #expect(try log.lines().count == 1)
    }

    /// 32 KiB are handed over at once, so that a worker never holds more for long.
    @Test func manyLinesDoNotWaitForTheTick() throws {
        let log = try Log()
        let simulation = try SimulatedWorker(Self.fixed, accessLog: log.sink)
        let client = try simulation.connectClient()
        for number in 0..<43 {
            let path = "/\(number)/\(String(repeating: "a", count: 4000))"
            client.peerSends("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        }
        let early = try log.lines().count
        #expect(1..<43 ~= early)
        simulation.advance(.milliseconds(50))
        let paths = try log.lines().compactMap { $0["path"] as? String }
        #expect(paths.map { $0.split(separator: "/").first } == (0..<43).map { "\($0)" })
    }

    /// Each hostile request is one line that a JSON reader understands.
    @Test(arguments: [
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n", 400),
        ("GET /\"\\ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /%22%0a%5c HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: \"\\\u{e9}\t}{\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: a\"b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: \u{1b}[31m\r\n\r\n", 400),
        ("G'T / HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: a\r\nX-Request-ID: \"},{\"\r\n\r\n", 200),
    ])
    func hostileRequestsAreOneLine(request: String, status: Int) throws {
        let log = try Log()
        let simulation = try SimulatedWorker(Self.fixed, accessLog: log.sink)
        let client = try simulation.connectClient(from: "2001:db8::7")
        client.peerSends(request)
        simulation.advance(.milliseconds(50))
        let lines = try log.lines()
        #expect(lines.map { $0["status"] as? Int } == [status])
        #expect(lines.map { $0["client"] as? String } == ["2001:db8::7"])
    }

    @Test func bytesThatAreNotTextAreOneLine() throws {
        let log = try Log()
        let simulation = try SimulatedWorker(Self.fixed, accessLog: log.sink)
        let client = try simulation.connectClient()
        client.peerSends(
            Array("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: ".utf8) + [0xff, 0xc0, 0x80, 0xed]
                + Array("\r\n\r\n".utf8))
        simulation.advance(.milliseconds(50))
        #expect(try log.lines().map { $0["status"] as? Int } == [200])
    }

    /// A connection without a request is not in the log.
    @Test func withoutTrafficNothingIsWritten() throws {
        let log = try Log()
        let simulation = try SimulatedWorker(Self.fixed, accessLog: log.sink)
        _ = try simulation.connectClient()
        simulation.advance(.seconds(2))
        simulation.worker.accessLog.handOver()
        #expect(try log.lines().isEmpty)
        #expect(log.sink.linesDropped == 0)
    }
}
