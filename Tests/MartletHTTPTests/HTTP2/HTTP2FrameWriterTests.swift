import MartletHTTP
import Testing

@Suite struct HTTP2FrameWriterTests {
    @Test func theClientPreface() {
        #expect(HTTP2FrameWriter.clientPreface.description.utf8.count == 24)
    }

    @Test func framesOfAKnownSize() {
        #expect(
            written {
                HTTP2FrameWriter.writeDataHeader(
                    streamID: 5, payloadCount: 0x1234, endStream: true, to: &$0)
            } == hex("001234 00 01 00000005"))
        #expect(
            written { HTTP2FrameWriter.writeResetStream(streamID: 3, .cancel, to: &$0) }
                == hex("000004 03 00 00000003 00000008"))
        #expect(
            written { HTTP2FrameWriter.writeSettingsAcknowledgement(to: &$0) }
                == hex("000000 04 01 00000000"))
        #expect(
            written {
                HTTP2FrameWriter.writePing(
                    0x0123_4567_89ab_cdef, isAcknowledgement: true, to: &$0)
            } == hex("000008 06 01 00000000 0123456789abcdef"))
        #expect(
            written {
                HTTP2FrameWriter.writeGoAway(
                    lastStreamID: 0x7fff_ffff, .enhanceYourCalm, to: &$0)
            } == hex("000008 07 00 00000000 7fffffff 0000000b"))
        #expect(
            written {
                HTTP2FrameWriter.writeWindowUpdate(streamID: 0, increment: 65_535, to: &$0)
            } == hex("000004 08 00 00000000 0000ffff"))
    }

    @Test func aFrameGetsItsLengthAtTheEnd() {
        let bytes = written { cursor in
            cursor.write("before")
            let open = HTTP2FrameWriter.begin(.settings, streamID: 0, to: &cursor)
            cursor.write([1, 2, 3])
            HTTP2FrameWriter.end(open, to: &cursor)
        }
        #expect(bytes == Array("before".utf8) + hex("000003 04 00 00000000 010203"))
    }

    /// A HEADERS frame with `count` bytes of block, 7 in a frame.
    static func headers(_ count: Int) -> [UInt8]? {
        written { cursor in
            let open = HTTP2FrameWriter.beginHeaders(streamID: 9, endStream: true, to: &cursor)
            cursor.write((0..<count).map { UInt8($0) })
            HTTP2FrameWriter.endHeaders(open, payloadCountMax: 7, to: &cursor)
        }
    }

    @Test func blocksThatFitStayWhole() {
        #expect(Self.headers(0) == hex("000000 01 05 00000009"))
        #expect(Self.headers(7) == hex("000007 01 05 00000009 00010203040506"))
    }

    @Test(arguments: 8...50)
    func longerBlocksAreContinued(count: Int) throws {
        let bytes = try #require(Self.headers(count))
        var start = 0
        var block: [UInt8] = []
        while start < bytes.count {
            let header = try #require(HTTP2FrameHeader.read(bytes, at: start))
            let end = start + 9 + header.payloadCount
            #expect(header.type == (start == 0 ? .headers : .continuation))
            #expect(header.flags.contains(.endStream) == (start == 0))
            #expect(header.flags.contains(.endHeaders) == (end == bytes.count))
            #expect(header.streamID == 9)
            #expect(header.payloadCount <= 7 && header.payloadCount > 0)
            block += bytes[(start + 9)..<end]
            start = end
        }
        #expect(block == (0..<count).map { UInt8($0) })
    }

    @Test func whatDoesNotFitIsOverfull() {
        for capacity in 0..<46 {
            let bytes = written(capacity: capacity) { cursor in
                let open = HTTP2FrameWriter.beginHeaders(
                    streamID: 9, endStream: false, to: &cursor)
                cursor.write((0..<20).map { UInt8($0) })
                HTTP2FrameWriter.endHeaders(open, payloadCountMax: 7, to: &cursor)
            }
            #expect(bytes == nil)
        }
    }
}
