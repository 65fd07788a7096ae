import MartletHTTP
import Testing

@Suite struct HPACKDecoderTests {
    // MARK: Examples of RFC 7541 Appendix C

    @Test(arguments: [
        [
            "828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865",
            "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
        ],
        [
            "828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf",
            "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
        ],
    ])
    func requestExamples(blocks: [String]) {
        var decoder = HPACKDecoder()
        let decoded = blocks.map { DecodedBlock(hex($0), &decoder) }
        let authority = ":authority: www.example.com"
        #expect(decoded.map(\.outcome) == [.complete, .complete, .complete])
        #expect(
            decoded.map(\.lines) == [
                [":method: GET", ":scheme: http", authority, ":path: /"],
                [
                    ":method: GET", ":scheme: http", authority, ":path: /",
                    "cache-control: no-cache",
                ],
                [
                    ":method: GET", ":scheme: https", authority, ":path: /index.html",
                    "custom-key: custom-value",
                ],
            ])
        #expect(decoded[2].verbatim == "custom-key: custom-value\r\n")
    }

    /// C.5 and C.6 need a table of 256 bytes, from which fields fall out.
    @Test(arguments: [
        [
            """
            3fe101 4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a
            323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d
            """,
            "4803333037c1c0bf",
            """
            88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738
            666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d33
            3630303b2076657273696f6e3d31
            """,
        ],
        [
            """
            3fe101 488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29
            ad171863c78f0b97c8e9ae82ae43d3
            """,
            "4883640effc1c0bf",
            """
            88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7
            b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007
            """,
        ],
    ])
    func responseExamples(blocks: [String]) {
        var decoder = HPACKDecoder()
        let decoded = blocks.map { DecodedBlock(hex($0), &decoder).lines }
        let date = "date: Mon, 21 Oct 2013 20:13:21 GMT"
        let location = "location: https://www.example.com"
        let cookie = "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"
        #expect(
            decoded == [
                [":status: 302", "cache-control: private", date, location],
                [":status: 307", "cache-control: private", date, location],
                [
                    ":status: 200", "cache-control: private",
                    "date: Mon, 21 Oct 2013 20:13:22 GMT", location, "content-encoding: gzip",
                    cookie,
                ],
            ])
    }

    // MARK: Errors that put the tables out of step

    @Test(arguments: [
        "80", "be", "ff", "00", "40", "10", "0001", "000161", "00016101", "0081", "7f", "3f",
        "4001",
        "8220", "823f00", "00016101623f", "3fe21f", "0f", "0fff", "7e", "8220be",
        // Ill-coded Huffman: zeros as padding, too much padding, the end of string.
        "0081000161", "0082ffff0161", "00016184ffffffff", "0001618400000000",
    ])
    func compressionErrors(text: String) {
        #expect(DecodedBlock(hex(text)).outcome == .compressionError, "\(text)")
    }

    @Test func everyPrefixOfABlockIsReadOrRefused() {
        let block = hex("828785 418cf1e3c2e5f23a6ba0ab90f4ff 400a637573746f6d2d6b65790163")
        for count in 0..<block.count {
            let outcome = DecodedBlock(Array(block[..<count])).outcome
            #expect(outcome == .complete || outcome == .compressionError)
        }
        #expect(DecodedBlock(block).outcome == .complete)
    }

    // MARK: The table's size

    @Test func theTableIsNeverLargerThanAnnounced() {
        var decoder = HPACKDecoder()
        #expect(DecodedBlock(hex("3fe11f"), &decoder).outcome == .complete)
        decoder.tableBytesMaxAcknowledged(8192)
        #expect(DecodedBlock(hex("3fe13f"), &decoder).outcome == .complete)
        #expect(DecodedBlock(hex("3fe23f"), &decoder).outcome == .compressionError)
    }

    /// RFC 9113 §4.3.1.
    @Test(arguments: [
        ("82", HPACKDecoder.Outcome.compressionError), ("20", .complete), ("2082", .complete),
        ("3fe10782", .compressionError), ("3f4582", .complete), ("3f4682", .compressionError),
        ("203f4582", .complete), ("", .complete),
    ])
    func aReductionHasToBeFollowed(text: String, outcome: HPACKDecoder.Outcome) {
        var decoder = HPACKDecoder()
        decoder.tableBytesMaxAcknowledged(100)
        #expect(DecodedBlock(hex(text), &decoder).outcome == outcome)
    }

    @Test func theSmallestOfSeveralReductionsHasToBeFollowed() {
        var decoder = HPACKDecoder()
        decoder.tableBytesMaxAcknowledged(0)
        decoder.tableBytesMaxAcknowledged(4096)
        #expect(DecodedBlock(hex("3fe11f"), &decoder).outcome == .compressionError)
        decoder = HPACKDecoder()
        decoder.tableBytesMaxAcknowledged(0)
        decoder.tableBytesMaxAcknowledged(4096)
        #expect(DecodedBlock(hex("203fe11f"), &decoder).outcome == .complete)
    }

    // MARK: Faults that are one message's

    /// `x-a: 1` goes into the table whatever the message is.
    static func tableAfter(_ block: [UInt8], limits: HeadLimits, _ outcome: HPACKDecoder.Outcome) {
        var decoder = HPACKDecoder()
        let indexed = [0x40] + plainString(Array("x-a".utf8)) + plainString([0x31])
        let first = DecodedBlock(block + indexed, &decoder, limits: limits)
        #expect(first.outcome == outcome)
        #expect(first.lines.contains("x-a: 1") == (outcome == .complete))
        let second = DecodedBlock([0xbe], &decoder)
        #expect(second.outcome == .complete)
        #expect(second.lines == ["x-a: 1"])
    }

    @Test func theTableStaysInStep() {
        let limits = DecodedBlock.limits
        Self.tableAfter(plainBlock([("X", "1")]), limits: limits, .malformed(.malformedFieldName))
        Self.tableAfter([0x82, 0x82], limits: limits, .malformed(.pseudoFieldRepeated))
        let few = HeadLimits(startLineBytesMax: 100, headBytesMax: 1000, fieldCountMax: 1)
        Self.tableAfter(
            plainBlock([("a", ""), ("b", "")]), limits: few, .tooLarge(.tooManyHeaderFields))
        let small = HeadLimits(startLineBytesMax: 100, headBytesMax: 40, fieldCountMax: 9)
        Self.tableAfter(
            plainBlock([("a", "12345678")]), limits: small, .tooLarge(.headerSectionTooLarge))
    }

    @Test func aMalformedFieldStaysOneInTheTable() {
        var decoder = HPACKDecoder()
        let upper = [0x40] + plainString([0x58]) + plainString([0x31])
        #expect(DecodedBlock(upper, &decoder).outcome == .malformed(.malformedFieldName))
        #expect(DecodedBlock([0xbe], &decoder).outcome == .malformed(.malformedFieldName))
        // Its name, with another value.
        let named = [0x0f, 0x2f] + plainString([0x32])
        #expect(DecodedBlock(named, &decoder).outcome == .malformed(.malformedFieldName))
        let te = [0x40] + plainString(Array("te".utf8)) + plainString(Array("gzip".utf8))
        #expect(DecodedBlock(te, &decoder).outcome == .malformed(.connectionSpecificField))
        let better = [0x0f, 0x2f] + plainString(Array("trailers".utf8))
        #expect(DecodedBlock(better, &decoder).lines == ["te: trailers"])
    }

    @Test func limitsAreExact() {
        // As SETTINGS_MAX_HEADER_LIST_SIZE counts: 3 + 5 + 32.
        let block = plainBlock([("abc", "12345")])
        for (bytesMax, outcome) in [
            (40, HPACKDecoder.Outcome.complete), (39, .tooLarge(.headerSectionTooLarge)),
        ] {
            let limits = HeadLimits(
                startLineBytesMax: 100, headBytesMax: bytesMax, fieldCountMax: 9)
            #expect(DecodedBlock(block, limits: limits).outcome == outcome)
        }
        let limits = HeadLimits(startLineBytesMax: 100, headBytesMax: 1000, fieldCountMax: 2)
        let fields = { (count: Int) in
            [0x82, 0x84] + plainBlock((0..<count).map { ("a\($0)", "") })
        }
        #expect(DecodedBlock(fields(2), limits: limits).outcome == .complete)
        #expect(
            DecodedBlock(fields(3), limits: limits).outcome == .tooLarge(.tooManyHeaderFields))
    }

    /// A field of 4 KB once, then a byte for each time it is meant.
    @Test func aBombIsNotReadToItsEnd() {
        var decoder = HPACKDecoder()
        let value = [UInt8](repeating: 0x76, count: 4000)
        let field = [0x40] + plainString([0x62]) + plainString(value)
        #expect(DecodedBlock(field, &decoder).outcome == .complete)
        let bomb = [UInt8](repeating: 0xbe, count: 16_000)
        var headers = HeaderList()
        var pseudo = HTTP2PseudoFields()
        let outcome = decoder.decode(
            bomb.span, into: &headers, pseudo: &pseudo, limits: DecodedBlock.limits,
            isTrailers: false)
        #expect(outcome == .excessive)
        let bytes = headers.bytes.count
        #expect(bytes <= DecodedBlock.limits.headBytesMax)
        // Too large, but not that large.
        let more = DecodedBlock([UInt8](repeating: 0xbe, count: 10), &decoder)
        #expect(more.outcome == .tooLarge(.headerSectionTooLarge))
    }

    @Test func whatIsNotStoredTakesNoRoom() {
        var headers = HeaderList()
        var pseudo = HTTP2PseudoFields()
        var decoder = HPACKDecoder()
        let limits = HeadLimits(startLineBytesMax: 100, headBytesMax: 100, fieldCountMax: 9)
        let block = plainBlock((0..<100).map { ("x-\($0)", "value") })
        let outcome = decoder.decode(
            block.span, into: &headers, pseudo: &pseudo, limits: limits, isTrailers: false)
        #expect(outcome == .tooLarge(.headerSectionTooLarge))
        let bytes = headers.bytes.count
        #expect(bytes == 2 * "x-1: value\r\n".utf8.count)
    }

    // MARK: Hostile bytes

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func randomBytesAreReadOrRefused(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var decoder = HPACKDecoder()
        var outcomes: Set<String> = []
        for _ in 0..<3000 {
            let block = (0..<(random.next() % 60)).map { _ in
                UInt8(truncatingIfNeeded: random.next() & (random.next() | 0x81))
            }
            let decoded = DecodedBlock(block, &decoder, isTrailers: random.next() % 4 == 0)
            outcomes.insert("\(decoded.outcome)")
            for line in decoded.lines {
                #expect(!line.contains("\r") && !line.contains("\n") && !line.contains("\0"))
            }
        }
        #expect(outcomes.count > 3, "seed \(seed)")
    }
}
