import MartletAlgorithms

/// Traffic of a canary and its baseline, in windows, from a seed.
struct CanarySimulation {
    var requestsPerWindow: UInt64 = 1000
    /// Of the requests, the canary's.
    var share = 0.1
    var baselineErrorRate = 0.01
    var canaryErrorRate = 0.01
    /// Means of exponential latencies; `nil`: latency is not simulated.
    var baselineMilliseconds: Double?
    var canaryMilliseconds = 10.0
    /// In one window of ten both fail this much more often.
    var stormErrorRate = 0.0
    /// The canary is as good as the baseline before this window.
    var badFrom = 0

    struct Outcome {
        var verdict: CanaryVerdict
        var windowCount: Int
    }

    /// The windows until the gate aborts, or all of them.
    func run(_ plan: CanaryGatePlan, windows: Int, seed: UInt64) -> Outcome {
        var random = SeededRandom(seed: seed)
        var gate = CanaryGate(plan: plan)
        var verdict = CanaryVerdict.promote
        for window in 0..<windows {
            let storm = window % 10 == 5 ? self.stormErrorRate : 0
            let canaryCount = random.binomial(self.requestsPerWindow, self.share)
            let isBad = window >= self.badFrom
            let canary = self.window(
                canaryCount,
                errorRate: (isBad ? self.canaryErrorRate : self.baselineErrorRate) + storm,
                milliseconds: isBad ? self.canaryMilliseconds : self.baselineMilliseconds ?? 0,
                &random)
            let baseline = self.window(
                self.requestsPerWindow - canaryCount, errorRate: self.baselineErrorRate + storm,
                milliseconds: self.baselineMilliseconds ?? 0, &random)
            verdict = gate.windowEnded(canary: canary, baseline: baseline)
            if case .abort = verdict { return Outcome(verdict: verdict, windowCount: window + 1) }
        }
        return Outcome(verdict: verdict, windowCount: windows)
    }

    private func window(
        _ count: UInt64, errorRate: Double, milliseconds: Double, _ random: inout SeededRandom
    ) -> CanaryWindow {
        var window = CanaryWindow()
        let errors = random.binomial(count, errorRate)
        for _ in 0..<errors { window.requestFailed() }
        for _ in errors..<count {
            let latency =
                self.baselineMilliseconds == nil
                ? 0 : -RealFunctions.logarithm(random.uniform()) * milliseconds
            window.requestSucceeded(nanoseconds: UInt64(latency * 1e6))
        }
        return window
    }

    /// Of so many runs, how many were aborted, and after how many windows half of those were.
    func aborts(
        _ plan: CanaryGatePlan, windows: Int, runs: Int
    ) -> (share: Double, medianWindows: Int) {
        var counts: [Int] = []
        for run in 0..<runs {
            let outcome = self.run(plan, windows: windows, seed: UInt64(run) + 1)
            if case .abort = outcome.verdict { counts.append(outcome.windowCount) }
        }
        counts.sort()
        return (
            Double(counts.count) / Double(max(runs, 1)),
            counts.isEmpty ? 0 : counts[counts.count / 2]
        )
    }
}
