import Foundation
import MartletHTTP
import Testing

/// Frames and field blocks collected by others.
@Suite struct HTTP2ConformanceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/conformance/http2").standardizedFileURL

    /// Paths below the folder, such as `data/normal.json`.
    static func files(_ kind: String) -> [String] {
        let root = Self.folder.appending(path: kind)
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        let files = folders.flatMap { folder in
            let path = root.appending(path: folder).path
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return names.filter { $0.hasSuffix(".json") }.map { "\(kind)/\(folder)/\($0)" }
        }
        if files.isEmpty { print("skipped: no conformance data in \(root.path)") }
        return files.sorted()
    }

    static func decode<Value: Decodable>(_ path: String) throws -> Value {
        let file = try Data(contentsOf: Self.folder.appending(path: path))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Value.self, from: file)
    }

    // MARK: Frames

    struct FrameCase: Decodable {
        struct Payload: Decodable {
            var data: String?
            var headerBlockFragment: String?
            var promisedStreamId: UInt32?
            var lastStreamId: UInt32?
            var errorCode: UInt32?
            var settings: [[Int]]?
            var opaqueData: String?
            var windowSizeIncrement: Int?
        }
        struct Frame: Decodable {
            var length: Int
            var type: UInt8
            var flags: UInt8
            var streamIdentifier: UInt32
            var framePayload: Payload
        }
        var error: [UInt32]?
        var wire: String
        var frame: Frame?
    }

    /// What the frame says, in the same form whether it is read or told.
    static func reading(
        _ header: HTTP2FrameHeader, _ payload: Span<UInt8>
    ) -> Result<String, HTTP2Violation> {
        if let violation = header.violation(payloadCountMax: 16_384) { return .failure(violation) }
        guard let type = header.type else { return .success("ignored") }
        switch type {
        case .data:
            return HTTP2FramePayload.data(header, payload).map { payload.extracting($0).text }
        case .headers:
            return HTTP2FramePayload.headers(header, payload).map {
                payload.extracting($0.block).text
            }
        case .priority:
            return HTTP2FramePayload.priority(header, payload).map(Result.failure) ?? .success("")
        case .resetStream:
            return HTTP2FramePayload.resetStream(payload).map { "\($0.rawValue)" }
        case .settings:
            var settings = HTTP2Settings()
            if let violation = settings.apply(payload, from: .client) { return .failure(violation) }
            return .success("\(settings)")
        case .pushPromise:
            return HTTP2FramePayload.pushPromise(header, payload).map {
                "\($0.promisedStreamID) \(payload.extracting($0.block).text)"
            }
        case .ping: return HTTP2FramePayload.ping(payload).map { "\($0)" }
        case .goAway:
            return HTTP2FramePayload.goAway(payload).map {
                "\($0.lastStreamID) \($0.errorCode.rawValue)"
            }
        case .windowUpdate: return HTTP2FramePayload.windowUpdate(header, payload).map { "\($0)" }
        case .continuation: return .success(payload.text)
        }
    }

    static func telling(_ frame: FrameCase.Frame) throws -> String {
        let payload = frame.framePayload
        switch try #require(HTTP2FrameType(rawValue: frame.type)) {
        case .data: return payload.data ?? "-"
        case .headers, .continuation: return payload.headerBlockFragment ?? "-"
        case .priority: return ""
        case .resetStream: return "\(payload.errorCode ?? 0)"
        case .settings:
            var settings = HTTP2Settings()
            for pair in payload.settings ?? [] {
                switch pair[0] {
                case 1: settings.headerTableBytesMax = pair[1]
                case 3: settings.concurrentStreamsMax = pair[1]
                default: Issue.record("setting \(pair[0])")
                }
            }
            return "\(settings)"
        case .pushPromise:
            return "\(payload.promisedStreamId ?? 0) \(payload.headerBlockFragment ?? "-")"
        case .ping:
            let bytes = (payload.opaqueData ?? "").utf8
            return "\(bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })"
        case .goAway: return "\(payload.lastStreamId ?? 0) \(payload.errorCode ?? 0)"
        case .windowUpdate: return "\(payload.windowSizeIncrement ?? 0)"
        }
    }

    @Test(arguments: files("frames"))
    func frame(path: String) throws {
        let told: FrameCase = try Self.decode(path)
        let wire = hex(told.wire)
        let header = try #require(HTTP2FrameHeader.read(wire, at: 0))
        let result = Self.reading(header, wire.span.extracting(9...))
        guard let frame = told.frame else {
            switch result {
            case .success(let text): Issue.record("\(path) was read as \(text)")
            case .failure(.connection(let code)), .failure(.stream(let code)):
                #expect(told.error?.contains(code.rawValue) == true, "\(path): \(code)")
            }
            return
        }
        #expect(header.payloadCount == frame.length)
        #expect(header.flags.rawValue == frame.flags)
        #expect(header.streamID == frame.streamIdentifier)
        #expect(result == .success(try Self.telling(frame)), "\(path)")
    }

    // MARK: Field blocks

    struct Story: Decodable {
        struct Block: Decodable {
            var headerTableSize: Int?
            var wire: String
            var headers: [[String: String]]
        }
        var cases: [Block]
    }

    /// Fields of HTTP/1 that some stories were made with (RFC 9113 §8.2.2).
    static let refused = ["connection: ", "keep-alive: ", "transfer-encoding: ", "upgrade: "]

    /// Every block of a story, with the table that the ones before it left.
    ///
    /// A block that holds what HTTP/2 forbids is read up to there; the table takes all of it.
    @Test(arguments: files("hpack"))
    func story(path: String) throws {
        let story: Story = try Self.decode(path)
        var decoder = HPACKDecoder()
        for (number, block) in story.cases.enumerated() {
            if let bytesMax = block.headerTableSize { decoder.tableBytesMaxAcknowledged(bytesMax) }
            let all = block.headers.flatMap { $0.map { "\($0.key): \($0.value)" } }
            let told = all.prefix { line in !Self.refused.contains { line.hasPrefix($0) } }
            let decoded = DecodedBlock(hex(block.wire), &decoder)
            #expect(
                decoded.outcome
                    == (told.count == all.count
                        ? .complete : .malformed(.connectionSpecificField)),
                "\(path) \(number)")
            // Pseudo fields come first in both, in an order of ours here.
            #expect(decoded.lines.sorted() == told.sorted(), "\(path) \(number)")
            let regular = told.filter { !$0.hasPrefix(":") }
            #expect(decoded.lines.filter { !$0.hasPrefix(":") } == regular, "\(path) \(number)")
            #expect(decoded.verbatim == regular.map { "\($0)\r\n" }.joined(), "\(path) \(number)")
        }
    }
}
