/// The frame types of RFC 9113 §6; every other type is ignored (§4.1).
package enum HTTP2FrameType: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case data
    case headers
    case priority
    case resetStream
    case settings
    case pushPromise
    case ping
    case goAway
    case windowUpdate
    case continuation
}

/// A frame's flags; which of them mean something depends on its type.
package struct HTTP2FrameFlags: OptionSet, Sendable, BitwiseCopyable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// DATA and HEADERS.
    package static let endStream = HTTP2FrameFlags(rawValue: 0x1)
    /// SETTINGS and PING.
    package static let acknowledgement = HTTP2FrameFlags(rawValue: 0x1)
    /// HEADERS, PUSH_PROMISE and CONTINUATION.
    package static let endHeaders = HTTP2FrameFlags(rawValue: 0x4)
    /// DATA, HEADERS and PUSH_PROMISE.
    package static let padded = HTTP2FrameFlags(rawValue: 0x8)
    /// HEADERS.
    package static let priority = HTTP2FrameFlags(rawValue: 0x20)
}

/// The nine bytes before each frame's payload (RFC 9113 §4.1).
package struct HTTP2FrameHeader: Sendable, BitwiseCopyable, Equatable {
    package static let byteCount = 9

    package var payloadCount: Int
    /// As on the wire; `type` is `nil` for one that is not known.
    package var typeCode: UInt8
    package var flags: HTTP2FrameFlags
    /// 31 bits; 0 is the connection itself.
    package var streamID: UInt32

    package var type: HTTP2FrameType? { HTTP2FrameType(rawValue: self.typeCode) }

    package init(
        _ type: HTTP2FrameType, payloadCount: Int, flags: HTTP2FrameFlags = [],
        streamID: UInt32 = 0
    ) {
        self.payloadCount = payloadCount
        self.typeCode = type.rawValue
        self.flags = flags
        self.streamID = streamID & 0x7fff_ffff
    }

    /// Reads the header that begins at `start`; `nil` if it is not whole yet.
    package init?(_ input: Span<UInt8>, at start: Int) {
        guard input.count - start >= Self.byteCount else { return nil }
        self.payloadCount =
            Int(input[start]) << 16 | Int(input[start + 1]) << 8 | Int(input[start + 2])
        self.typeCode = input[start + 3]
        self.flags = HTTP2FrameFlags(rawValue: input[start + 4])
        self.streamID = input.bigEndian32(at: start + 5) & 0x7fff_ffff
    }

    package func write(to cursor: inout ByteCursor) {
        cursor.writeBigEndian24(self.payloadCount)
        cursor.writeByte(self.typeCode)
        cursor.writeByte(self.flags.rawValue)
        cursor.writeBigEndian32(self.streamID)
    }

    /// What the header alone shows to be wrong, before the payload is waited for.
    ///
    /// Sizes and stream identifiers of RFC 9113 §4.2 and §6. Frames larger than `payloadCountMax`,
    /// our SETTINGS_MAX_FRAME_SIZE, end the connection, whatever they are.
    package func violation(payloadCountMax: Int) -> HTTP2Violation? {
        guard self.payloadCount <= payloadCountMax else { return .connection(.frameSizeError) }
        guard let type = self.type else { return nil }
        switch type {
        case .data, .headers, .priority, .resetStream, .pushPromise, .continuation:
            guard self.streamID != 0 else { return .connection(.protocolError) }
        case .settings, .ping, .goAway:
            guard self.streamID == 0 else { return .connection(.protocolError) }
        case .windowUpdate: break
        }
        guard !self.isPayloadCountAllowed(type) else { return nil }
        // RFC 9113 §6.3: the one size that a stream alone pays for.
        return type == .priority ? .stream(.frameSizeError) : .connection(.frameSizeError)
    }

    private func isPayloadCountAllowed(_ type: HTTP2FrameType) -> Bool {
        let padding = self.flags.contains(.padded) ? 1 : 0
        return switch type {
        case .data: self.payloadCount >= padding
        case .headers:
            self.payloadCount >= padding + (self.flags.contains(.priority) ? 5 : 0)
        case .priority: self.payloadCount == 5
        case .resetStream, .windowUpdate: self.payloadCount == 4
        case .settings:
            self.flags.contains(.acknowledgement)
                ? self.payloadCount == 0 : self.payloadCount % HTTP2Settings.entryByteCount == 0
        case .pushPromise: self.payloadCount >= padding + 4
        case .ping: self.payloadCount == 8
        case .goAway: self.payloadCount >= 8
        case .continuation: true
        }
    }
}

extension Span where Element == UInt8 {
    /// Four bytes in network order; they must be there.
    func bigEndian32(at start: Int) -> UInt32 {
        UInt32(self[start]) << 24 | UInt32(self[start + 1]) << 16 | UInt32(self[start + 2]) << 8
            | UInt32(self[start + 3])
    }
}

extension ByteCursor {
    mutating func writeBigEndian24(_ number: Int) {
        self.writeByte(UInt8(truncatingIfNeeded: number >> 16))
        self.writeByte(UInt8(truncatingIfNeeded: number >> 8))
        self.writeByte(UInt8(truncatingIfNeeded: number))
    }

    mutating func writeBigEndian32(_ number: UInt32) {
        self.writeByte(UInt8(truncatingIfNeeded: number >> 24))
        self.writeBigEndian24(Int(number & 0xff_ffff))
    }
}
