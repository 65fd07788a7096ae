import MartletAlgorithms

/// What a worker's timer wheel calls when a deadline has passed.
package enum DeadlineOwner {
    case handshake(TLSHandshakeHandler)
    case downstream(HTTP1DownstreamHandler)
    case http2Downstream(HTTP2DownstreamHandler)
    /// Of streams that are reset a while after their answers.
    case http2LateResets(HTTP2DownstreamHandler)
    case upstream(HTTP1UpstreamHandler)
    case http2Upstream(HTTP2UpstreamHandler)
    case tcpDownstream(TCPDownstreamHandler)
    case tcpUpstream(TCPUpstreamHandler)
    case exchange(Exchange)
    /// Of a body that is held by a limit of bandwidth.
    case pacing(Exchange)
}

/// One owner's place in the timer wheel, moved lazily.
///
/// A later deadline costs one store: the wheel fires at the old tick, finds that it is not due and
/// puts it back. Only an earlier one touches the wheel. So a keep-alive request arms nothing.
package struct Deadline {
    private var handle = TimerHandle.none
    /// When the wheel will fire; `.max` while not in the wheel.
    private var armedTick = UInt64.max
    /// When it is due; `.max` for none.
    package private(set) var tick = UInt64.max

    package init() {}

    package mutating func set(_ tick: UInt64, owner: DeadlineOwner, worker: Worker) {
        self.tick = tick
        guard tick < self.armedTick else { return }
        worker.wheel.remove(self.handle)
        self.handle = worker.wheel.insert(owner, at: tick)
        self.armedTick = tick
    }

    /// Nothing is due any more; the wheel finds out by itself.
    package mutating func clear() {
        self.tick = .max
    }

    /// Called when the wheel has fired and forgotten this place.
    ///
    /// - Returns: whether the deadline is due now; if not, it is in the wheel again.
    package mutating func fired(owner: DeadlineOwner, worker: Worker) -> Bool {
        self.handle = .none
        self.armedTick = .max
        guard self.tick <= worker.clock.tick else {
            if self.tick != .max { self.set(self.tick, owner: owner, worker: worker) }
            return false
        }
        self.tick = .max
        return true
    }

    /// Leaves the wheel, so that the owner can be freed.
    package mutating func cancel(worker: Worker) {
        worker.wheel.remove(self.handle)
        self.handle = .none
        self.armedTick = .max
        self.tick = .max
    }
}
