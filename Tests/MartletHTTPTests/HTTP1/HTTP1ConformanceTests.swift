import Foundation
import MartletHTTP
import Testing

/// Raw requests collected by others: none that is invalid may pass, every valid one must.
@Suite struct HTTP1ConformanceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/conformance/http1").standardizedFileURL

    static func names(_ kind: String) -> [String] {
        let path = Self.folder.appending(path: kind).path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        if names.isEmpty { print("skipped: no conformance data in \(path)") }
        return names.sorted()
    }

    /// The bytes that a file stands for: `\r\n` is written out, its own line ends mean nothing.
    static func bytes(_ kind: String, _ name: String) throws -> [UInt8] {
        let file = Array(try Data(contentsOf: Self.folder.appending(path: "\(kind)/\(name)")))
        var bytes: [UInt8] = []
        var index = 0
        while index < file.count {
            let next = index + 1 < file.count ? file[index + 1] : 0
            let escapes: [UInt8: UInt8] = [0x72: 13, 0x6e: 10, 0x30: 0, 0x74: 9]
            if file[index] == UInt8(ascii: "\\"), let byte = escapes[next] {
                bytes.append(byte)
                index += 2
            } else {
                if file[index] != 10 { bytes.append(file[index]) }
                index += 1
            }
        }
        return bytes
    }

    /// How many messages the bytes hold, or why they cannot be read.
    static func read(_ bytes: [UInt8]) -> String {
        let head = RequestHead()
        var parser = RequestHeadParser()
        var position = 0
        var count = 0
        while position < bytes.count {
            head.reset()
            switch parser.parse(
                bytes.span, at: &position, into: head, limits: ParsedRequest.limits)
            {
            case .needsMore: return "incomplete"
            case .failed(let error): return "\(error)"
            case .failedTarget(let error): return "target \(error)"
            case .complete: count += 1
            }
            var body = BodyReader(head.framing)
            reading: while true {
                let event = body.next(bytes.span, at: &position, limits: ParsedRequest.limits)
                switch event {
                case .needsMore: return "incomplete"
                case .data: continue
                case .end: break reading
                case .failed(let error): return "\(error)"
                }
            }
        }
        return "\(count) read"
    }

    /// Accepted by others, refused here on purpose.
    static let refusedOnPurpose: [String: String] = [:]
    /// Refused by others, accepted here on purpose.
    static let acceptedOnPurpose: [String: String] = [:]

    @Test(arguments: names("valid"))
    func valid(name: String) throws {
        let result = Self.read(try Self.bytes("valid", name))
        if Self.refusedOnPurpose[name] != nil {
            #expect(!result.hasSuffix(" read"), "\(name) is accepted after all")
        } else {
            #expect(result.hasSuffix(" read"), "\(name): \(result)")
        }
    }

    @Test(arguments: names("invalid"))
    func invalid(name: String) throws {
        let result = Self.read(try Self.bytes("invalid", name))
        if Self.acceptedOnPurpose[name] != nil {
            #expect(result.hasSuffix(" read"), "\(name) is refused after all")
        } else {
            #expect(!result.hasSuffix(" read"), "\(name): \(result)")
        }
    }
}
