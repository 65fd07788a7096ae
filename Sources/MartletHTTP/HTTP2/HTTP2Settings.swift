/// One side's settings (RFC 9113 §6.5.2, RFC 8441 §3), at first the values that hold before any
/// were sent.
package struct HTTP2Settings: Sendable, BitwiseCopyable, Equatable {
    /// Bytes of an identifier and its value.
    package static let entryByteCount = 6
    package static let windowSizeMax = 0x7fff_ffff

    package enum Identifier: UInt16, Sendable, BitwiseCopyable, CaseIterable {
        case headerTableSize = 1
        case enablePush = 2
        case maxConcurrentStreams = 3
        case initialWindowSize = 4
        case maxFrameSize = 5
        case maxHeaderListSize = 6
        case enableConnectProtocol = 8
    }

    /// Bytes of the dynamic table that the sender of the settings keeps for what it decodes.
    package var headerTableBytesMax = 4096
    package var allowsPush = true
    /// `nil` is no limit.
    package var concurrentStreamsMax: Int?
    package var initialWindowSize = 65_535
    /// 16 KiB to 16 MiB - 1.
    package var framePayloadBytesMax = 16_384
    /// As RFC 7541 §4.1 counts: name, value and 32 for each field; `nil` is no limit.
    package var headerListBytesMax: Int?
    /// Extended CONNECT may be used towards the sender of the settings (RFC 8441).
    package var allowsConnectProtocol = false

    package init() {}

    /// Which end of the connection a SETTINGS frame comes from.
    package enum Sender: Sendable, BitwiseCopyable { case client, server }

    /// Takes a SETTINGS payload, in order; unknown identifiers are ignored (RFC 9113 §6.5.2).
    ///
    /// After a violation some of the values may have been taken; the connection is over anyway.
    package mutating func apply(_ payload: Span<UInt8>, from sender: Sender) -> HTTP2Violation? {
        guard payload.count % Self.entryByteCount == 0 else { return .connection(.frameSizeError) }
        var start = 0
        while start < payload.count {
            let code = UInt16(payload[start]) << 8 | UInt16(payload[start + 1])
            let value = Int(payload.bigEndian32(at: start + 2))
            if let identifier = Identifier(rawValue: code),
                let violation = self.set(identifier, to: value, from: sender)
            {
                return violation
            }
            start += Self.entryByteCount
        }
        return nil
    }

    private mutating func set(
        _ identifier: Identifier, to value: Int, from sender: Sender
    ) -> HTTP2Violation? {
        switch identifier {
        case .headerTableSize: self.headerTableBytesMax = value
        case .enablePush:
            // Servers may say 0 and nothing else.
            guard value <= 1, value == 0 || sender == .client else {
                return .connection(.protocolError)
            }
            self.allowsPush = value == 1
        case .maxConcurrentStreams: self.concurrentStreamsMax = value
        case .initialWindowSize:
            guard value <= Self.windowSizeMax else { return .connection(.flowControlError) }
            self.initialWindowSize = value
        case .maxFrameSize:
            guard 16_384...16_777_215 ~= value else { return .connection(.protocolError) }
            self.framePayloadBytesMax = value
        case .maxHeaderListSize: self.headerListBytesMax = value
        case .enableConnectProtocol:
            // RFC 8441 §3: what has been allowed cannot be taken back.
            guard value <= 1, value == 1 || !self.allowsConnectProtocol else {
                return .connection(.protocolError)
            }
            self.allowsConnectProtocol = value == 1
        }
        return nil
    }

    /// Writes a whole SETTINGS frame with the values that differ from those that hold at first.
    package func write(to cursor: inout ByteCursor) {
        let first = HTTP2Settings()
        let open = HTTP2FrameWriter.begin(.settings, streamID: 0, to: &cursor)
        Self.write(.headerTableSize, self.headerTableBytesMax, first.headerTableBytesMax, &cursor)
        Self.write(.enablePush, self.allowsPush ? 1 : 0, 1, &cursor)
        Self.write(.maxConcurrentStreams, self.concurrentStreamsMax, nil, &cursor)
        Self.write(.initialWindowSize, self.initialWindowSize, first.initialWindowSize, &cursor)
        Self.write(.maxFrameSize, self.framePayloadBytesMax, first.framePayloadBytesMax, &cursor)
        Self.write(.maxHeaderListSize, self.headerListBytesMax, nil, &cursor)
        Self.write(.enableConnectProtocol, self.allowsConnectProtocol ? 1 : 0, 0, &cursor)
        HTTP2FrameWriter.end(open, to: &cursor)
    }

    private static func write(
        _ identifier: Identifier, _ value: Int?, _ first: Int?, _ cursor: inout ByteCursor
    ) {
        guard let value, value != first else { return }
        cursor.writeByte(0)
        cursor.writeByte(UInt8(truncatingIfNeeded: identifier.rawValue))
        cursor.writeBigEndian32(UInt32(clamping: value))
    }
}
