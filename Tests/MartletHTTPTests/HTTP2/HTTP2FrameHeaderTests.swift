import MartletHTTP
import Testing

@Suite struct HTTP2FrameHeaderTests {
    @Test func aHeaderIsReadWhereItBegins() throws {
        let bytes = hex("ff ff 012345 01 2c 80000003")
        let header = try #require(HTTP2FrameHeader.read(bytes, at: 2))
        #expect(header.payloadCount == 0x012345)
        #expect(header.type == .headers)
        #expect(header.flags == [.endHeaders, .padded, .priority])
        #expect(header.streamID == 3, "the reserved bit is ignored (RFC 9113 §4.1)")
    }

    @Test func aHeaderThatIsNotWholeIsNoHeader() {
        let bytes = hex("000000 00 00 00000001")
        for count in 0..<9 {
            #expect(HTTP2FrameHeader.read(Array(bytes[..<count])) == nil)
        }
        #expect(HTTP2FrameHeader.read(bytes, at: 0) != nil)
        #expect(HTTP2FrameHeader.read(bytes, at: 1) == nil)
    }

    @Test func everyTypeGoesOutAndComesBack() throws {
        for type in HTTP2FrameType.allCases {
            let header = HTTP2FrameHeader(
                type, payloadCount: 0xfe_dcba, flags: [.padded], streamID: 0x7fff_ffff)
            let bytes = try #require(written { header.write(to: &$0) })
            #expect(bytes.count == HTTP2FrameHeader.byteCount)
            #expect(HTTP2FrameHeader.read(bytes, at: 0) == header)
        }
    }

    @Test func unknownTypesHaveNoViolations() throws {
        for code in 10...255 {
            let bytes = hex("000003") + [UInt8(code)] + hex("ff 00000000")
            let header = try #require(HTTP2FrameHeader.read(bytes, at: 0))
            #expect(header.type == nil)
            #expect(header.violation(payloadCountMax: 16_384) == nil)
        }
    }

    static let violations: [(HTTP2FrameType, Int, HTTP2FrameFlags, UInt32, HTTP2Violation?)] = [
        (.data, 0, [], 1, nil),
        (.data, 16_384, [], 1, nil),
        (.data, 16_385, [], 1, .connection(.frameSizeError)),
        (.data, 0, [], 0, .connection(.protocolError)),
        (.data, 0, .padded, 1, .connection(.frameSizeError)),
        (.data, 1, .padded, 1, nil),
        (.headers, 0, [], 1, nil),
        (.headers, 0, [], 0, .connection(.protocolError)),
        (.headers, 4, .priority, 1, .connection(.frameSizeError)),
        (.headers, 5, .priority, 1, nil),
        (.headers, 5, [.priority, .padded], 1, .connection(.frameSizeError)),
        (.headers, 6, [.priority, .padded], 1, nil),
        (.priority, 5, [], 1, nil),
        (.priority, 5, [], 0, .connection(.protocolError)),
        (.priority, 4, [], 1, .stream(.frameSizeError)),
        (.priority, 6, [], 1, .stream(.frameSizeError)),
        (.resetStream, 4, [], 1, nil),
        (.resetStream, 4, [], 0, .connection(.protocolError)),
        (.resetStream, 3, [], 1, .connection(.frameSizeError)),
        (.resetStream, 5, [], 1, .connection(.frameSizeError)),
        (.settings, 0, [], 0, nil),
        (.settings, 12, [], 0, nil),
        (.settings, 0, .acknowledgement, 0, nil),
        (.settings, 6, .acknowledgement, 0, .connection(.frameSizeError)),
        (.settings, 7, [], 0, .connection(.frameSizeError)),
        (.settings, 6, [], 1, .connection(.protocolError)),
        (.pushPromise, 4, [], 1, nil),
        (.pushPromise, 3, [], 1, .connection(.frameSizeError)),
        (.pushPromise, 4, .padded, 1, .connection(.frameSizeError)),
        (.pushPromise, 4, [], 0, .connection(.protocolError)),
        (.ping, 8, [], 0, nil),
        (.ping, 8, .acknowledgement, 0, nil),
        (.ping, 7, [], 0, .connection(.frameSizeError)),
        (.ping, 9, [], 0, .connection(.frameSizeError)),
        (.ping, 8, [], 1, .connection(.protocolError)),
        (.goAway, 8, [], 0, nil),
        (.goAway, 100, [], 0, nil),
        (.goAway, 7, [], 0, .connection(.frameSizeError)),
        (.goAway, 8, [], 1, .connection(.protocolError)),
        (.windowUpdate, 4, [], 0, nil),
        (.windowUpdate, 4, [], 1, nil),
        (.windowUpdate, 3, [], 1, .connection(.frameSizeError)),
        (.continuation, 0, [], 1, nil),
        (.continuation, 0, [], 0, .connection(.protocolError)),
    ]

    @Test(arguments: violations)
    func violation(
        type: HTTP2FrameType, count: Int, flags: HTTP2FrameFlags, streamID: UInt32,
        violation: HTTP2Violation?
    ) {
        let header = HTTP2FrameHeader(
            type, payloadCount: count, flags: flags, streamID: streamID)
        #expect(header.violation(payloadCountMax: 16_384) == violation)
    }
}
