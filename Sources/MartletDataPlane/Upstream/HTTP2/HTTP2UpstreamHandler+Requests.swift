import MartletAlgorithms
import MartletHTTP
package import NIOCore

/// How requests go out, as far as the endpoint's windows let them.
extension HTTP2UpstreamHandler {
    // MARK: Heads

    func sendHead(_ stream: HTTP2UpstreamStream, _ exchange: Exchange) {
        let head = exchange.request
        // The content-length of a head that has been edited or retried is Martlet's own.
        head.headers.remove(.contentLength)
        let payloadCountMax = self.peerSettings.framePayloadBytesMax
        stream.hasSentHead = true
        let isUpgrade = exchange.upgrade == .webSocket
        let hasBody = exchange.hasRequestBody || isUpgrade
        if isUpgrade {
            exchange.arm(exchange.route?.responseTicks ?? self.upstream.plan.responseTicks)
        }
        if !hasBody {
            stream.queue.end = .sent
        } else if !isUpgrade {
            // Of a stream whose first message has yet to come, too.
            self.armStreamIdle(exchange)
        }
        // RFC 8441 §5: the key has no use here. Another try may need it.
        let key = isUpgrade ? head.headers.hide(named: Self.webSocketKey.span) : nil
        defer { if let key { head.headers.show(key) } }
        self.flood.headSent()
        self.outbound.write(capacity: head.headers.bytes.count + 256, worker: self.worker) {
            let open = HTTP2FrameWriter.beginHeaders(
                streamID: stream.id, endStream: !hasBody, to: &$0)
            self.encoder.beginBlock(to: &$0)
            self.writePseudoFields(exchange, to: &$0)
            HPACKEncoder.writeFields(of: head.headers, excluding: Self.notSent, to: &$0)
            if case .length(let count) = head.framing {
                HPACKEncoder.writeContentLength(count, to: &$0)
            }
            HTTP2FrameWriter.endHeaders(open, payloadCountMax: payloadCountMax, to: &$0)
        }
        self.scheduleFlush()
    }

    private static let webSocketKey = Array("sec-websocket-key".utf8)

    /// RFC 9113 §8.3.1: `:authority` stands for `Host`.
    private static let notSent = HeaderName.host.bit

    private func writePseudoFields(_ exchange: Exchange, to cursor: inout ByteCursor) {
        let head = exchange.request
        switch exchange.route?.hostField ?? .preserve {
        case .literal(let row):
            self.writePseudoFields(
                exchange, exchange.generation.plan.hostLiterals[Int(row)], to: &cursor)
        case .preserve where !head.authority.isEmpty:
            self.writePseudoFields(exchange, head.authority, of: head.headers, to: &cursor)
        case .preserve, .upstream:
            self.writePseudoFields(exchange, self.plan.hostField, to: &cursor)
        }
    }

    private func writePseudoFields(
        _ exchange: Exchange, _ authority: [UInt8], to cursor: inout ByteCursor
    ) {
        self.writePseudoFields(exchange, authority: authority.span, to: &cursor)
    }

    private func writePseudoFields(
        _ exchange: Exchange, _ authority: ByteRange, of headers: borrowing HeaderList,
        to cursor: inout ByteCursor
    ) {
        self.writePseudoFields(exchange, authority: headers.span(authority), to: &cursor)
    }

    private func writePseudoFields(
        _ exchange: Exchange, authority: Span<UInt8>, to cursor: inout ByteCursor
    ) {
        guard exchange.upgrade == .webSocket else {
            return HPACKEncoder.writeRequest(
                exchange.request, authority: authority, isSecure: self.isSecure, to: &cursor)
        }
        HPACKEncoder.writeExtendedConnect(
            exchange.request, protocol: "websocket", authority: authority,
            isSecure: self.isSecure, to: &cursor)
    }

    private var isSecure: Bool { self.plan.tls != nil }

    // MARK: Bodies

    func sendBody(_ stream: HTTP2UpstreamStream, _ bytes: ByteBuffer) {
        stream.queue.append(bytes)
        self.send(stream)
    }

    func sendEnd(
        _ stream: HTTP2UpstreamStream, _ exchange: Exchange, responseTicks: UInt64
    ) {
        // The handshake is whole, but its stream is what the tunnel will be (RFC 8441 §4).
        if exchange.upgrade == .webSocket, !exchange.isTunnel { return }
        if !stream.hasHead { exchange.arm(responseTicks) }
        guard case .open = stream.queue.end else { return }
        if exchange.requestBody.chunks.trailers.isEmpty {
            stream.queue.end = .afterBody
        } else {
            stream.queue.end = .afterTrailers(self.trailerFrames(stream, exchange))
        }
        self.send(stream)
    }

    private func trailerFrames(_ stream: HTTP2UpstreamStream, _ exchange: Exchange) -> ByteBuffer {
        let payloadCountMax = self.peerSettings.framePayloadBytesMax
        var frames = ByteBuffer()
        frames.writeHead(capacity: exchange.requestBody.chunks.trailers.bytes.count + 64) {
            let open = HTTP2FrameWriter.beginHeaders(
                streamID: stream.id, endStream: true, to: &$0)
            self.encoder.beginBlock(to: &$0)
            HPACKEncoder.writeFields(of: exchange.requestBody.chunks.trailers, to: &$0)
            HTTP2FrameWriter.endHeaders(open, payloadCountMax: payloadCountMax, to: &$0)
        }
        return frames
    }

    // MARK: Windows

    private func room(for stream: HTTP2UpstreamStream) -> Int {
        min(
            stream.queue.window.available, self.sendWindow.available,
            self.peerSettings.framePayloadBytesMax)
    }

    /// Sends what lies in the stream's queue, as much as the windows allow.
    func send(_ stream: HTTP2UpstreamStream) {
        guard let context = self.context else { return }
        while !stream.queue.isEmpty, context.channel.isWritable {
            guard let piece = stream.queue.next(countMax: self.room(for: stream)) else { break }
            var isLast = false
            if case .afterBody = stream.queue.end { isLast = stream.queue.isEmpty }
            self.writeData(stream, piece, endsStream: isLast, to: context)
        }
        self.scheduleFlush()
        guard stream.queue.isEmpty else {
            if stream.queue.window.available > 0, !stream.isWaiting {
                stream.isWaiting = true
                self.waiting.append(stream)
            }
            return
        }
        switch stream.queue.end {
        case .open, .sent: break
        case .afterBody:
            self.writeData(stream, ByteBuffer(), endsStream: true, to: context)
        case .afterTrailers(let frames):
            self.outbound.write(frames, to: context, worker: self.worker)
            stream.queue.end = .sent
        }
        // The client's side may hold more of the body.
        guard stream.hasRefusedBody else { return }
        stream.hasRefusedBody = false
        stream.exchange?.downstream?.resume()
    }

    private func writeData(
        _ stream: HTTP2UpstreamStream, _ bytes: ByteBuffer, endsStream: Bool,
        to context: ChannelHandlerContext
    ) {
        stream.queue.window.sent(bytes.readableBytes)
        self.sendWindow.sent(bytes.readableBytes)
        self.flood.dataSent(bytes.readableBytes, isWhole: stream.queue.isEmpty)
        if endsStream { stream.queue.end = .sent }
        if !endsStream, let exchange = stream.exchange, !stream.hasHead || exchange.isTunnel {
            self.armRequest(stream, exchange)
        }
        self.outbound.writeData(
            bytes, streamID: stream.id, endStream: endsStream, to: context, worker: self.worker)
    }

    /// Part of the request is out: the endpoint has to take the next part in time, unless it waits
    /// for us because a limit holds the rest.
    private func armRequest(_ stream: HTTP2UpstreamStream, _ exchange: Exchange) {
        guard exchange.isRequestHeld, !exchange.isTunnel, stream.queue.isEmpty,
            case .open = stream.queue.end
        else { return self.armStreamIdle(exchange) }
        exchange.disarm()
    }

    /// The connection's window has grown, or the socket takes more: streams go on in turn.
    func sendWaiting() {
        let waiting = self.waiting
        self.waiting.removeAll(keepingCapacity: true)
        for stream in waiting {
            stream.isWaiting = false
            if self.streams[stream.id] === stream { self.send(stream) }
        }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        guard context.channel.isWritable else { return }
        for stream in self.streams.all where !stream.queue.isEmpty || stream.hasRefusedBody {
            if self.streams[stream.id] === stream { self.send(stream) }
        }
    }

    // MARK: Frames

    func writePreface() {
        var settings = HTTP2Settings()
        settings.allowsPush = false
        settings.initialWindowSize = Self.streamWindow
        settings.headerListBytesMax = self.upstream.plan.responseHeadBytesMax
        let more = Self.connectionWindow - HTTP2Settings().initialWindowSize
        self.outbound.write(capacity: 128, worker: self.worker) {
            $0.write(HTTP2FrameWriter.clientPreface)
            settings.write(to: &$0)
            HTTP2FrameWriter.writeWindowUpdate(streamID: 0, increment: more, to: &$0)
        }
    }

    func writeGoAway(_ code: HTTP2ErrorCode) {
        self.outbound.write(capacity: 32, worker: self.worker) {
            HTTP2FrameWriter.writeGoAway(lastStreamID: 0, code, to: &$0)
        }
    }

    func writeReset(_ id: UInt32, _ code: HTTP2ErrorCode) {
        self.outbound.write(capacity: 16, worker: self.worker) {
            HTTP2FrameWriter.writeResetStream(streamID: id, code, to: &$0)
        }
        self.scheduleFlush()
    }

    func writeWindowUpdate(_ id: UInt32, _ increment: Int) {
        self.outbound.write(capacity: 16, worker: self.worker) {
            HTTP2FrameWriter.writeWindowUpdate(streamID: id, increment: increment, to: &$0)
        }
        self.scheduleFlush()
    }

    /// Frames of one turn of the loop go out together: requests of many clients arrive in it.
    func scheduleFlush() {
        guard !self.isProcessing, !self.isFlushScheduled else { return }
        self.isFlushScheduled = true
        self.worker.flushAtEndOfTurn(.http2Upstream(self))
    }

    func flushNow() {
        self.isFlushScheduled = false
        guard let context = self.context, let buffer = self.outbound.close(to: context) else {
            return
        }
        context.flush()
        self.worker.buffers.giveBack(buffer)
    }
}
