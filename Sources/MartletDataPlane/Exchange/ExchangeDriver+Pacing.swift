import MartletAlgorithms

/// Bandwidth: bodies that come faster than a limit allows wait.
///
/// Only exchanges with such a limit come here (`Exchange.isPaced`).
extension ExchangeDriver {
    /// Counts a piece of the answer that goes to the client now; more is read when it may be.
    static func paceResponse(_ exchange: Exchange, byteCount: Int) {
        guard let connection = exchange.connection else { return }
        let wait = self.wait(exchange, byteCount) { $0.responseBandwidth }
        guard wait > 0 else { return }
        exchange.isResponseHeld = true
        connection.pauseReading()
        self.arm(exchange, wait)
    }

    /// Counts a piece of the request that goes to the upstream now.
    static func paceRequest(_ exchange: Exchange, byteCount: Int) {
        let wait = self.wait(exchange, byteCount) { $0.requestBandwidth }
        guard wait > 0 else { return }
        exchange.isRequestHeld = true
        self.arm(exchange, wait)
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
        if wasResponseHeld, let downstream = exchange.downstream, !downstream.isBlocked {
            exchange.connection?.resumeReading()
        }
        if wasRequestHeld { exchange.downstream?.resume() }
    }
}
