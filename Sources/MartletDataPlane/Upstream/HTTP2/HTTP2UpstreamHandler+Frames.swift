import MartletAlgorithms
import MartletHTTP
import NIOCore

/// What each frame of an endpoint means.
extension HTTP2UpstreamHandler {
    func take(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        // §3.4: the first frame is SETTINGS.
        if case .settings = self.phase,
            header.type != .settings || header.flags.contains(.acknowledgement)
        {
            return self.connectionFailed(.protocolError)
        }
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
        case .priority: break
        case .goAway: self.takeGoAway(header, payload)
        // We have said that nothing may be pushed (§8.4).
        case .pushPromise: self.connectionFailed(.protocolError)
        case nil: self.countFlood(.control)
        }
    }

    private func countFlood(_ kind: HTTP2FloodGuard.Kind) {
        self.endFlood(
            unless: self.flood.count(kind, now: self.worker.clock.now, limits: Self.floodLimits))
    }

    private func endFlood(unless isHonest: Bool) {
        if !isHonest { self.connectionFailed(.enhanceYourCalm) }
    }

    /// What an endpoint gets wrong ends its connection.
    private func fail(_ violation: HTTP2Violation) {
        switch violation {
        case .connection(let code), .stream(let code): self.connectionFailed(code)
        }
    }

    /// §5.1: a stream that we have not opened.
    private func isIdle(_ id: UInt32) -> Bool { id >= self.nextStreamID || id % 2 == 0 }

    // MARK: Connection

    private func takeSettings(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        self.countFlood(.control)
        let (before, capacityBefore) = (self.peerSettings, self.capacity)
        if let violation = self.peerSettings.apply(payload.readableBytesUInt8Span, from: .server) {
            return self.fail(violation)
        }
        guard !header.flags.contains(.acknowledgement) else { return }
        self.encoder.tableBytesMaxAnnounced(self.peerSettings.headerTableBytesMax)
        if case .settings = self.phase {
            self.writeSettingsAcknowledgement()
            return self.opened()
        }
        let change = self.peerSettings.initialWindowSize - before.initialWindowSize
        if change != 0 {
            for stream in self.streams.all where !stream.queue.window.grew(by: change) {
                return self.connectionFailed(.flowControlError)
            }
        }
        self.writeSettingsAcknowledgement()
        if change > 0 { for stream in self.streams.all { self.send(stream) } }
        if self.capacity != capacityBefore {
            self.upstream.capacityChanged(.http2(self), to: self.capacity)
        }
    }

    private func writeSettingsAcknowledgement() {
        self.outbound.write(capacity: 16, worker: self.worker) {
            HTTP2FrameWriter.writeSettingsAcknowledgement(to: &$0)
        }
    }

    private func takePing(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        // Answers, too: we send none that there could be one to.
        self.endFlood(
            unless: self.flood.countPing(now: self.worker.clock.now, limits: Self.floodLimits))
        guard case .success(let opaque) = HTTP2FramePayload.ping(payload.readableBytesUInt8Span)
        else { return self.connectionFailed(.frameSizeError) }
        guard !header.flags.contains(.acknowledgement) else { return }
        self.outbound.write(capacity: 32, worker: self.worker) {
            HTTP2FrameWriter.writePing(opaque, isAcknowledgement: true, to: &$0)
        }
    }

    /// No new streams, and those above the last one were not looked at: they are sent again on
    /// another connection (§6.8).
    private func takeGoAway(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        guard
            case .success(let goAway) = HTTP2FramePayload.goAway(payload.readableBytesUInt8Span)
        else { return self.connectionFailed(.frameSizeError) }
        self.beginDrain()
        self.failStreams(
            above: goAway.lastStreamID, .connectionTerminated, isUnprocessed: true)
    }

    private func takeWindowUpdate(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        self.endFlood(
            unless: self.flood.countWindowUpdate(
                now: self.worker.clock.now, limits: Self.floodLimits))
        switch HTTP2FramePayload.windowUpdate(header, payload.readableBytesUInt8Span) {
        case .failure(.connection(let code)): self.connectionFailed(code)
        case .failure(.stream(let code)):
            if let stream = self.streams[header.streamID] { self.streamFailed(stream, code) }
        case .success(let increment) where header.streamID == 0:
            guard self.sendWindow.grew(by: increment) else {
                return self.connectionFailed(.flowControlError)
            }
            self.sendWaiting()
        case .success(let increment):
            guard !self.isIdle(header.streamID) else {
                return self.connectionFailed(.protocolError)
            }
            guard let stream = self.streams[header.streamID] else { return }
            guard stream.queue.window.grew(by: increment) else {
                return self.streamFailed(stream, .flowControlError)
            }
            self.send(stream)
        }
    }

    // MARK: Streams

    private func takeReset(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        guard !self.isIdle(header.streamID) else { return self.connectionFailed(.protocolError) }
        guard let stream = self.streams[header.streamID] else { return }
        let code = HTTP2FramePayload.resetStream(payload.readableBytesUInt8Span)
        // Unless it says that it did nothing, the endpoint has looked at the request: this is no
        // connection that turned out to be closed, and the request is not sent again.
        stream.exchange?.hasReceivedResponseBytes = true
        self.fail(
            stream, .connectionTerminated, isUnprocessed: code == .success(.refusedStream))
    }

    private func takeHeaders(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        let span = payload.readableBytesUInt8Span
        switch HTTP2FramePayload.headers(header, span) {
        case .failure(let violation): self.fail(violation)
        case .success(let headers):
            guard !self.isIdle(header.streamID) else {
                return self.connectionFailed(.protocolError)
            }
            self.block.begin(
                streamID: header.streamID, endsStream: header.flags.contains(.endStream),
                isSelfDependent: false, endTick: .max)
            guard header.flags.contains(.endHeaders) else {
                return self.block.append(span.extracting(headers.block))
            }
            self.blockEnded(self.block.close(), span.extracting(headers.block))
        }
    }

    private func takeContinuation(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) {
        self.countFlood(.continuation)
        guard self.block.isOpen else { return self.connectionFailed(.protocolError) }
        let isTaken = self.block.add(
            payload.readableBytesUInt8Span,
            bytesMax: self.upstream.plan.responseHeadBytesMax * 2)
        guard isTaken else { return self.connectionFailed(.enhanceYourCalm) }
        guard header.flags.contains(.endHeaders) else { return }
        let bytes = self.block.takeBytes()
        self.blockEnded(self.block.close(), bytes.span)
    }
}
