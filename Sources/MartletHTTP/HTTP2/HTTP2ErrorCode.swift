/// Why a stream or a connection ends (RFC 9113 §7).
package enum HTTP2ErrorCode: UInt32, Sendable, BitwiseCopyable, CaseIterable {
    case noError
    case protocolError
    case internalError
    case flowControlError
    case settingsTimeout
    case streamClosed
    case frameSizeError
    case refusedStream
    case cancel
    case compressionError
    case connectError
    case enhanceYourCalm
    case inadequateSecurity
    case http11Required

    /// A code from the wire; unknown ones are internal errors, as RFC 9113 §7 allows.
    package init(wire code: UInt32) {
        self = HTTP2ErrorCode(rawValue: code) ?? .internalError
    }
}

/// What a peer's frame broke: the whole connection (RFC 9113 §5.4.1) or its own stream (§5.4.2).
package enum HTTP2Violation: Error, Sendable, BitwiseCopyable, Equatable {
    /// To be answered by GOAWAY and the end of the connection.
    case connection(HTTP2ErrorCode)
    /// To be answered by RST_STREAM on the frame's stream.
    case stream(HTTP2ErrorCode)
}
