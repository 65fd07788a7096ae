import MartletAlgorithms
import MartletHTTP
package import NIOCore

/// Small frames, header blocks, and the one flush in each turn of the loop.
extension HTTP2DownstreamHandler {
    /// Our SETTINGS, and a larger window for the connection (RFC 9113 §3.4, §6.9.2).
    func writePreface() {
        var settings = HTTP2Settings()
        settings.concurrentStreamsMax = self.limits.concurrentStreamsMax
        settings.initialWindowSize = self.limits.streamWindow
        settings.headerListBytesMax = self.listener.plan.headLimits.headBytesMax
        settings.allowsConnectProtocol = true
        let more = self.limits.connectionWindow - HTTP2Settings().initialWindowSize
        self.outbound.write(capacity: 128, worker: self.worker) {
            settings.write(to: &$0)
            if more > 0 {
                HTTP2FrameWriter.writeWindowUpdate(streamID: 0, increment: more, to: &$0)
            }
        }
    }

    func writeGoAway(_ code: HTTP2ErrorCode) {
        let last = self.lastStreamID
        self.outbound.write(capacity: 32, worker: self.worker) {
            HTTP2FrameWriter.writeGoAway(lastStreamID: last, code, to: &$0)
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

    // MARK: Flushing

    /// Frames of one turn of the loop go out together: answers of many upstreams arrive in it.
    func scheduleFlush() {
        guard !self.isProcessing, !self.isFlushScheduled else { return }
        self.isFlushScheduled = true
        self.worker.flushAtEndOfTurn(.http2Downstream(self))
    }

    func flushNow() {
        self.isFlushScheduled = false
        guard let context = self.context, let buffer = self.outbound.close(to: context) else {
            return
        }
        context.flush()
        self.worker.buffers.giveBack(buffer)
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.worker.eventBegan()
        self.isBlocked = !context.channel.isWritable
        if self.isBlocked {
            // Whoever does not take answers gets no more of our work.
            self.pauseReading()
        } else {
            self.isWatchingWrites = false
            self.resumeReading()
            for stream in self.streams.all where !stream.queue.isEmpty { self.send(stream) }
        }
    }

    private func pauseReading() {
        guard !self.isReadPaused, let context = self.context else { return }
        self.isReadPaused = true
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    }

    func resumeReading() {
        guard self.isReadPaused, let context = self.context else { return }
        self.isReadPaused = false
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }
}
