import Logging
import MartletConfig
import MartletDataPlane
import MartletTelemetry

/// The end of the process's work.
extension ControlPlane {
    /// Ends the process's work: not ready at once, accepting until the grace is over, then until
    /// nothing is open or the deadline has passed.
    ///
    /// - Returns: whether everything ended by itself.
    package func drain() async -> Bool {
        self.phase = .draining
        let config = self.plan.document.drain
        self.log.info("draining")
        try? await self.workers.drain()
        try? await Task.sleep(for: config.grace)
        for listener in self.listeners { await listener.close() }
        let end = ContinuousClock.now + config.deadline
        while ContinuousClock.now < end, await self.isBusy() {
            try? await Task.sleep(for: .milliseconds(20))
        }
        let isClean = await !self.isBusy()
        if !isClean { try? await self.workers.closeAll() }
        return isClean
    }

    private func isBusy() async -> Bool {
        guard let load = try? await self.workers.load() else { return false }
        return load.connections > 0
    }

    /// Ends the threads and writes the last log lines.
    package func stop() async {
        self.phase = .stopped
        await self.endpointWatch.stop()
        try? await self.workers.stop()
        await self.sideCalls.stop()
        await self.client.stop()
        _ = self.accessLog?.close(withinNanoseconds: 2_000_000_000)
    }

    package func reopenLogs() {
        do { try self.accessLog?.reopen() } catch {
            self.log.error("log_not_reopened", metadata: ["reason": "\(error.message)"])
        }
    }
}
