import MartletHTTP
import Testing

/// Both versions judge a trailer section alike.
@Suite struct TrailerFieldsTests {
    /// `nil` is refused; else whether the field goes on.
    static func overHTTP2(_ line: String) -> Bool? {
        let parts = line.split(separator: ":", maxSplits: 1).map {
            String($0).trimmingSpaces.lowercased()
        }
        let decoded = DecodedBlock([(parts[0], parts[1])], isTrailers: true)
        switch decoded.outcome {
        case .complete: return decoded.lines.allSatisfy { !$0.hasPrefix("-") }
        case .malformed(.forbiddenTrailerField): return nil
        default:
            Issue.record("\(line): \(decoded.outcome)")
            return nil
        }
    }

    static func overHTTP1(_ line: String) -> Bool? {
        let chunks = DecodedChunks("0\r\n\(line)\r\n\r\n")
        guard chunks.error == nil else {
            #expect(chunks.error == .forbiddenTrailerField)
            return nil
        }
        return !chunks.trailers.isEmpty
    }

    @Test(
        arguments: [
            ("x-checksum: 1", true), ("grpc-status: 0", true), ("server-timing: a", true),
            ("etag: a", true), ("digest: a", true),
            ("authorization: a", false), ("cookie: a", false), ("set-cookie: a", false),
            ("content-type: a", false), ("cache-control: a", false), ("te: trailers", false),
            ("trailer: a", false), ("x-forwarded-for: a", false), ("via: a", false),
            ("host: a", nil), ("content-length: 1", nil),
        ] as [(String, Bool?)])
    func field(line: String, goesOn: Bool?) {
        #expect(Self.overHTTP2(line) == goesOn)
        #expect(Self.overHTTP1(line) == goesOn)
    }

    @Test func connectionFieldsAreDroppedInHTTP1AndMalformedInHTTP2() {
        #expect(Self.overHTTP1("connection: a") == false)
        #expect(Self.overHTTP1("transfer-encoding: chunked") == nil)
        for name in ["connection", "transfer-encoding", "upgrade", "keep-alive"] {
            let decoded = DecodedBlock([(name, "a")], isTrailers: true)
            #expect(decoded.outcome == .malformed(.connectionSpecificField))
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String { String(self.drop { $0 == " " }) }
}
