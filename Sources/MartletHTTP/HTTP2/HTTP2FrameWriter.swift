/// Writes the frames that a proxy sends (RFC 9113 §6): never PRIORITY, never PUSH_PROMISE, no
/// padding.
package enum HTTP2FrameWriter {
    /// What a client sends before its first SETTINGS frame (RFC 9113 §3.4).
    package static let clientPreface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// A frame whose header stands in the cursor, with no length yet.
    package struct OpenFrame: Sendable, BitwiseCopyable {
        let start: Int
        let streamID: UInt32
    }

    /// Writes a frame's header; the payload follows, then `end` or `endHeaders`.
    package static func begin(
        _ type: HTTP2FrameType, flags: HTTP2FrameFlags = [], streamID: UInt32,
        to cursor: inout ByteCursor
    ) -> OpenFrame {
        let open = OpenFrame(start: cursor.count, streamID: streamID)
        HTTP2FrameHeader(type, payloadCount: 0, flags: flags, streamID: streamID)
            .write(to: &cursor)
        return open
    }

    /// Puts the length of what was written since into the header.
    package static func end(_ open: OpenFrame, to cursor: inout ByteCursor) {
        let count = cursor.count - open.start - HTTP2FrameHeader.byteCount
        self.setPayloadCount(count, at: open.start, &cursor)
    }

    // MARK: Field blocks

    /// Begins HEADERS; the field block follows, then `endHeaders`.
    package static func beginHeaders(
        streamID: UInt32, endStream: Bool, to cursor: inout ByteCursor
    ) -> OpenFrame {
        self.begin(
            .headers, flags: endStream ? .endStream : [], streamID: streamID, to: &cursor)
    }

    /// Ends HEADERS, and moves what is longer than the peer takes into CONTINUATION frames.
    ///
    /// - `payloadCountMax`: the peer's SETTINGS_MAX_FRAME_SIZE.
    package static func endHeaders(
        _ open: OpenFrame, payloadCountMax: Int, to cursor: inout ByteCursor
    ) {
        let headerCount = HTTP2FrameHeader.byteCount
        var start = open.start
        var rest = cursor.count - start - headerCount
        while rest > payloadCountMax {
            self.setPayloadCount(payloadCountMax, at: start, &cursor)
            start += headerCount + payloadCountMax
            rest -= payloadCountMax
            cursor.insertRoom(headerCount, at: start)
            self.overwrite(
                HTTP2FrameHeader(.continuation, payloadCount: 0, streamID: open.streamID),
                at: start, &cursor)
        }
        self.setPayloadCount(rest, at: start, &cursor)
        guard !cursor.isOverfull else { return }
        let flags = cursor.written(at: start + 4) | HTTP2FrameFlags.endHeaders.rawValue
        cursor.overwrite(at: start + 4, with: flags)
    }

    // MARK: Frames of a known size

    /// DATA's header; `payloadCount` bytes, which may stand in another buffer, follow.
    package static func writeDataHeader(
        streamID: UInt32, payloadCount: Int, endStream: Bool, to cursor: inout ByteCursor
    ) {
        HTTP2FrameHeader(
            .data, payloadCount: payloadCount, flags: endStream ? .endStream : [],
            streamID: streamID
        ).write(to: &cursor)
    }

    package static func writeResetStream(
        streamID: UInt32, _ code: HTTP2ErrorCode, to cursor: inout ByteCursor
    ) {
        HTTP2FrameHeader(.resetStream, payloadCount: 4, streamID: streamID).write(to: &cursor)
        cursor.writeBigEndian32(code.rawValue)
    }

    package static func writeSettingsAcknowledgement(to cursor: inout ByteCursor) {
        HTTP2FrameHeader(.settings, payloadCount: 0, flags: .acknowledgement).write(to: &cursor)
    }

    package static func writePing(
        _ opaque: UInt64, isAcknowledgement: Bool, to cursor: inout ByteCursor
    ) {
        HTTP2FrameHeader(.ping, payloadCount: 8, flags: isAcknowledgement ? .acknowledgement : [])
            .write(to: &cursor)
        cursor.writeBigEndian32(UInt32(truncatingIfNeeded: opaque >> 32))
        cursor.writeBigEndian32(UInt32(truncatingIfNeeded: opaque))
    }

    package static func writeGoAway(
        lastStreamID: UInt32, _ code: HTTP2ErrorCode, to cursor: inout ByteCursor
    ) {
        HTTP2FrameHeader(.goAway, payloadCount: 8).write(to: &cursor)
        cursor.writeBigEndian32(lastStreamID & 0x7fff_ffff)
        cursor.writeBigEndian32(code.rawValue)
    }

    /// - `increment`: 1 to 2^31-1; stream 0 is the connection's window.
    package static func writeWindowUpdate(
        streamID: UInt32, increment: Int, to cursor: inout ByteCursor
    ) {
        HTTP2FrameHeader(.windowUpdate, payloadCount: 4, streamID: streamID).write(to: &cursor)
        cursor.writeBigEndian32(UInt32(clamping: increment) & 0x7fff_ffff)
    }

    // MARK: Going back

    private static func setPayloadCount(
        _ count: Int, at start: Int, _ cursor: inout ByteCursor
    ) {
        cursor.overwrite(at: start, with: UInt8(truncatingIfNeeded: count >> 16))
        cursor.overwrite(at: start + 1, with: UInt8(truncatingIfNeeded: count >> 8))
        cursor.overwrite(at: start + 2, with: UInt8(truncatingIfNeeded: count))
    }

    /// All but the payload's length.
    private static func overwrite(
        _ header: HTTP2FrameHeader, at start: Int, _ cursor: inout ByteCursor
    ) {
        cursor.overwrite(at: start + 3, with: header.typeCode)
        cursor.overwrite(at: start + 4, with: header.flags.rawValue)
        for index in 0..<4 {
            let shift = UInt32(24 - index * 8)
            cursor.overwrite(
                at: start + 5 + index,
                with: UInt8(truncatingIfNeeded: header.streamID >> shift))
        }
    }
}
