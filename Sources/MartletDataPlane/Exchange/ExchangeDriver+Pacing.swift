import MartletAlgorithms

/// Bandwidth: bodies that come faster than a limit allows wait.
///
/// Only exchanges with such a limit come here (`Exchange.isPaced`). Before they begin they have
/// waited for what others of their key had taken (`RateLimitPolicy`).
extension ExchangeDriver {
    /// Counts a piece of the answer that goes to the client now; more is read when it may be.
    static func paceResponse(_ exchange: Exchange, byteCount: Int) {
        let wait = self.wait(exchange, byteCount) { $0.responseBandwidth }
        // A reply of our own is written already; who comes next waits for it.
        guard wait > 0, let connection = exchange.connection else { return }
        exchange.isResponseHeld = true
        connection.pauseReading()
        self.arm(exchange, wait)
    }

    /// Counts a piece of the request that goes to the upstream now.
    static func paceRequest(_ exchange: Exchange, byteCount: Int) {
        let wait = self.wait(exchange, byteCount) { $0.requestBandwidth }
        guard wait > 0 else { return }
        if !exchange.isRequestHeld { exchange.heldSinceTick = exchange.worker.clock.tick }
        exchange.isRequestHeld = true
        self.arm(exchange, wait)
    }

    /// Nanoseconds until what was taken too much under the exchange's keys is made up for.
    ///
    /// - `first`: the row of the first limit that is asked.
    static func debt(of exchange: Exchange, from first: Int) -> UInt64 {
        let plan = exchange.generation.plan
        let time = exchange.worker.limitTime
        let sends = exchange.hasRequestBody || exchange.upgrade != .none
        var debt: UInt64 = 0
        for row in first..<exchange.rateLimits.count {
            let limit = plan.rateLimits[exchange.rateLimits.limit(row)]
            let key = exchange.rateLimits.key(row)
            if let bandwidth = limit.responseBandwidth {
                debt = max(debt, bandwidth.debt(key, at: time))
            }
            if sends, let bandwidth = limit.requestBandwidth {
                debt = max(debt, bandwidth.debt(key, at: time))
            }
        }
        return debt
    }

    private static func wait(
        _ exchange: Exchange, _ byteCount: Int, _ bandwidth: (RateLimitPlan) -> BandwidthLimit?
    ) -> UInt64 {
        let plan = exchange.generation.plan
        let time = exchange.worker.limitTime
        var wait: UInt64 = 0
        for row in 0..<exchange.rateLimits.count {
            let limit = exchange.rateLimits.limit(row)
            guard let bandwidth = bandwidth(plan.rateLimits[limit]) else { continue }
            let key = exchange.rateLimits.key(row)
            wait = max(wait, bandwidth.pace(key, byteCount: byteCount, at: time))
        }
        return wait
    }

    /// Both directions share one deadline, the later one: who waits longer than needed has what it
    /// did not use in the bucket.
    private static func arm(_ exchange: Exchange, _ wait: UInt64) {
        let worker = exchange.worker
        let tick = worker.clock.tick &+ wait / WorkerClock.tickNanoseconds &+ 1
        let due = exchange.pacing.tick == .max ? tick : max(tick, exchange.pacing.tick)
        exchange.pacing.set(due, owner: .pacing(exchange), worker: worker)
    }

    /// The debt is paid off: bytes go on, if nothing else holds them.
    static func pacingEnded(_ exchange: Exchange) {
        guard exchange.pacing.fired(owner: .pacing(exchange), worker: exchange.worker) else {
            return
        }
        let (wasResponseHeld, wasRequestHeld) = (exchange.isResponseHeld, exchange.isRequestHeld)
        exchange.isResponseHeld = false
        exchange.isRequestHeld = false
        if wasRequestHeld {
            exchange.creditHold()
            // The upstream has to take what comes now in time, if there is more of it.
            if exchange.machine.request != .complete {
                exchange.connection?.requestGoesOn(exchange)
            }
        }
        if wasResponseHeld, let downstream = exchange.downstream, !downstream.isBlocked {
            exchange.connection?.resumeReading()
        }
        if wasRequestHeld { exchange.downstream?.resume() }
    }
}
