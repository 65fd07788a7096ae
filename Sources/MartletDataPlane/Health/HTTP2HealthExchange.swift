import MartletConfig
import MartletHTTP
import NIOCore

/// A health check over HTTP/2, by GET or by the gRPC health protocol: one stream, and just as much
/// of the protocol as it takes.
///
/// Owned by the check's handler. Holds one frame, one field block and `bodyBytesMax` of body.
final class HTTP2HealthExchange {
    let request: [UInt8]
    private let isGRPC: Bool
    private let expectation: HealthExpectation
    private var input: [UInt8] = []
    private var block: [UInt8] = []
    private var decoder = HPACKDecoder()
    private var hasHead = false
    private var body: [UInt8] = []

    private static let frameBytesMax = 16_384
    private static let blockBytesMax = 64 * 1024
    private static let limits = HeadLimits(
        startLineBytesMax: 16 * 1024, headBytesMax: 64 * 1024, fieldCountMax: 1000)

    init(_ probe: HealthProbe) {
        self.isGRPC = probe.config.kind == .grpc
        self.expectation = HealthExpectation(probe.config)
        self.request = Self.request(probe)
    }

    // MARK: Asking

    private static func request(_ probe: HealthProbe) -> [UInt8] {
        let config = probe.config
        let isGRPC = config.kind == .grpc
        let host = config.host ?? String(decoding: probe.endpoint.hostField, as: UTF8.self)
        // RFC 7541 appendix A: the method and scheme are indexed, the rest literal and not kept.
        var block: [UInt8] = [isGRPC ? 0x83 : 0x82, probe.endpoint.tls == nil ? 0x86 : 0x87]
        Self.literal(nameIndex: 4, isGRPC ? "/grpc.health.v1.Health/Check" : config.path, &block)
        Self.literal(nameIndex: 1, host, &block)
        Self.literal("user-agent", "martlet-health-check", &block)
        if isGRPC {
            Self.literal("content-type", "application/grpc", &block)
            Self.literal("te", "trailers", &block)
        }
        for field in config.headers { Self.literal(field.name, field.value, &block) }
        var bytes = Array(HTTP2FrameWriter.clientPreface.description.utf8)
        Self.frame(.settings, flags: 0, stream: 0, [], &bytes)
        Self.frame(.headers, flags: isGRPC ? 0x4 : 0x5, stream: 1, block, &bytes)
        guard isGRPC else { return bytes }
        let service = Array((config.service ?? "").utf8).prefix(127)
        // HealthCheckRequest { string service = 1 }.
        let message = service.isEmpty ? [] : [0x0a, UInt8(service.count)] + service
        let prefix: [UInt8] = [0, 0, 0, 0, UInt8(message.count)]
        Self.frame(.data, flags: 0x1, stream: 1, prefix + message, &bytes)
        return bytes
    }

    private static func literal(nameIndex: UInt8, _ value: String, _ block: inout [UInt8]) {
        block.append(nameIndex)
        Self.string(value, &block)
    }

    private static func literal(_ name: String, _ value: String, _ block: inout [UInt8]) {
        block.append(0)
        Self.string(name, &block)
        Self.string(value, &block)
    }

    /// RFC 7541 §5.2, not Huffman-coded.
    private static func string(_ text: String, _ block: inout [UInt8]) {
        var rest = text.utf8.count
        if rest < 127 {
            block.append(UInt8(rest))
        } else {
            block.append(127)
            rest -= 127
            while rest >= 128 {
                block.append(UInt8(rest & 0x7f) | 0x80)
                rest >>= 7
            }
            block.append(UInt8(rest))
        }
        block += Array(text.utf8)
    }

    private static func frame(
        _ type: HTTP2FrameType, flags: UInt8, stream: UInt8, _ payload: [UInt8],
        _ bytes: inout [UInt8]
    ) {
        let count = payload.count
        bytes += [
            UInt8(truncatingIfNeeded: count >> 16), UInt8(truncatingIfNeeded: count >> 8),
            UInt8(truncatingIfNeeded: count), type.rawValue, flags, 0, 0, 0, stream,
        ]
        bytes += payload
    }

    // MARK: Reading

    /// - Returns: how the check has ended, if it has.
    func received(_ buffer: ByteBuffer, reply: inout [UInt8]) -> HealthCheckResult? {
        var input = self.input + Array(buffer.readableBytesView)
        while let header = HTTP2FrameHeader(input.span, at: 0) {
            guard header.payloadCount <= Self.frameBytesMax else { return .malformed }
            let end = HTTP2FrameHeader.byteCount + header.payloadCount
            guard input.count >= end else { break }
            let payload = Array(input[HTTP2FrameHeader.byteCount..<end])
            input.removeFirst(end)
            if let result = self.take(header, payload, &reply) { return result }
        }
        self.input = input
        return nil
    }

    private func take(
        _ header: HTTP2FrameHeader, _ payload: [UInt8], _ reply: inout [UInt8]
    ) -> HealthCheckResult? {
        switch header.type {
        case .settings where !header.flags.contains(.acknowledgement):
            Self.frame(.settings, flags: 0x1, stream: 0, [], &reply)
        case .ping where !header.flags.contains(.acknowledgement):
            Self.frame(.ping, flags: 0x1, stream: 0, payload, &reply)
        case .resetStream, .goAway: return .connectionLost
        case .headers where header.streamID == 1:
            guard let range = Self.unpadded(header, payload) else { return .malformed }
            self.block = Array(payload[range])
            return self.blockGrown(header)
        case .continuation where header.streamID == 1:
            self.block += payload
            guard self.block.count <= Self.blockBytesMax else { return .malformed }
            return self.blockGrown(header)
        case .data where header.streamID == 1:
            guard let range = Self.unpadded(header, payload) else { return .malformed }
            self.body += payload[range]
            guard self.body.count <= HealthProbeHandler.bodyBytesMax else {
                return .bodyUnexpected
            }
            if header.flags.contains(.endStream) { return self.answerEnded(trailersStatus: nil) }
        default: break
        }
        return nil
    }

    /// Without padding and priority (RFC 9113 §6.1, §6.2).
    private static func unpadded(_ header: HTTP2FrameHeader, _ payload: [UInt8]) -> Range<Int>? {
        var (start, end) = (0, payload.count)
        if header.flags.contains(.padded) {
            guard let padding = payload.first else { return nil }
            start = 1
            end -= Int(padding)
        }
        if header.type == .headers, header.flags.contains(.priority) { start += 5 }
        return start <= end ? start..<end : nil
    }

    private var endsStream = false

    private func blockGrown(_ header: HTTP2FrameHeader) -> HealthCheckResult? {
        if header.type == .headers { self.endsStream = header.flags.contains(.endStream) }
        guard header.flags.contains(.endHeaders) else { return nil }
        let response = ResponseHead()
        var pseudo = HTTP2PseudoFields()
        let block = self.block
        let outcome = self.decoder.decode(
            block.span, into: &response.headers, pseudo: &pseudo, limits: Self.limits,
            isTrailers: self.hasHead)
        guard outcome == .complete else { return .malformed }
        guard !self.hasHead else {
            return self.endsStream
                ? self.answerEnded(trailersStatus: Self.grpcStatus(response.headers)) : .malformed
        }
        guard
            HTTP2ResponseHead.complete(
                response, pseudo: pseudo, answering: .get, endStream: self.endsStream) == nil
        else { return .malformed }
        guard !response.isInterim else { return nil }
        self.hasHead = true
        if self.isGRPC {
            guard response.status == 200 else { return .statusUnexpected }
            guard self.endsStream else { return nil }
            return self.answerEnded(trailersStatus: Self.grpcStatus(response.headers))
        }
        if let wrong = self.expectation.head(response.status, response.headers) { return wrong }
        guard self.expectation.looksAtBody else { return .passed }
        return self.endsStream ? self.answerEnded(trailersStatus: nil) : nil
    }

    private static func grpcStatus(_ headers: borrowing HeaderList) -> Bool? {
        let name = Array("grpc-status".utf8)
        guard let range = headers.first(named: name.span) else { return nil }
        return headers.span(range).isEqual(to: [0x30])
    }

    private func answerEnded(trailersStatus: Bool?) -> HealthCheckResult {
        guard self.isGRPC else {
            return self.expectation.isFound(in: self.body) ? .passed : .bodyUnexpected
        }
        // HealthCheckResponse { ServingStatus status = 1 }, SERVING is 1.
        let isServing = self.body.count >= 7 && Array(self.body[5..<7]) == [0x08, 0x01]
        return trailersStatus == true && isServing ? .passed : .notServing
    }
}
