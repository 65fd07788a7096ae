import MartletAlgorithms
import MartletHTTP
import NIOCore

/// How answers come in.
extension HTTP2UpstreamHandler {
    private var headLimits: HeadLimits {
        HeadLimits(
            startLineBytesMax: self.upstream.plan.responseHeadBytesMax,
            headBytesMax: self.upstream.plan.responseHeadBytesMax, fieldCountMax: 1000)
    }

    func blockEnded(_ block: HTTP2HeaderBlock.Origin, _ bytes: Span<UInt8>) {
        guard let stream = self.streams[block.streamID], let exchange = stream.exchange else {
            return self.dropBlock(bytes)
        }
        exchange.hasReceivedResponseBytes = true
        if stream.hasHead {
            self.trailersEnded(stream, exchange, block, bytes)
        } else {
            self.headEnded(stream, exchange, block, bytes)
        }
    }

    /// Decodes what nobody waits for, so that the compression state stays in step.
    private func dropBlock(_ bytes: Span<UInt8>) {
        var headers = HeaderList()
        var pseudo = HTTP2PseudoFields()
        self.checkCompression(
            self.decoder.decode(
                bytes, into: &headers, pseudo: &pseudo, limits: self.headLimits, isTrailers: false))
    }

    /// - Returns: whether the connection goes on.
    @discardableResult
    private func checkCompression(_ outcome: HPACKDecoder.Outcome) -> Bool {
        switch outcome {
        case .compressionError: self.connectionFailed(.compressionError)
        case .excessive: self.connectionFailed(.enhanceYourCalm)
        case .complete, .malformed, .tooLarge: return true
        }
        return false
    }

    private func headEnded(
        _ stream: HTTP2UpstreamStream, _ exchange: Exchange, _ block: HTTP2HeaderBlock.Origin,
        _ bytes: Span<UInt8>
    ) {
        exchange.response.reset()
        var pseudo = HTTP2PseudoFields()
        let outcome = self.decoder.decode(
            bytes, into: &exchange.response.headers, pseudo: &pseudo, limits: self.headLimits,
            isTrailers: false)
        guard self.checkCompression(outcome) else { return }
        switch outcome {
        case .tooLarge:
            self.writeReset(stream.id, .cancel)
            return self.fail(stream, .responseTooLarge, isUnprocessed: false)
        case .malformed, .compressionError, .excessive:
            return self.streamFailed(stream, .protocolError)
        case .complete: break
        }
        let error = HTTP2ResponseHead.complete(
            exchange.response, pseudo: pseudo, answering: exchange.request.method,
            endStream: block.endsStream)
        guard error == nil else { return self.streamFailed(stream, .protocolError) }
        guard !exchange.response.isInterim else {
            return ExchangeDriver.interimResponseReceived(exchange)
        }
        stream.hasHead = true
        if exchange.upgrade == .webSocket, exchange.response.status == 200, !block.endsStream {
            return self.upgradeAccepted(exchange)
        }
        guard exchange.hedged != nil else {
            return self.finalHeadEnded(stream, exchange, endsStream: block.endsStream)
        }
        guard let first = ExchangeDriver.hedgeAnswered(exchange) else { return }
        self.finalHeadEnded(stream, first, endsStream: block.endsStream)
    }

    private func finalHeadEnded(
        _ stream: HTTP2UpstreamStream, _ exchange: Exchange, endsStream: Bool
    ) {
        self.armStreamIdle(exchange)
        let framing = exchange.response.bodyFraming(answering: exchange.request.method)
        exchange.responseBody.begin(.none)
        if case .length(let count) = framing { stream.bytesToCome = count }
        if case .none = framing { stream.bytesToCome = 0 }
        ExchangeDriver.responseHeadReceived(exchange, framing: framing)
        if endsStream { self.answerEnded(stream) }
    }

    /// 200 to an extended CONNECT is what 101 is to an upgrade (RFC 8441 §4); the client's own key
    /// is answered for the endpoint, which was sent none.
    private func upgradeAccepted(_ exchange: Exchange) {
        exchange.response.status = 101
        exchange.arm(self.upstream.plan.tunnelIdleTicks)
        if let accept = WebSocketHandshake.accept(of: exchange.request.headers) {
            exchange.response.headers.add(
                name: Array("sec-websocket-accept".utf8).span, value: accept.span)
        }
        ExchangeDriver.interimResponseReceived(exchange)
    }

    private func trailersEnded(
        _ stream: HTTP2UpstreamStream, _ exchange: Exchange, _ block: HTTP2HeaderBlock.Origin,
        _ bytes: Span<UInt8>
    ) {
        var pseudo = HTTP2PseudoFields()
        let outcome = self.decoder.decode(
            bytes, into: &exchange.responseBody.chunks.trailers, pseudo: &pseudo,
            limits: self.headLimits, isTrailers: true)
        guard self.checkCompression(outcome) else { return }
        guard block.endsStream, case .complete = outcome else {
            return self.streamFailed(stream, .protocolError)
        }
        self.answerEnded(stream)
    }

    func takeData(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        let count = payload.readableBytes
        guard self.receiveWindow.received(count) else {
            return self.connectionFailed(.flowControlError)
        }
        let increment = self.receiveWindow.consumed(count)
        if increment > 0 { self.writeWindowUpdate(0, increment) }
        guard
            case .success(let range) = HTTP2FramePayload.data(
                header, payload.readableBytesUInt8Span)
        else { return self.connectionFailed(.protocolError) }
        guard header.streamID < self.nextStreamID else {
            return self.connectionFailed(.protocolError)
        }
        // Late data of a stream that was given up is dropped.
        guard let stream = self.streams[header.streamID], let exchange = stream.exchange else {
            return
        }
        guard stream.receiveWindow.received(count), stream.hasHead,
            stream.bytesToCome.map({ range.count <= $0 }) ?? true
        else { return self.streamFailed(stream, .protocolError) }
        stream.bytesToCome = stream.bytesToCome.map { $0 - range.count }
        if range.count > 0,
            let bytes = payload.getSlice(
                at: payload.readerIndex + range.lowerBound, length: range.count)
        {
            ExchangeDriver.responseBodyReceived(exchange, bytes)
        }
        guard stream.exchange === exchange else { return }
        if stream.isPaused {
            stream.uncredited += count
        } else {
            self.armStreamIdle(exchange)
            self.credit(count, to: stream)
        }
        if header.flags.contains(.endStream) {
            self.answerEnded(stream)
        } else {
            exchange.downstream?.flush()
        }
    }

    /// END_STREAM: the answer is whole, if it is as long as it said.
    private func answerEnded(_ stream: HTTP2UpstreamStream) {
        guard let exchange = stream.exchange else { return }
        guard stream.bytesToCome ?? 0 == 0 else { return self.streamFailed(stream, .protocolError) }
        ExchangeDriver.responseEnded(exchange, upstreamKeepsAlive: true)
    }

    /// The client has taken bytes: the endpoint may send as many more.
    func credit(_ count: Int, to stream: HTTP2UpstreamStream) {
        guard count > 0 else { return }
        let increment = stream.receiveWindow.consumed(count)
        if increment > 0 { self.writeWindowUpdate(stream.id, increment) }
    }
}
