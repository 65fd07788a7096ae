import MartletAlgorithms
import MartletHTTP
import NIOCore

/// The writing half: heads, bodies and ends of the answers, as far as the client's windows let
/// them go.
extension HTTP2DownstreamHandler {
    // MARK: Answers

    /// `exchange.response` as an interim response.
    func sendInterim(_ stream: HTTP2DownstreamStream, _ exchange: Exchange) {
        // RFC 9110 §8.6: no Content-Length in 1xx.
        exchange.response.headers.remove(.contentLength)
        self.writeHead(stream.id, exchange, framing: .none, endsStream: false)
        self.scheduleFlush()
    }

    func sendHead(
        _ stream: HTTP2DownstreamStream, _ exchange: Exchange, framing: BodyFraming, hasBody: Bool
    ) {
        self.writeHead(stream.id, exchange, framing: framing, endsStream: !hasBody)
        stream.hasSentHead = true
        stream.bytesToSend = nil
        if !hasBody {
            stream.queue.end = .sent
        } else if case .length(let count) = framing, !exchange.responseCanHaveTrailers {
            stream.bytesToSend = count
        }
        self.scheduleFlush()
    }

    private func writeHead(
        _ id: UInt32, _ exchange: Exchange, framing: BodyFraming, endsStream: Bool
    ) {
        let payloadCountMax = self.peerSettings.framePayloadBytesMax
        self.flood.headSent()
        self.outbound.write(
            capacity: exchange.response.headers.bytes.count + 256, worker: self.worker
        ) { cursor in
            let open = HTTP2FrameWriter.beginHeaders(
                streamID: id, endStream: endsStream, to: &cursor)
            defer {
                HTTP2FrameWriter.endHeaders(open, payloadCountMax: payloadCountMax, to: &cursor)
            }
            self.encoder.beginBlock(to: &cursor)
            HPACKEncoder.writeStatus(exchange.response.status, to: &cursor)
            HPACKEncoder.writeFields(of: exchange.response.headers, to: &cursor)
            if case .length(let count) = framing {
                HPACKEncoder.writeContentLength(count, to: &cursor)
            }
            guard exchange.listener.plan.respondsRequestID, !exchange.requestID.isEmpty else {
                return
            }
            HPACKEncoder.writeField(
                .xRequestID, value: exchange.requestID, of: exchange.request.headers, to: &cursor)
        }
    }

    /// 200 without an end: DATA frames carry the tunnel (RFC 8441 §4).
    func openTunnel(_ stream: HTTP2DownstreamStream, _ exchange: Exchange) {
        stream.isTunnel = true
        stream.hasSentHead = true
        exchange.response.status = 200
        exchange.response.headers.remove(named: Array("sec-websocket-accept".utf8).span)
        self.writeHead(stream.id, exchange, framing: .none, endsStream: false)
        self.scheduleFlush()
    }

    func sendBody(_ stream: HTTP2DownstreamStream, _ bytes: ByteBuffer) {
        let count = bytes.readableBytes
        guard count > 0, let context = self.context, case .open = stream.queue.end else { return }
        if let toSend = stream.bytesToSend {
            stream.bytesToSend = max(0, toSend - count)
            if count >= toSend { stream.queue.end = .afterBody }
        }
        // Nearly every answer fits, and goes without touching the queue.
        guard stream.queue.isEmpty, !self.isBlocked, count <= self.room(for: stream) else {
            stream.queue.append(bytes)
            self.answerHeld(count)
            return self.send(stream)
        }
        var isLast = false
        if case .afterBody = stream.queue.end { isLast = true }
        self.writeData(stream, bytes, endsStream: isLast, to: context)
        self.scheduleFlush()
    }

    /// Trailers that the upstream sent end the answer; without any, the last body byte does.
    func sendEnd(_ stream: HTTP2DownstreamStream, _ exchange: Exchange) {
        guard case .open = stream.queue.end else { return }
        if exchange.responseBody.chunks.trailers.isEmpty {
            stream.queue.end = .afterBody
        } else {
            stream.queue.end = .afterTrailers(self.trailerFrames(stream, exchange))
        }
        self.send(stream)
    }

    /// Written now, since they need no window and the exchange will be gone.
    private func trailerFrames(_ stream: HTTP2DownstreamStream, _ exchange: Exchange) -> ByteBuffer
    {
        let payloadCountMax = self.peerSettings.framePayloadBytesMax
        var frames = ByteBuffer()
        frames.writeHead(capacity: exchange.responseBody.chunks.trailers.bytes.count + 64) {
            let open = HTTP2FrameWriter.beginHeaders(
                streamID: stream.id, endStream: true, to: &$0)
            self.encoder.beginBlock(to: &$0)
            HPACKEncoder.writeFields(of: exchange.responseBody.chunks.trailers, to: &$0)
            HTTP2FrameWriter.endHeaders(open, payloadCountMax: payloadCountMax, to: &$0)
        }
        return frames
    }

    // MARK: Windows

    func room(for stream: HTTP2DownstreamStream) -> Int {
        min(
            stream.queue.window.available, self.sendWindow.available,
            self.peerSettings.framePayloadBytesMax)
    }

    /// The same, or nothing where it would only make a small frame of what waits.
    private func roomForFrame(of stream: HTTP2DownstreamStream) -> Int {
        let room = self.room(for: stream)
        // Whole, or from a client that gives no more windows.
        guard room < stream.queue.byteCount, !self.isInputClosed else { return room }
        return self.sendWindow.isSilly || stream.queue.window.isSilly ? 0 : room
    }

    /// Sends what lies in the stream's queue, as much as the windows allow.
    ///
    /// - `sendsLittle`: even if it makes small frames.
    func send(_ stream: HTTP2DownstreamStream, sendsLittle: Bool = false) {
        guard let context = self.context else { return }
        while !stream.queue.isEmpty, !self.isBlocked {
            let room = sendsLittle ? self.room(for: stream) : self.roomForFrame(of: stream)
            guard let piece = stream.queue.next(countMax: room) else { break }
            self.heldAnswerTaken(piece.readableBytes)
            var isLast = false
            if case .afterBody = stream.queue.end { isLast = stream.queue.isEmpty }
            self.writeData(stream, piece, endsStream: isLast, to: context)
        }
        if stream.queue.isEmpty {
            self.sendEnding(of: stream, to: context)
        } else if stream.queue.window.available > 0, !stream.isWaiting {
            stream.isWaiting = true
            self.waiting.append(stream)
        }
        self.scheduleFlush()
        self.pauseOrResume(stream)
        if stream.queue.isEnded, stream.exchange == nil, !stream.awaitsEnd {
            self.streamEnded(stream)
        }
    }

    private func sendEnding(of stream: HTTP2DownstreamStream, to context: ChannelHandlerContext) {
        switch stream.queue.end {
        case .open, .sent: return
        case .afterBody:
            self.writeData(stream, ByteBuffer(), endsStream: true, to: context)
        case .afterTrailers(let frames):
            self.outbound.write(frames, to: context, worker: self.worker)
        }
        stream.queue.end = .sent
    }

    private func writeData(
        _ stream: HTTP2DownstreamStream, _ bytes: ByteBuffer, endsStream: Bool,
        to context: ChannelHandlerContext
    ) {
        stream.queue.window.sent(bytes.readableBytes)
        self.sendWindow.sent(bytes.readableBytes)
        self.flood.dataSent(bytes.readableBytes, isWhole: stream.queue.isEmpty)
        if endsStream { stream.queue.end = .sent }
        self.outbound.writeData(
            bytes, streamID: stream.id, endStream: endsStream, to: context, worker: self.worker)
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

    /// What the client does not take is not read from the upstream either.
    private func pauseOrResume(_ stream: HTTP2DownstreamStream) {
        guard stream.queue.isEmpty == stream.hasPausedUpstream else { return }
        stream.hasPausedUpstream.toggle()
        if stream.hasPausedUpstream {
            stream.exchange?.connection?.pauseReading()
        } else {
            stream.exchange?.connection?.readLittle(
                self.holdsMuch || stream.exchange?.readsLittle ?? false)
            stream.exchange?.resumeUpstream()
        }
    }

    // MARK: The end of a stream

    /// The exchange is recorded; the stream goes once the client has the last byte under way.
    func exchangeEnded(_ stream: HTTP2DownstreamStream) {
        guard self.streams[stream.id] === stream else { return }
        if case .open = stream.queue.end { return self.reset(stream, .internalError) }
        if stream.held.readableBytes > 0 { stream.dropBody() }
        if stream.queue.isEnded { self.streamEnded(stream) }
    }

    func streamEnded(_ stream: HTTP2DownstreamStream) {
        if stream.isReceiveOpen, !self.isInputClosed, !stream.awaitsEnd {
            return self.awaitEnd(of: stream)
        }
        self.flood.requestAnswered(limits: self.limits.flood)
        // RFC 9113 §8.1: the answer is whole, so the rest of the request is not wanted.
        if stream.isReceiveOpen {
            self.writeReset(stream.id, .noError)
            self.forget(stream, .resetByUs)
        } else {
            self.forget(stream, .ended)
        }
        if self.streams.isEmpty { self.armIdle() }
        self.closeIfDone()
    }

    /// The answer is whole before its request is: the client may end the stream itself.
    ///
    /// A reset right behind our END_STREAM would make the end of a tunnel look like a failure (RFC
    /// 8441 §5), and clients lose an answer whose stream is gone before they have read it, though
    /// RFC 9113 §8.1 forbids it. What still comes meanwhile is dropped, and is at most what the
    /// stream's window has left.
    private func awaitEnd(of stream: HTTP2DownstreamStream) {
        stream.awaitsEnd = true
        // The end of a tunnel is awaited until the connection's next look.
        guard !stream.isTunnel else { return }
        stream.resetTick = self.worker.clock.tick + Self.resetDelayTicks
        if self.lateResets.isEmpty { self.armLateReset(at: stream.resetTick) }
        self.lateResets.append(stream)
        // Nearly all are reset or gone when their time comes; only those that are open count.
        guard self.lateResets.count > 2 * self.limits.concurrentStreamsMax else { return }
        self.lateResets.removeAll { self.streams[$0.id] !== $0 }
    }

    /// Longer than nearly every round trip, shorter than anybody waits with an upload that is not
    /// wanted.
    private static let resetDelayTicks = WorkerClock.ticksPerSecond / 2

    private func armLateReset(at tick: UInt64) {
        self.resetDeadline.set(tick, owner: .http2LateResets(self), worker: self.worker)
    }

    /// Clients have had the time to read answers that came early.
    func lateResetsDue() {
        guard self.resetDeadline.fired(owner: .http2LateResets(self), worker: self.worker) else {
            return
        }
        let due = self.lateResets.prefix { $0.resetTick <= self.worker.clock.tick }
        self.lateResets.removeFirst(due.count)
        for stream in due where self.streams[stream.id] === stream { self.streamEnded(stream) }
        if let next = self.lateResets.first { self.armLateReset(at: next.resetTick) }
    }
}
