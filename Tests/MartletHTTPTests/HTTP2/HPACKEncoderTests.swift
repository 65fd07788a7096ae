import MartletHTTP
import Testing

@Suite struct HPACKEncoderTests {
    @Test(
        arguments: [
            (200, "88"), (204, "89"), (206, "8a"), (304, "8b"), (400, "8c"), (404, "8d"),
            (500, "8e"),
            (100, "08 03 313030"), (201, "08 03 323031"), (503, "08 03 353033"),
            (599, "08 03 353939"),
        ] as [(UInt16, String)])
    func status(status: UInt16, text: String) throws {
        let block = try #require(written { HPACKEncoder.writeStatus(status, to: &$0) })
        #expect(block == hex(text))
        #expect(DecodedBlock(block).lines == [":status: \(status)"])
    }

    static func request(
        _ target: String, method: String = "GET", isSecure: Bool = true
    ) -> [String] {
        let head = RequestHead()
        head.methodBytes = head.headers.appendBytes(Array(method.utf8))
        head.method = Method(Array(method.utf8).span)
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        head.path = head.headers.appendBytes(Array(parts[0].utf8))
        if parts.count == 2 {
            head.hasQuery = true
            head.query = head.headers.appendBytes(Array(parts[1].utf8))
        }
        let authority = Array("a.example:8443".utf8)
        let block = written {
            HPACKEncoder.writeRequest(
                head, authority: authority.span, isSecure: isSecure, to: &$0)
        }
        return DecodedBlock(block ?? []).lines
    }

    @Test(arguments: ["/", "/?", "/?a", "/index.html", "/a/b?c=d", "*"])
    func target(target: String) {
        let authority = ":authority: a.example:8443"
        #expect(
            Self.request(target)
                == [":method: GET", ":scheme: https", authority, ":path: \(target)"])
    }

    @Test(arguments: ["GET", "POST", "PUT", "OPTIONS", "PURGE", "get"])
    func method(method: String) {
        let lines = Self.request("/", method: method, isSecure: false)
        #expect(lines.contains(":method: \(method)"))
        #expect(lines.contains(":scheme: http"))
    }

    @Test func fieldsThatAreRemovedOrHTTP1sAreLeftOut() throws {
        var headers = HeaderLines.list([
            "Host: a", "X-Removed: 1", "Content-Type: text/plain", "X-Mixed-Case_1: V",
            "Connection: x", "Keep-Alive: 1", "Proxy-Connection: x", "Transfer-Encoding: chunked",
            "Upgrade: x", "TE: trailers", "empty:",
        ])
        headers.markRemoved(at: 1)
        let fields = try #require(
            written { HPACKEncoder.writeFields(of: headers, to: &$0) })
        let kept = ["content-type: text/plain", "x-mixed-case_1: V", "te: trailers", "empty: "]
        #expect(DecodedBlock(fields).lines == ["host: a"] + kept)
        let without = try #require(
            written {
                HPACKEncoder.writeFields(
                    of: headers, excluding: HeaderName.host.bit | HeaderName.other.bit, to: &$0)
            })
        #expect(DecodedBlock(without).lines == kept)
    }

    /// RFC 7541 §6.2.3: bit 4 of the first byte.
    @Test(arguments: HeaderName.allCases.dropFirst())
    func secretsAreNeverIndexed(known: HeaderName) throws {
        let block = try #require(written { HPACKEncoder.writeField(known, value: "v", to: &$0) })
        let secrets: [HeaderName] = [.authorization, .proxyAuthorization, .cookie, .setCookie]
        #expect(block[0] & 0xf0 == (secrets.contains(known) ? 0x10 : 0))
    }

    @Test(arguments: [0, 9, 10, 99, 100, 12_345, 999_999_999_999_999_999])
    func contentLength(count: Int) throws {
        let block = try #require(written { HPACKEncoder.writeContentLength(count, to: &$0) })
        #expect(DecodedBlock(block).lines == ["content-length: \(count)"])
    }

    @Test func namesAreWrittenSmall() throws {
        let block = try #require(
            written { cursor in
                for name in ["Content-Type", "X-Thing", "x-y"] {
                    let name = Array(name.utf8)
                    let value = [UInt8(ascii: "V")]
                    HPACKEncoder.writeField(name: name.span, value: value.span, to: &cursor)
                }
            })
        #expect(DecodedBlock(block).lines == ["content-type: V", "x-thing: V", "x-y: V"])
    }

    static func begin(_ encoder: inout HPACKEncoder, capacity: Int = 10) -> [UInt8]? {
        written(capacity: capacity) { encoder.beginBlock(to: &$0) }
    }

    @Test func aReducedTableIsFollowedOnce() {
        var encoder = HPACKEncoder()
        #expect(Self.begin(&encoder) == [])
        encoder.tableBytesMaxAnnounced(8192)
        #expect(Self.begin(&encoder) == [])
        encoder.tableBytesMaxAnnounced(100)
        #expect(Self.begin(&encoder, capacity: 0) == nil)
        #expect(Self.begin(&encoder) == [0x20], "once more, with room")
        #expect(Self.begin(&encoder) == [])
        encoder.tableBytesMaxAnnounced(0)
        encoder.tableBytesMaxAnnounced(4096)
        #expect(Self.begin(&encoder) == [])
    }

    @Test func aReductionThatWasTakenBackIsFollowedToo() {
        var encoder = HPACKEncoder()
        var decoder = HPACKDecoder()
        for bytesMax in [0, 4096] {
            encoder.tableBytesMaxAnnounced(bytesMax)
            decoder.tableBytesMaxAcknowledged(bytesMax)
        }
        let block = Self.begin(&encoder) ?? []
        #expect(DecodedBlock(block + [0x82], &decoder).outcome == .complete)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func whatIsWrittenIsRead(seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        var decoder = HPACKDecoder()
        for _ in 0..<300 {
            let names = ["Content-Type", "accept", "X-A", "cookie", "x-long-name-of-no-meaning"]
            let lines = (0..<(random.next() % 10)).map { _ in
                let value = String(repeating: "v", count: Int(random.next() % 300))
                return "\(names[Int(random.next() % 5)]): \(value)"
            }
            let headers = HeaderLines.list(lines)
            let block = try #require(
                written { HPACKEncoder.writeFields(of: headers, to: &$0) }, "seed \(seed)")
            let small = lines.map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return "\(parts[0].lowercased()):\(parts[1])"
            }
            #expect(DecodedBlock(block, &decoder).lines == small, "seed \(seed)")
        }
    }
}
