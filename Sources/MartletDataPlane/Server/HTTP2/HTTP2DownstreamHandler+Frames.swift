import MartletAlgorithms
import MartletHTTP
import NIOCore

/// What each frame means: the ones that concern the connection, and the way to those of a stream.
extension HTTP2DownstreamHandler {
    func take(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        // §3.4: the first frame is SETTINGS.
        if case .settings = self.phase,
            header.type != .settings || header.flags.contains(.acknowledgement)
        {
            return self.connectionFailed(.protocolError)
        }
        // §6.10: nothing may come between the parts of a header block.
        if self.block.isOpen,
            header.type != .continuation || header.streamID != self.block.streamID
        {
            return self.connectionFailed(.protocolError)
        }
        switch header.type {
        case .data: self.takeData(header, payload)
        case .headers: self.takeHeaders(header, payload)
        case .continuation: self.takeContinuation(header, payload)
        case .settings: self.takeSettings(header, payload)
        case .ping: self.takePing(header, payload)
        case .windowUpdate: self.takeWindowUpdate(header, payload)
        case .resetStream: self.takeReset(header, payload)
        case .priority: self.takePriority(header, payload)
        case .goAway: self.takeGoAway(header, payload)
        // §8.4: a client cannot push.
        case .pushPromise: self.connectionFailed(.protocolError)
        // §5.5: unknown frames are ignored, but not without end.
        case nil: self.countFlood(.control)
        }
    }

    func fail(_ violation: HTTP2Violation, _ streamID: UInt32 = 0) {
        switch violation {
        case .connection(let code): self.connectionFailed(code)
        case .stream(let code): self.streamFailed(streamID, code)
        }
    }

    // MARK: SETTINGS, PING, GOAWAY

    private func takeSettings(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        self.countFlood(.control)
        let before = self.peerSettings.initialWindowSize
        if let violation = self.peerSettings.apply(payload.readableBytesUInt8Span, from: .client) {
            return self.fail(violation)
        }
        guard !header.flags.contains(.acknowledgement) else { return }
        self.encoder.tableBytesMaxAnnounced(self.peerSettings.headerTableBytesMax)
        if case .settings = self.phase {
            self.phase = .open
            self.armIdle()
        }
        // §6.9.2: a new initial window concerns every stream that is open.
        let change = self.peerSettings.initialWindowSize - before
        if change != 0 {
            for stream in self.streams.all where !stream.queue.window.grew(by: change) {
                return self.connectionFailed(.flowControlError)
            }
        }
        self.outbound.write(capacity: 16, worker: self.worker) {
            HTTP2FrameWriter.writeSettingsAcknowledgement(to: &$0)
        }
        if change > 0 { for stream in self.streams.all { self.send(stream) } }
    }

    private func takePing(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        // The answer to our own is no flood.
        let isAwaited = header.flags.contains(.acknowledgement) && self.awaitsPing
        if isAwaited { self.awaitsPing = false } else { self.countPing() }
        guard case .success(let opaque) = HTTP2FramePayload.ping(payload.readableBytesUInt8Span)
        else { return self.connectionFailed(.frameSizeError) }
        guard !header.flags.contains(.acknowledgement) else { return self.pingAnswered() }
        self.outbound.write(capacity: 32, worker: self.worker) {
            HTTP2FrameWriter.writePing(opaque, isAcknowledgement: true, to: &$0)
        }
    }

    private func takeGoAway(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        // The client opens no more streams; those that are open are served.
        self.hasPeerGone = true
        self.closeIfDone()
    }

    // MARK: WINDOW_UPDATE, RST_STREAM, PRIORITY

    private func takeWindowUpdate(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        self.countWindowUpdate()
        let increment: Int
        switch HTTP2FramePayload.windowUpdate(header, payload.readableBytesUInt8Span) {
        case .failure(let violation):
            if header.streamID != 0, case .stream = violation, self.isIdle(header.streamID) {
                return self.connectionFailed(.protocolError)
            }
            return self.fail(violation, header.streamID)
        case .success(let value): increment = value
        }
        guard header.streamID != 0 else {
            guard self.sendWindow.grew(by: increment) else {
                return self.connectionFailed(.flowControlError)
            }
            return self.sendWaiting()
        }
        guard let stream = self.streams[header.streamID] else {
            if self.isIdle(header.streamID) { self.connectionFailed(.protocolError) }
            return
        }
        guard stream.queue.window.grew(by: increment) else {
            return self.streamFailed(stream.id, .flowControlError)
        }
        self.send(stream)
    }

    private func takeReset(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        guard !self.isIdle(header.streamID) else { return self.connectionFailed(.protocolError) }
        guard let stream = self.streams[header.streamID] else {
            self.countReset()
            return self.closeIfDone()
        }
        let isRapid = self.isRapidReset(stream)
        self.forget(stream, .resetByPeer)
        if let exchange = stream.exchange {
            stream.exchange = nil
            ExchangeDriver.downstreamClosed(exchange)
        }
        if isRapid { self.countReset() }
        self.closeIfDone()
    }

    /// Whether a reset costs the client next to nothing and us a request (CVE-2023-44487).
    ///
    /// Whoever has waited for the head of the answer, or for a second, has kept one of his streams
    /// busy meanwhile: he gives up what he no longer wants.
    private func isRapidReset(_ stream: HTTP2DownstreamStream) -> Bool {
        !stream.hasSentHead
            && self.worker.clock.tick - stream.openedTick < WorkerClock.ticksPerSecond
    }

    private func takePriority(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        self.countFlood(.control)
        let violation = HTTP2FramePayload.priority(header, payload.readableBytesUInt8Span)
        if let violation { self.fail(violation, header.streamID) }
    }

    /// §5.1.1: a stream that has not been opened yet.
    func isIdle(_ id: UInt32) -> Bool {
        id > self.lastStreamID || id % 2 == 0
    }
}
