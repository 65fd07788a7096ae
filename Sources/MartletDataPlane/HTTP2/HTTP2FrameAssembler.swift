import MartletHTTP
import NIOCore

/// Cuts what is read from a connection into frames (RFC 9113 §4.1).
///
/// Whole frames are slices of what was read. Only a frame that lies across two reads is copied, so
/// it holds at most one frame of `payloadCountMax`.
struct HTTP2FrameAssembler {
    /// The beginning of a frame whose end has not been read.
    private var partial = ByteBuffer()
    /// SETTINGS_MAX_FRAME_SIZE as we announce it: the default, and the least there is (§6.5.2).
    static let payloadCountMax = 16_384

    enum Outcome {
        case frame(HTTP2FrameHeader, ByteBuffer)
        case needsMore
        /// The header alone is wrong; `header` tells whose.
        case failed(HTTP2Violation, HTTP2FrameHeader)
    }

    /// Takes the next frame out of `input`.
    mutating func next(_ input: inout ByteBuffer) -> Outcome {
        guard self.partial.readableBytes == 0 else { return self.complete(&input) }
        guard let header = HTTP2FrameHeader(input.readableBytesUInt8Span, at: 0) else {
            return self.keep(&input)
        }
        if let violation = header.violation(payloadCountMax: Self.payloadCountMax),
            case .connection = violation
        {
            return .failed(violation, header)
        }
        guard input.readableBytes >= HTTP2FrameHeader.byteCount + header.payloadCount else {
            return self.keep(&input)
        }
        input.moveReaderIndex(forwardBy: HTTP2FrameHeader.byteCount)
        guard let payload = input.readSlice(length: header.payloadCount) else { return .needsMore }
        return self.outcome(header, payload)
    }

    private func outcome(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) -> Outcome {
        guard let violation = header.violation(payloadCountMax: Self.payloadCountMax) else {
            return .frame(header, payload)
        }
        return .failed(violation, header)
    }

    /// Goes on with the frame whose beginning is there, taking no byte more than it needs.
    private mutating func complete(_ input: inout ByteBuffer) -> Outcome {
        self.move(HTTP2FrameHeader.byteCount - self.partial.readableBytes, from: &input)
        guard let header = HTTP2FrameHeader(self.partial.readableBytesUInt8Span, at: 0) else {
            return .needsMore
        }
        if let violation = header.violation(payloadCountMax: Self.payloadCountMax),
            case .connection = violation
        {
            return .failed(violation, header)
        }
        let frameCount = HTTP2FrameHeader.byteCount + header.payloadCount
        self.move(frameCount - self.partial.readableBytes, from: &input)
        guard self.partial.readableBytes == frameCount else { return .needsMore }
        var payload = self.partial
        self.partial = ByteBuffer()
        payload.moveReaderIndex(forwardBy: HTTP2FrameHeader.byteCount)
        return self.outcome(header, payload)
    }

    private mutating func move(_ count: Int, from input: inout ByteBuffer) {
        guard count > 0, var slice = input.readSlice(length: min(count, input.readableBytes))
        else { return }
        self.partial.writeBuffer(&slice)
    }

    private mutating func keep(_ input: inout ByteBuffer) -> Outcome {
        self.partial.writeBuffer(&input)
        return .needsMore
    }
}
