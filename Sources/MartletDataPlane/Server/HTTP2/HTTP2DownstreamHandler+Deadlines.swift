import MartletAlgorithms
import MartletHTTP
import MartletTelemetry
import NIOCore

/// How long a client may take. One deadline for the connection: while streams are open it is a
/// watch that looks at all of them in turn.
extension HTTP2DownstreamHandler {
    func arm(_ ticks: UInt64) {
        self.deadline.set(
            self.worker.clock.tick + ticks, owner: .http2Downstream(self), worker: self.worker)
    }

    func armIdle() {
        let isLeaving = self.worker.isDraining || self.hasWarned
        self.arm(isLeaving ? WorkerClock.ticksPerSecond : self.listener.plan.idleTicks)
    }

    /// Counts what the listener's limits did to the client.
    func reject(_ reason: DownstreamRejection) {
        self.listener.shard(self.worker).rejected(listener: self.listener.index, reason: reason)
    }

    /// After a read: what has begun must not take for ever.
    func settleDeadline() {
        guard self.block.isOpen, case .open = self.phase, self.deadline.tick > self.block.endTick
        else { return }
        self.deadline.set(
            self.block.endTick, owner: .http2Downstream(self), worker: self.worker)
    }

    func deadlineFired() {
        guard self.deadline.fired(owner: .http2Downstream(self), worker: self.worker) else {
            return
        }
        switch self.phase {
        case .preface, .settings:
            self.reject(.headTimeout)
            self.connectionFailed(.settingsTimeout)
        case .open:
            if self.block.isOpen, self.worker.clock.tick >= self.block.endTick {
                self.reject(.headTimeout)
                self.connectionFailed(.enhanceYourCalm)
            } else if !self.streams.isEmpty {
                self.watch()
                self.settleDeadline()
            } else if self.block.isOpen {
                // A request has begun: the connection is not idle.
                self.arm(self.block.endTick - self.worker.clock.tick)
            } else {
                self.idleEnded()
            }
        case .lingering: self.checkLingering()
        case .closed: break
        }
    }

    private func idleEnded() {
        if self.isGoingAway { return self.beginLingering() }
        // The client has not answered the ping that went with the warning.
        if self.hasWarned {
            self.finishGoAway()
            return self.closeIfDone()
        }
        if !self.worker.isDraining { self.reject(.idleTimeout) }
        self.goAway()
        self.closeIfDone()
    }

    /// Looks at every open stream: who sends too slowly, and who takes nothing.
    private func watch() {
        self.arm(
            self.isInputClosed ? WorkerClock.ticksPerSecond : self.listener.plan.bodyGraceTicks)
        if self.hasWarned, !self.isGoingAway { self.finishGoAway() }
        if self.isInputClosed {
            self.resetWindowless()
            if self.isHalfClosedForGood() {
                self.reject(.halfClosed)
                return self.close()
            }
        }
        if self.isBlocked, self.isSocketStalled() {
            self.reject(.writeStall)
            return self.close()
        }
        for stream in self.streams.all where self.streams[stream.id] === stream {
            self.watch(stream)
        }
    }

    /// A client that has closed its side opens no window again: what waits for one is lost.
    func resetWindowless() {
        for stream in self.streams.all
        where !stream.queue.isEmpty && self.room(for: stream) <= 0 {
            self.reset(stream, .cancel)
        }
    }

    /// Whether a client that has closed its side has got nothing for as long as is waited.
    private func isHalfClosedForGood() -> Bool {
        guard self.sendWindow.available == self.halfClosedWindow,
            !self.streams.all.contains(where: { $0.exchange?.isHeldBack ?? false })
        else {
            self.halfClosedWindow = self.sendWindow.available
            self.halfClosedTick = self.worker.clock.tick
            return false
        }
        return self.worker.clock.tick - self.halfClosedTick >= self.listener.plan.halfClosedTicks
    }

    private func watch(_ stream: HTTP2DownstreamStream) {
        let plan = self.listener.plan
        let received = stream.receivedBytes - stream.watchedReceived
        stream.watchedReceived = stream.receivedBytes
        if stream.isReceiveOpen, stream.held.readableBytes == 0, let exchange = stream.exchange,
            self.demandsRate(stream, exchange)
        {
            let needed = plan.bodyBytesMin(inTicks: plan.bodyGraceTicks)
            if received < needed, stream.hasBeenWatched {
                self.reject(.bodyRate)
                return ExchangeDriver.requestFailed(exchange, .problem(.requestTimeout))
            }
        }
        guard !stream.awaitsEnd else {
            if stream.isTunnel { self.streamEnded(stream) }
            return
        }
        stream.hasBeenWatched = true
        // What waits for the socket is no fault of this stream's window.
        guard !stream.queue.isEmpty, !self.isBlocked else {
            stream.stalledTick = 0
            return
        }
        // What was kept for a larger frame has waited long enough.
        self.send(stream, sendsLittle: true)
        guard self.streams[stream.id] === stream, !stream.queue.isEmpty else { return }
        if stream.queue.byteCount != stream.watchedQueued || stream.stalledTick == 0 {
            stream.watchedQueued = stream.queue.byteCount
            stream.stalledTick = self.worker.clock.tick
        } else if self.worker.clock.tick - stream.stalledTick >= plan.writeStallTicks {
            self.reject(.writeStall)
            self.streamStalled(stream)
        }
    }

    /// Whether what comes is the body of a request, and no conversation.
    ///
    /// A gRPC stream may be quiet for as long as its deadlines and the upstream's `stream-idle`
    /// allow, and so may one whose answer has begun.
    private func demandsRate(_ stream: HTTP2DownstreamStream, _ exchange: Exchange) -> Bool {
        if stream.isTunnel || exchange.machine.response == .streaming { return false }
        // What is not read cannot come.
        if exchange.isRequestHeldBack { return false }
        guard exchange.grpc != .none else { return true }
        // HTTP/1.1 carries no such stream.
        if case .http1 = exchange.connection { return true }
        return false
    }

    /// The client has stopped taking this answer.
    private func streamStalled(_ stream: HTTP2DownstreamStream) {
        guard let exchange = stream.exchange else { return self.reset(stream, .cancel) }
        // Comes back as `abort`.
        ExchangeDriver.downstreamStalled(exchange)
    }

    /// Whether the client has taken nothing for the time of a write stall.
    private func isSocketStalled() -> Bool {
        guard self.isWatchingWrites else {
            self.isWatchingWrites = true
            self.writes.begin(self.context, at: self.worker.clock.tick)
            return false
        }
        return self.writes.isStalled(
            self.context, at: self.worker.clock.tick, after: self.listener.plan.writeStallTicks)
    }

    // MARK: Going away

    /// No new streams: first a warning, so that requests under way are not lost (RFC 9113 §6.8),
    /// then, when the client has seen it, the last stream that is served.
    func goAway() {
        guard case .open = self.phase, !self.isGoingAway, !self.hasWarned else { return }
        self.hasWarned = true
        self.awaitsPing = true
        self.outbound.write(capacity: 64, worker: self.worker) {
            HTTP2FrameWriter.writeGoAway(lastStreamID: 0x7fff_ffff, .noError, to: &$0)
            HTTP2FrameWriter.writePing(Self.goAwayPing, isAcknowledgement: false, to: &$0)
        }
        // A client that does not answer pings is told the last stream all the same.
        if self.streams.isEmpty { self.arm(WorkerClock.ticksPerSecond) }
        self.scheduleFlush()
    }

    private static let goAwayPing: UInt64 = 0x6d61_7274_6c65_7421

    /// The client has seen the warning.
    func pingAnswered() {
        guard self.hasWarned, !self.isGoingAway else { return }
        self.finishGoAway()
        self.closeIfDone()
    }

    private func finishGoAway() {
        self.isGoingAway = true
        self.writeGoAway(.noError)
        self.scheduleFlush()
    }

    /// Closes once nothing is under way and nothing new may come.
    func closeIfDone() {
        guard case .open = self.phase, self.streams.isEmpty else { return }
        guard self.isGoingAway || self.isInputClosed || self.hasPeerGone else { return }
        if !self.isGoingAway { self.finishGoAway() }
        self.phase = .lingering
        self.beginLingering()
    }

    // MARK: Lingering

    func beginLingering() {
        guard let context = self.context else { return }
        self.phase = .lingering
        self.flushNow()
        self.arm(Lingering.ticks)
        self.lingering.writes.begin(context, at: self.worker.clock.tick)
        context.endOutput(isInputClosed: self.isInputClosed)
        if !self.isInputClosed { self.resumeReading() }
    }

    func dropWhileLingering(_ count: Int) {
        if !self.lingering.drops(count) { self.close() }
    }

    private func checkLingering() {
        // One that broke the rules is not waited for.
        guard (self.context?.unsentBytes ?? 0) > 0, !self.hasFailed else { return self.close() }
        let ticks = self.listener.plan.writeStallTicks
        guard
            self.lingering.writes.isStalled(
                self.context, at: self.worker.clock.tick, after: ticks)
        else { return self.arm(WriteWatch.interval(of: ticks)) }
        self.reject(.writeStall)
        self.close()
    }
}
