import MartletHTTP
import Testing

/// RFC 9113 §8.2, with every byte.
@Suite struct HTTP2FieldRulesTests {
    static let errors: [(String, String, MessageError?)] = [
        ("x-a", "b", nil), ("x-a", "", nil), ("x-a", "a \tb", nil), ("x-a", "\u{e9}", nil),
        ("x-a", "ends with:", nil), ("!#$%&'*+-.^_`|~09az", "b", nil), ("te", "trailers", nil),
        ("te", "Trailers", nil), ("x-upgrade", "b", nil),
        ("", "b", .malformedFieldName), ("X-A", "b", .malformedFieldName),
        ("x-A", "b", .malformedFieldName), ("x a", "b", .malformedFieldName),
        ("x:a", "b", .malformedFieldName), ("x-a:", "b", .malformedFieldName),
        ("x\r\na", "b", .malformedFieldName), ("x-\u{e9}", "b", .malformedFieldName),
        ("content_length", "1", .malformedFieldName),
        ("transfer_encoding", "chunked", .malformedFieldName),
        ("x-a", "b\r\nc: d", .forbiddenByteInValue), ("x-a", "b\n", .forbiddenByteInValue),
        ("x-a", "\r", .forbiddenByteInValue), ("x-a", "b\u{0}", .forbiddenByteInValue),
        ("x-a", " b", .whitespaceAroundValue), ("x-a", "b ", .whitespaceAroundValue),
        ("x-a", "\tb", .whitespaceAroundValue), ("x-a", "b\t", .whitespaceAroundValue),
        ("x-a", " ", .whitespaceAroundValue),
        ("connection", "close", .connectionSpecificField),
        ("proxy-connection", "a", .connectionSpecificField),
        ("keep-alive", "a", .connectionSpecificField),
        ("transfer-encoding", "chunked", .connectionSpecificField),
        ("transfer-encoding", "", .connectionSpecificField),
        ("upgrade", "h2c", .connectionSpecificField),
        ("te", "gzip", .connectionSpecificField), ("te", "", .connectionSpecificField),
        ("te", "trailers, gzip", .connectionSpecificField),
    ]

    @Test(arguments: errors)
    func field(name: String, value: String, error: MessageError?) {
        let decoded = DecodedBlock([(name, value)])
        if let error {
            #expect(decoded.outcome == .malformed(error))
            #expect(decoded.lines.isEmpty)
        } else {
            #expect(decoded.outcome == .complete)
            #expect(decoded.lines == ["\(name): \(value)"])
        }
    }

    static func outcome(name: [UInt8], value: [UInt8]) -> HPACKDecoder.Outcome {
        DecodedBlock([0] + plainString(name) + plainString(value)).outcome
    }

    @Test func namesAreLowerCaseTokens() {
        let allowed = Array("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz".utf8)
        for byte in UInt8.min...UInt8.max {
            let outcome = Self.outcome(name: [0x78, byte, 0x78], value: [0x76])
            #expect((outcome == .complete) == allowed.contains(byte), "\(byte)")
        }
    }

    @Test(arguments: [1, 7, 8, 9, 20])
    func valuesHoldNoControls(count: Int) {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<count {
                var value = [UInt8](repeating: 0x76, count: count)
                value[place] = byte
                let outcome = Self.outcome(name: [0x78], value: value)
                let isEdge = place == 0 || place == count - 1
                switch byte {
                case 9, 32:
                    let error = HPACKDecoder.Outcome.malformed(.whitespaceAroundValue)
                    #expect(outcome == (isEdge ? error : .complete), "\(byte)")
                case 0..<32, 127: #expect(outcome == .malformed(.forbiddenByteInValue), "\(byte)")
                default: #expect(outcome == .complete, "\(byte)")
                }
            }
        }
    }
}
