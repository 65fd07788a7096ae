import MartletHTTP
import Testing

/// By way of blocks that refer to it.
@Suite struct HPACKStaticTableTests {
    /// RFC 7541 Appendix A, from 15 on; the ones before it are pseudo fields.
    static let names = """
        accept-charset accept-encoding accept-language accept-ranges accept \
        access-control-allow-origin age allow authorization cache-control content-disposition \
        content-encoding content-language content-length content-location content-range \
        content-type cookie date etag expect expires from host if-match if-modified-since \
        if-none-match if-range if-unmodified-since last-modified link location max-forwards \
        proxy-authenticate proxy-authorization range referer refresh retry-after server \
        set-cookie strict-transport-security transfer-encoding user-agent vary via \
        www-authenticate
        """.split(separator: " ").map(String.init)

    @Test(
        arguments: [
            (0x81, ":authority: "), (0x82, ":method: GET"), (0x83, ":method: POST"),
            (0x84, ":path: /"), (0x85, ":path: /index.html"), (0x86, ":scheme: http"),
            (0x87, ":scheme: https"), (0x88, ":status: 200"), (0x89, ":status: 204"),
            (0x8a, ":status: 206"), (0x8b, ":status: 304"), (0x8c, ":status: 400"),
            (0x8d, ":status: 404"), (0x8e, ":status: 500"),
        ] as [(UInt8, String)])
    func pseudoField(byte: UInt8, line: String) {
        #expect(DecodedBlock([byte]).lines == [line])
    }

    @Test func fields() {
        #expect(Self.names.count == 47)
        for (offset, name) in Self.names.enumerated() {
            let decoded = DecodedBlock([UInt8(0x80 + 15 + offset)])
            let value = name == "accept-encoding" ? "gzip, deflate" : ""
            if name == "transfer-encoding" {
                #expect(decoded.outcome == .malformed(.connectionSpecificField))
            } else {
                #expect(decoded.lines == ["\(name): \(value)"])
                #expect(decoded.verbatim == "\(name): \(value)\r\n")
            }
        }
        #expect(DecodedBlock([0x80 + 62]).outcome == .compressionError)
    }

    /// A name by its index is known as what it is.
    @Test(arguments: HeaderName.allCases)
    func knownNames(known: HeaderName) throws {
        guard let offset = Self.names.firstIndex(of: known.text.description) else { return }
        let index = UInt8(15 + offset - 15)
        var headers = HeaderList()
        var pseudo = HTTP2PseudoFields()
        var decoder = HPACKDecoder()
        let block = [0x0f, index, 1, 0x31]
        let outcome = decoder.decode(
            block.span, into: &headers, pseudo: &pseudo, limits: DecodedBlock.limits,
            isTrailers: false)
        guard outcome == .complete else {
            #expect(known == .transferEncoding)
            return
        }
        let found = headers.fields.first?.known
        let presence = headers.presence
        #expect(found == known)
        #expect(presence == known.bit)
    }

    /// The encoder's indices are those of the names.
    @Test(arguments: HeaderName.allCases.dropFirst())
    func encodedNames(known: HeaderName) throws {
        let block = try #require(written { HPACKEncoder.writeField(known, value: "v", to: &$0) })
        let text = known.text.description
        #expect((block.count < text.utf8.count + 3) == Self.names.contains(text))
        let decoded = DecodedBlock(block)
        switch known {
        case .connection, .proxyConnection, .keepAlive, .transferEncoding, .upgrade, .te:
            #expect(decoded.outcome == .malformed(.connectionSpecificField))
        default: #expect(decoded.lines == ["\(text): v"])
        }
    }
}
