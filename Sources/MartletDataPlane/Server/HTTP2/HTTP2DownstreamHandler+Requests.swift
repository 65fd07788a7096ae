import MartletAlgorithms
import MartletHTTP
import MartletTelemetry
import NIOCore

/// HEADERS and DATA: how requests come in.
extension HTTP2DownstreamHandler {
    // MARK: Header blocks

    func takeHeaders(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        let span = payload.readableBytesUInt8Span
        let headers: HTTP2FramePayload.Headers
        switch HTTP2FramePayload.headers(header, span) {
        case .failure(let violation): return self.fail(violation, header.streamID)
        case .success(let found): headers = found
        }
        guard header.streamID % 2 == 1 else { return self.connectionFailed(.protocolError) }
        let endsStream = header.flags.contains(.endStream)
        self.block.begin(
            streamID: header.streamID, endsStream: endsStream,
            isSelfDependent: headers.isSelfDependent,
            endTick: self.worker.clock.tick + self.listener.plan.headTicks)
        guard header.flags.contains(.endHeaders) else {
            return self.block.append(span.extracting(headers.block))
        }
        self.blockEnded(self.block.close(), span.extracting(headers.block))
    }

    func takeContinuation(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        self.countFlood(.continuation)
        guard self.block.isOpen else { return self.connectionFailed(.protocolError) }
        // Compressed it is hardly ever larger than what it stands for.
        let isTaken = self.block.add(
            payload.readableBytesUInt8Span,
            bytesMax: self.listener.plan.headLimits.headBytesMax * 2)
        guard isTaken else { return self.connectionFailed(.enhanceYourCalm) }
        guard header.flags.contains(.endHeaders) else { return }
        let bytes = self.block.takeBytes()
        self.blockEnded(self.block.close(), bytes.span)
    }

    private func blockEnded(_ block: HTTP2HeaderBlock.Origin, _ bytes: Span<UInt8>) {
        let (id, endsStream) = (block.streamID, block.endsStream)
        if let stream = self.streams[id] {
            return self.trailersEnded(stream, endsStream, bytes)
        }
        guard id > self.lastStreamID else { return self.lateBlockEnded(id, endsStream, bytes) }
        self.lastStreamID = id
        guard !self.isGoingAway else {
            self.dropBlock(bytes)
            return self.streamRefused(id, endsStream: endsStream, .refusedStream)
        }
        guard self.streams.count < self.limits.concurrentStreamsMax else {
            self.dropBlock(bytes)
            self.reject(.http2StreamLimit)
            return self.streamRefused(id, endsStream: endsStream, .refusedStream)
        }
        guard !block.isSelfDependent else {
            self.dropBlock(bytes)
            return self.streamRefused(id, endsStream: endsStream, .protocolError)
        }
        self.openStream(id, endsStream, bytes)
    }

    /// A block of a stream that is over (RFC 9113 §5.1).
    private func lateBlockEnded(_ id: UInt32, _ endsStream: Bool, _ bytes: Span<UInt8>) {
        switch self.closedStreams[id] {
        case .resetByUs:
            self.dropBlock(bytes)
            // What was under way can only be trailers, once, and they end the stream (§8.1).
            guard endsStream else { return self.connectionFailed(.protocolError) }
            self.closedStreams.insert(id, .ended)
        case .ended, .resetByPeer: self.connectionFailed(.streamClosed)
        // §5.1.1: it was never opened, and others after it were.
        case nil: self.connectionFailed(.protocolError)
        }
    }

    /// Decodes what nobody wants, so that the compression state stays in step.
    private func dropBlock(_ bytes: Span<UInt8>) {
        let exchange = self.worker.takeExchange(listener: self.listener, peer: self.peer)
        defer { self.worker.giveBack(exchange) }
        var pseudo = HTTP2PseudoFields()
        let outcome = self.decoder.decode(
            bytes, into: &exchange.request.headers, pseudo: &pseudo,
            limits: self.listener.plan.headLimits, isTrailers: false)
        self.checkCompression(outcome)
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

    // MARK: Requests

    private func openStream(_ id: UInt32, _ endsStream: Bool, _ bytes: Span<UInt8>) {
        let exchange = self.worker.takeExchange(listener: self.listener, peer: self.peer)
        exchange.record.protocolVersion = .http2
        var pseudo = HTTP2PseudoFields()
        let outcome = self.decoder.decode(
            bytes, into: &exchange.request.headers, pseudo: &pseudo,
            limits: self.listener.plan.headLimits, isTrailers: false)
        guard self.checkCompression(outcome) else { return self.worker.giveBack(exchange) }
        guard self.hasRoom(for: exchange) else {
            self.worker.giveBack(exchange)
            self.reject(.http2StreamLimit)
            return self.streamRefused(id, endsStream: endsStream, .refusedStream)
        }
        var refusal: LocalReply?
        switch self.examine(outcome, pseudo, endsStream, exchange) {
        case .serve: break
        case .reply(let reply): refusal = reply
        case .reset: return self.refuse(id, endsStream, exchange)
        }
        let stream = HTTP2DownstreamStream(
            id: id, connection: self, exchange: exchange,
            receiveWindow: self.limits.streamWindow,
            sendWindow: self.peerSettings.initialWindowSize)
        stream.isReceiveOpen = !endsStream
        if case .length(let count) = exchange.request.framing { stream.bytesToCome = count }
        exchange.downstream = .http2(stream)
        exchange.begin(over: self.tls)
        if self.streams.isEmpty { self.arm(self.listener.plan.bodyGraceTicks) }
        self.streams.insert(stream, id: id)
        self.headBytes += stream.headBytes
        self.requestCount += 1
        if self.requestCount >= self.listener.plan.requestsPerConnectionMax {
            self.reject(.requestsPerConnection)
            self.goAway()
        }
        guard let refusal else { return self.arrived.append(stream) }
        // Its head may say nothing of the body that follows.
        exchange.machine = ExchangeStateMachine(hasBody: !endsStream)
        ExchangeDriver.requestFailed(exchange, refusal)
    }

    /// Request heads of one connection at a time: 7.5 KiB for each of a hundred streams.
    ///
    /// A few bytes of a block may name entries of kilobytes, so that the number of streams alone
    /// does not bound them.
    private static let headBytesMax = 768 * 1024

    private func hasRoom(for exchange: Exchange) -> Bool {
        let bytes = exchange.request.headers.bytes.count
        return self.streams.isEmpty || self.headBytes + bytes <= Self.headBytesMax
    }

    private enum Examination {
        case serve
        case reply(LocalReply)
        case reset
    }

    /// What a request's head makes of its stream.
    private func examine(
        _ outcome: HPACKDecoder.Outcome, _ pseudo: HTTP2PseudoFields, _ endsStream: Bool,
        _ exchange: Exchange
    ) -> Examination {
        switch outcome {
        case .tooLarge(let error):
            // What came before the limit may lack anything; the answer needs none of it.
            exchange.request.methodBytes = .empty
            return .reply(.message(error))
        case .malformed, .compressionError, .excessive: return .reset
        case .complete: break
        }
        let head = HTTP2RequestHead.complete(
            exchange.request, pseudo: pseudo, endStream: endsStream,
            limits: self.listener.plan.headLimits, allowsConnectProtocol: true)
        switch head {
        case .failed(let error) where error.requestStatus == 400: return .reset
        case .failed(let error): return .reply(.message(error))
        case .failedTarget(let error): return .reply(.target(error))
        case .complete: break
        }
        return self.examineConnect(exchange, endsStream)
    }

    /// An extended CONNECT becomes the upgrade that it stands for (RFC 8441 §5), so that routes and
    /// policies see what they see of HTTP/1.1.
    private func examineConnect(_ exchange: Exchange, _ endsStream: Bool) -> Examination {
        let head = exchange.request
        guard !head.connectProtocol.isEmpty else { return .serve }
        guard head.headers.isValue(head.connectProtocol, "websocket") else {
            return .reply(.problem(.upgradeNotSupported))
        }
        // What is over cannot become a tunnel.
        guard !endsStream else { return .reply(.problem(.upgradeMalformed)) }
        exchange.upgrade = .webSocket
        head.method = .get
        head.methodBytes = head.headers.appendBytes("GET")
        head.framing = .none
        let key = WebSocketHandshake.key(
            random: (self.worker.random.next(), self.worker.random.next()))
        head.headers.removeAnySpelling(of: Array("sec-websocket-key".utf8))
        head.headers.add(name: Array("sec-websocket-key".utf8).span, value: key.span)
        return .serve
    }

    /// A malformed request is a stream error (§8.1.1); it gets no answer.
    private func refuse(_ id: UInt32, _ endsStream: Bool, _ exchange: Exchange) {
        self.reject(.malformed)
        ExchangeDriver.requestRefused(exchange)
        self.streamRefused(id, endsStream: endsStream, .protocolError)
    }

    /// Trailers end the request; other blocks may not follow the first (§8.1).
    private func trailersEnded(
        _ stream: HTTP2DownstreamStream, _ endsStream: Bool, _ bytes: Span<UInt8>
    ) {
        guard stream.isReceiveOpen, endsStream, let exchange = stream.exchange else {
            self.dropBlock(bytes)
            if stream.isReceiveOpen, endsStream { return self.receivedEnd(stream) }
            let code: HTTP2ErrorCode = stream.isReceiveOpen ? .protocolError : .streamClosed
            return self.streamFailed(stream.id, code)
        }
        var pseudo = HTTP2PseudoFields()
        let outcome = self.decoder.decode(
            bytes, into: &exchange.requestBody.chunks.trailers, pseudo: &pseudo,
            limits: self.listener.plan.headLimits, isTrailers: true)
        guard self.checkCompression(outcome) else { return }
        guard case .complete = outcome else {
            self.reject(.malformed)
            return self.streamFailed(stream.id, .protocolError)
        }
        self.receivedEnd(stream)
    }

    // MARK: Bodies

    func takeData(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        guard header.streamID != 0 else { return self.connectionFailed(.protocolError) }
        guard self.receiveWindow.received(payload.readableBytes) else {
            return self.connectionFailed(.flowControlError)
        }
        let range: Range<Int>
        switch HTTP2FramePayload.data(header, payload.readableBytesUInt8Span) {
        case .failure(let violation): return self.fail(violation, header.streamID)
        case .success(let found): range = found
        }
        let endsStream = header.flags.contains(.endStream)
        if range.isEmpty, !endsStream { self.countFlood(.emptyData) }
        guard let stream = self.streams[header.streamID] else {
            return self.takeLateData(header, payload.readableBytes)
        }
        guard stream.isReceiveOpen else {
            self.credit(payload.readableBytes)
            return self.streamFailed(stream.id, .streamClosed)
        }
        guard stream.receiveWindow.received(payload.readableBytes) else {
            self.credit(payload.readableBytes)
            return self.streamFailed(stream.id, .flowControlError)
        }
        self.take(
            payload.getSlice(at: payload.readerIndex + range.lowerBound, length: range.count)
                ?? ByteBuffer(),
            padding: payload.readableBytes - range.count, endsStream: endsStream, stream)
    }

    private func take(
        _ bytes: ByteBuffer, padding: Int, endsStream: Bool, _ stream: HTTP2DownstreamStream
    ) {
        let count = bytes.readableBytes
        stream.receivedBytes += count
        if padding > 0 { self.bodyConsumed(padding, of: stream) }
        if let toCome = stream.bytesToCome {
            // §8.1.1: content-length and the sum of DATA differ.
            guard count <= toCome else {
                self.credit(count)
                return self.streamFailed(stream.id, .protocolError)
            }
            stream.bytesToCome = toCome - count
        }
        if stream.isDispatched, let exchange = stream.exchange,
            let error = exchange.requestBody.count(count)
        {
            self.credit(count)
            return ExchangeDriver.requestFailed(exchange, .message(error))
        }
        var bytes = bytes
        if stream.held.readableBytes == 0 {
            stream.held = bytes
        } else {
            stream.held.writeBuffer(&bytes)
        }
        if endsStream { return self.receivedEnd(stream) }
        if stream.exchange == nil { return stream.dropBody() }
        if stream.isDispatched { stream.resume() }
    }

    private func receivedEnd(_ stream: HTTP2DownstreamStream) {
        guard stream.bytesToCome ?? 0 == 0 else {
            return self.streamFailed(stream.id, .protocolError)
        }
        stream.isReceiveOpen = false
        if stream.awaitsEnd { return self.streamEnded(stream) }
        if stream.exchange == nil { return stream.dropBody() }
        if stream.isDispatched { stream.resume() }
    }

    /// DATA of a stream that is not open.
    private func takeLateData(_ header: HTTP2FrameHeader, _ count: Int) {
        guard !self.isIdle(header.streamID) else { return self.connectionFailed(.protocolError) }
        guard self.closedStreams[header.streamID] == .resetByUs else {
            return self.connectionFailed(.streamClosed)
        }
        guard self.takeLateBytes(count) else { return self.connectionFailed(.enhanceYourCalm) }
        if header.flags.contains(.endStream) { self.closedStreams.insert(header.streamID, .ended) }
        self.credit(count)
    }

    /// Body bytes have been passed on or dropped: the client may send as many more.
    func bodyConsumed(_ count: Int, of stream: HTTP2DownstreamStream) {
        guard count > 0 else { return }
        // What is only dropped until the stream ends needs no more of a window.
        if stream.isReceiveOpen, !stream.awaitsEnd {
            let increment = stream.receiveWindow.consumed(count)
            if increment > 0 { self.writeWindowUpdate(stream.id, increment) }
        }
        self.credit(count)
    }

    private func credit(_ count: Int) {
        let increment = self.receiveWindow.consumed(count)
        if increment > 0 { self.writeWindowUpdate(0, increment) }
    }
}
