import MartletHTTP
import MartletTelemetry
import NIOCore

/// How long a client may take: one deadline at a time, which one follows from the phase.
extension HTTP1DownstreamHandler {
    func arm(_ ticks: UInt64) {
        self.deadline.set(
            self.worker.clock.tick + ticks, owner: .downstream(self), worker: self.worker)
    }

    func armIdle() {
        self.arm(self.worker.isDraining ? WorkerClock.ticksPerSecond : self.listener.plan.idleTicks)
    }

    /// The client takes its answers again: the phase's own deadline goes on.
    func endStall() {
        self.isStalled = false
        switch self.phase {
        case .idle: self.armIdle()
        case .body where self.exchange?.isTunnel ?? false: self.deadline.clear()
        case .body: self.arm(self.listener.plan.bodyGraceTicks)
        case .head: self.arm(self.listener.plan.headTicks)
        case .answering where self.isInputClosed: self.watchHalfClosed()
        case .answering: self.deadline.clear()
        case .lingering, .closed: break
        }
    }

    /// Watches whether a client that has closed its side gets anything.
    ///
    /// It may wait for its answer, or be gone: nothing tells which but what is sent to it. Where
    /// nothing is, its upstream would be held for ever.
    func watchHalfClosed() {
        guard !self.isStalled, let exchange = self.exchange else { return }
        self.watchedBytesSent = exchange.record.bytesSent
        self.arm(self.listener.plan.halfClosedTicks)
    }

    private func checkHalfClosed() {
        guard let exchange = self.exchange,
            exchange.record.bytesSent == self.watchedBytesSent, !exchange.isHeldBack
        else { return self.watchHalfClosed() }
        self.reject(.halfClosed)
        self.close()
    }

    /// The drain wants idle connections gone soon; a request that comes in time is still served.
    package func beginDrain() {
        guard self.phase == .idle else { return }
        self.arm(WorkerClock.ticksPerSecond)
    }

    func deadlineFired() {
        guard self.deadline.fired(owner: .downstream(self), worker: self.worker) else { return }
        if self.isStalled { return self.checkWrites() }
        switch self.phase {
        case .idle:
            if !self.worker.isDraining { self.reject(.idleTimeout) }
            self.close()
        case .head:
            self.reject(.headTimeout)
            self.phase = .answering
            if let exchange = self.exchange {
                ExchangeDriver.requestFailed(exchange, .problem(.requestTimeout))
            }
        case .body where self.exchange?.isTunnel ?? false: break
        case .body:
            self.checkBodyRate()
        case .lingering:
            self.checkLingering()
        case .answering where self.isInputClosed:
            self.checkHalfClosed()
        case .answering, .closed: break
        }
    }

    /// Counts what the listener's limits did to the client.
    func reject(_ reason: DownstreamRejection) {
        self.listener.shard(self.worker).rejected(listener: self.listener.index, reason: reason)
    }

    /// The last answer is written, but a slow client may still be taking it.
    private func checkLingering() {
        guard (self.context?.unsentBytes ?? 0) > 0 else { return self.close() }
        guard
            self.lingering.writes.isStalled(
                self.context, at: self.worker.clock.tick, after: self.listener.plan.writeStallTicks)
        else { return self.armWriteWatch() }
        self.reject(.writeStall)
        self.close()
    }

    /// Ends one window of the grace period, and the request if its average was too slow.
    private func checkBodyRate() {
        let plan = self.listener.plan
        let windowTicks = plan.bodyGraceTicks
        // While we do not read, the client cannot be blamed; nor when both talk in turn.
        let isExempt =
            self.isReadPaused || self.exchange?.machine.response == .streaming
            || self.exchange?.isRequestHeldBack ?? false
        let needed = isExempt ? 0 : plan.bodyBytesMin(inTicks: windowTicks)
        guard self.bodyWindowBytes < needed, let exchange = self.exchange else {
            self.bodyWindowBytes = 0
            return self.arm(windowTicks)
        }
        self.reject(.bodyRate)
        ExchangeDriver.requestFailed(exchange, .problem(.requestTimeout))
    }

    /// The request was held back for so long, as if the client had kept the rate meanwhile.
    func creditHold(ticks: UInt64) {
        let plan = self.listener.plan
        self.bodyWindowBytes += plan.bodyBytesMin(inTicks: min(ticks, plan.bodyGraceTicks))
    }

    /// The client's window is full: from here it has to take something now and then.
    func watchWrites() {
        guard !self.isStalled else { return }
        self.isStalled = true
        self.writes.begin(self.context, at: self.worker.clock.tick)
        self.armWriteWatch()
    }

    private func armWriteWatch() {
        self.arm(WriteWatch.interval(of: self.listener.plan.writeStallTicks))
    }

    private func checkWrites() {
        guard
            self.writes.isStalled(
                self.context, at: self.worker.clock.tick, after: self.listener.plan.writeStallTicks)
        else { return self.armWriteWatch() }
        self.isStalled = false
        self.reject(.writeStall)
        if let exchange = self.exchange {
            ExchangeDriver.downstreamStalled(exchange)
        } else {
            self.close()
        }
    }
}
