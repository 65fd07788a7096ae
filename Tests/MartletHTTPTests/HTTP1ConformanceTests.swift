import Foundation
import MartletHTTP
import Testing

/// Raw requests collected by others: none that is invalid may pass, every valid one must.
@Suite struct HTTP1ConformanceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/conformance/http1").standardizedFileURL

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
            } else if file[index] == UInt8(ascii: "\\"), next == UInt8(ascii: "x"),
                index + 3 < file.count, let high = ByteClass.hexValue(file[index + 2]),
                let low = ByteClass.hexValue(file[index + 3])
            {
                bytes.append(high << 4 | low)
                index += 4
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
        // One empty line behind the last message is none of it (RFC 9112 §2.2).
        while position < bytes.count, !bytes[position...].elementsEqual([13, 10]) {
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
    static let refusedOnPurpose: [(result: String, reason: String, names: [String])] = [
        (
            "target missingHost", "RFC 9112 §3.2: HTTP/1.1 without Host is answered 400",
            [
                "004", "005", "006", "007", "010", "011", "012", "013", "014", "018", "019", "021",
                "022", "023", "031", "031compat", "031compat2", "100",
            ]
        ),
        (
            "target invalidHost", "RFC 9110 §7.2: `0.0.0.0=5000` is no host and port",
            ["002", "003"]
        ),
        ("target invalidByte", "RFC 9112 §3.2: a target is ASCII", ["027"]),
        (
            "target userinfo", "RFC 9110 §4.2.4: user information is an error",
            ["rfc9112_target_absolute_userinfo_01"]
        ),
        ("contentLengthWithTransferEncoding", "RFC 9112 §6.1: both fields are refused", ["009"]),
        (
            "transferEncodingMalformed", "RFC 9112 §7: `identity` is no transfer coding any more",
            ["025", "029", "030", "rfc9112_smuggle_te_identity_chunked_01"]
        ),
        (
            "transferEncodingUnsupported", "RFC 9112 §6.1: other codings are answered 501",
            ["025_line", "rfc9112_smuggle_gzip_chunked_01"]
        ),
        ("whitespaceBeforeColon", "RFC 9112 §5.1: answered 400", ["028"]),
        (
            "malformedFieldName", "`Content_Length` frames the body for those who take `_` for `-`",
            ["040", "040_compat"]
        ),
        (
            "lineFolding", "RFC 9112 §5.2: answered 400",
            ["compat_obs_fold", "compat_obs_fold_huge"]
        ),
        (
            "malformedRequestLine", "RFC 9112 §3: the PROXY protocol is not HTTP",
            ["pp_01", "pp_02", "pp_04", "pp_05"]
        ),
        ("incomplete", "RFC 9112 §6.3: fewer bytes than Content-Length says", ["099"]),
    ]
    /// Refused by others, accepted here on purpose.
    static let acceptedOnPurpose = [
        "006": "RFC 9112 §3: 8000 bytes of request line are to be taken",
        "007": "within the head limit here", "008": "within the head limit here",
        "limit_header_default_01": "within the head limit here",
        "041": "RFC 9110 §5.3: what Content-Type means is for its recipient to say",
    ]

    @Test(arguments: names("valid"))
    func valid(name: String) throws {
        let result = Self.read(try Self.bytes("valid", name))
        let refused = Self.refusedOnPurpose.first { $0.names.contains { "\($0).http" == name } }
        #expect(refused == nil || refused?.result == result, "\(name): \(result)")
        #expect(refused != nil || result.hasSuffix(" read"), "\(name): \(result)")
    }

    @Test(arguments: names("invalid"))
    func invalid(name: String) throws {
        let result = Self.read(try Self.bytes("invalid", name))
        let isAccepted = Self.acceptedOnPurpose.keys.contains { "\($0).http" == name }
        #expect(result.hasSuffix(" read") == isAccepted, "\(name): \(result)")
    }
}
