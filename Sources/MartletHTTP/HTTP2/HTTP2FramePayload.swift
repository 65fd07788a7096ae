/// Readers of frame payloads (RFC 9113 §6).
///
/// They take frames whose header `HTTP2FrameHeader.violation` has let pass, and the payload without
/// that header, whole; of DATA the first byte is enough. Ranges are relative to the payload.
/// Nothing is copied.
package enum HTTP2FramePayload {
    /// Where DATA's bytes lie, padding taken away (RFC 9113 §6.1).
    ///
    /// Flow control counts the whole payload, padding included.
    package static func data(
        _ header: HTTP2FrameHeader, _ payload: Span<UInt8>
    ) -> Result<Range<Int>, HTTP2Violation> {
        self.content(header, payload, fixedCount: 0)
    }

    /// HEADERS: its part of the field block (RFC 9113 §6.2).
    package struct Headers: Sendable, Equatable {
        package var block: Range<Int>
        /// A stream error PROTOCOL_ERROR (RFC 7540 §5.3.1), once the block has been decoded: the
        /// dynamic table has to stay in step.
        package var isSelfDependent: Bool
    }

    /// The priority fields are checked and otherwise ignored (RFC 9113 §5.3.2).
    package static func headers(
        _ header: HTTP2FrameHeader, _ payload: Span<UInt8>
    ) -> Result<Headers, HTTP2Violation> {
        let hasPriority = header.flags.contains(.priority)
        return self.content(header, payload, fixedCount: hasPriority ? 5 : 0).map { block in
            Headers(
                block: block,
                isSelfDependent: hasPriority
                    && self.dependency(payload, at: block.lowerBound - 5) == header.streamID)
        }
    }

    /// PRIORITY says nothing that is acted on, but may be wrong.
    package static func priority(
        _ header: HTTP2FrameHeader, _ payload: Span<UInt8>
    ) -> HTTP2Violation? {
        guard payload.count == 5 else { return .stream(.frameSizeError) }
        return self.dependency(payload, at: 0) == header.streamID ? .stream(.protocolError) : nil
    }

    package static func resetStream(
        _ payload: Span<UInt8>
    ) -> Result<HTTP2ErrorCode, HTTP2Violation> {
        guard payload.count == 4 else { return .failure(.connection(.frameSizeError)) }
        return .success(HTTP2ErrorCode(wire: payload.bigEndian32(at: 0)))
    }

    /// PUSH_PROMISE, which is a connection error for whoever has not allowed it, as Martlet never
    /// does (RFC 9113 §6.6).
    package struct PushPromise: Sendable, Equatable {
        package var promisedStreamID: UInt32
        package var block: Range<Int>
    }

    package static func pushPromise(
        _ header: HTTP2FrameHeader, _ payload: Span<UInt8>
    ) -> Result<PushPromise, HTTP2Violation> {
        self.content(header, payload, fixedCount: 4).flatMap { block in
            let promised = payload.bigEndian32(at: block.lowerBound - 4) & 0x7fff_ffff
            // Only servers promise, and their streams are even (RFC 9113 §5.1.1).
            guard promised != 0, promised & 1 == 0 else {
                return .failure(.connection(.protocolError))
            }
            return .success(PushPromise(promisedStreamID: promised, block: block))
        }
    }

    /// PING's eight bytes as one number, to be given back as they are.
    package static func ping(_ payload: Span<UInt8>) -> Result<UInt64, HTTP2Violation> {
        guard payload.count == 8 else { return .failure(.connection(.frameSizeError)) }
        return .success(
            UInt64(payload.bigEndian32(at: 0)) << 32 | UInt64(payload.bigEndian32(at: 4)))
    }

    /// GOAWAY (RFC 9113 §6.8); its debug data is ignored.
    package struct GoAway: Sendable, BitwiseCopyable, Equatable {
        /// Streams above it were not and will not be looked at.
        package var lastStreamID: UInt32
        package var errorCode: HTTP2ErrorCode
    }

    package static func goAway(_ payload: Span<UInt8>) -> Result<GoAway, HTTP2Violation> {
        guard payload.count >= 8 else { return .failure(.connection(.frameSizeError)) }
        return .success(
            GoAway(
                lastStreamID: payload.bigEndian32(at: 0) & 0x7fff_ffff,
                errorCode: HTTP2ErrorCode(wire: payload.bigEndian32(at: 4))))
    }

    /// By how much the peer opens a window: 1 to 2^31-1 (RFC 9113 §6.9).
    ///
    /// That the window stays below 2^31 is for its owner to check.
    package static func windowUpdate(
        _ header: HTTP2FrameHeader, _ payload: Span<UInt8>
    ) -> Result<Int, HTTP2Violation> {
        guard payload.count == 4 else { return .failure(.connection(.frameSizeError)) }
        let increment = Int(payload.bigEndian32(at: 0) & 0x7fff_ffff)
        guard increment > 0 else {
            return .failure(
                header.streamID == 0 ? .connection(.protocolError) : .stream(.protocolError))
        }
        return .success(increment)
    }

    // MARK: Parts

    /// What is left between the pad length with `fixedCount` bytes of fields, and the padding.
    ///
    /// Padding that leaves no room for the rest is a connection error (RFC 9113 §6.1).
    private static func content(
        _ header: HTTP2FrameHeader, _ payload: Span<UInt8>, fixedCount: Int
    ) -> Result<Range<Int>, HTTP2Violation> {
        var start = fixedCount
        var end = header.payloadCount
        if header.flags.contains(.padded) {
            guard !payload.isEmpty else { return .failure(.connection(.frameSizeError)) }
            start += 1
            end -= Int(payload[0])
        }
        guard fixedCount == 0 || payload.count >= start else {
            return .failure(.connection(.frameSizeError))
        }
        guard start <= end else { return .failure(.connection(.protocolError)) }
        return .success(start..<end)
    }

    /// The stream that another is said to depend on; the exclusive bit is dropped.
    private static func dependency(_ payload: Span<UInt8>, at start: Int) -> UInt32 {
        payload.bigEndian32(at: start) & 0x7fff_ffff
    }
}
