import MartletHTTP
import Testing

/// RFC 9113 §8.1 and §8.3: what a field may not be because of those before it.
@Suite struct HTTP2FieldSectionTests {
    static let errors: [([(String, String)], MessageError?)] = [
        ([(":method", "GET"), (":path", "/"), ("a", "b")], nil),
        ([(":method", "GET"), (":method", "GET")], .pseudoFieldRepeated),
        ([(":path", ""), (":path", "")], .pseudoFieldRepeated),
        ([("a", "b"), (":method", "GET")], .pseudoFieldMisplaced),
        ([(":method", "GET"), ("a", "b"), (":path", "/")], .pseudoFieldMisplaced),
        ([("a", "b"), ("a", "b")], nil),
        ([], nil),
    ]

    @Test(arguments: errors.indices)
    func heads(index: Int) {
        let (fields, error) = Self.errors[index]
        let outcome = DecodedBlock(fields).outcome
        #expect(outcome == error.map { .malformed($0) } ?? .complete)
    }

    @Test func trailersHaveNoPseudoFields() {
        for name in HTTP2PseudoFields.Name.allCases {
            let decoded = DecodedBlock([(":\(name)", "v")], isTrailers: true)
            #expect(decoded.outcome == .malformed(.pseudoFieldMisplaced))
        }
        #expect(DecodedBlock([("a", "b")], isTrailers: true).lines == ["a: b"])
    }

    /// Fields that have been counted, `bytes` each, until something else than `complete`.
    @Test func theFirstFaultIsTold() {
        let limits = HeadLimits(startLineBytesMax: 100, headBytesMax: 100, fieldCountMax: 2)
        let faulty = plainBlock([("X", "")])
        let large = plainBlock([("a", String(repeating: "v", count: 100))])
        #expect(
            DecodedBlock(faulty + large, limits: limits).outcome
                == .malformed(.malformedFieldName))
        #expect(
            DecodedBlock(large + faulty, limits: limits).outcome
                == .tooLarge(.headerSectionTooLarge))
    }

    @Test func nothingIsStoredBehindAFault() {
        let decoded = DecodedBlock([("a", "1"), ("B", "2"), ("c", "3")])
        #expect(decoded.lines == ["a: 1"])
    }

    /// 64 KiB, or four times the limit.
    @Test(arguments: [(100, 65_536), (16_384, 65_536), (32_768, 131_072)])
    func excess(bytesMax: Int, excess: Int) {
        let limits = HeadLimits(
            startLineBytesMax: 100, headBytesMax: bytesMax, fieldCountMax: 100)
        let block = { (count: Int) in
            plainBlock([("a", String(repeating: "v", count: count - 33))])
        }
        #expect(
            DecodedBlock(block(excess), limits: limits).outcome
                == .tooLarge(.headerSectionTooLarge))
        #expect(DecodedBlock(block(excess + 1), limits: limits).outcome == .excessive)
    }
}
