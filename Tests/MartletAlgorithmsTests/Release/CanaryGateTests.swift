import MartletAlgorithms
import Testing

/// Rates over many runs from seeds 1, 2, 3 …; ADR 41 has the figures of longer measurements.
@Suite struct CanaryGateTests {
    private var errorsOnly: CanaryGatePlan {
        var plan = CanaryGatePlan()
        plan.latencyQuantiles = []
        plan.errorRateDifferenceMin = 0
        return plan
    }

    // MARK: False aborts

    /// As good as its baseline, asked 200 times: aborted in no more than the share of the plan,
    /// also when both fail in storms.
    @Test(arguments: [0, 0.3], [0.001, 0.02])
    func aGoodCanaryIsSeldomAborted(storm: Double, rate: Double) {
        var simulation = CanarySimulation()
        simulation.stormErrorRate = storm
        (simulation.baselineErrorRate, simulation.canaryErrorRate) = (rate, rate)
        simulation.requestsPerWindow = 300
        var plan = self.errorsOnly
        plan.falseAbortRate = 0.05
        let runs = 150 * Measurement.scale
        let aborts = simulation.aborts(plan, windows: 200, runs: runs)
        Measurement.report("false aborts, rate \(rate), storm \(storm): \(aborts.share)")
        #expect(aborts.share <= 0.05, "\(aborts)")
    }

    @Test func aGoodCanaryIsSeldomAbortedForItsLatency() {
        var simulation = CanarySimulation()
        (simulation.baselineMilliseconds, simulation.canaryMilliseconds) = (10, 10)
        simulation.requestsPerWindow = 200
        var plan = CanaryGatePlan()
        plan.falseAbortRate = 0.05
        plan.latencyTolerance = 0
        let aborts = simulation.aborts(plan, windows: 60, runs: 30 * Measurement.scale)
        Measurement.report("false aborts by latency, no tolerance: \(aborts.share)")
        #expect(aborts.share <= 0.05, "\(aborts)")
    }

    /// What this gate is for: the usual test, asked after every window at 5 %, is wrong far more
    /// often than that.
    @Test func theUsualTestAskedAgainAndAgainIsOftenWrong() {
        let runs = 200 * Measurement.scale
        var aborted = 0
        for run in 0..<runs {
            var random = SeededRandom(seed: UInt64(run) + 1)
            var (canary, canaryErrors, all, errors) = (0.0, 0.0, 0.0, 0.0)
            for _ in 0..<200 {
                canary += 30
                all += 300
                let found = Double(random.binomial(30, 0.02))
                canaryErrors += found
                errors += found + Double(random.binomial(270, 0.02))
                guard canary >= 100, errors > 0 else { continue }
                let (pooled, baseline) = (errors / all, all - canary)
                let error = (pooled * (1 - pooled) * (1 / canary + 1 / baseline)).squareRoot()
                let difference = canaryErrors / canary - (errors - canaryErrors) / baseline
                // The upper twentieth of the normal distribution.
                guard difference > 1.645 * error else { continue }
                aborted += 1
                break
            }
        }
        let share = Double(aborted) / Double(runs)
        Measurement.report("false aborts of the repeated z-test at 5 %: \(share)")
        #expect(share > 0.2)
    }

    // MARK: Detection

    /// Errors of the baseline, of the canary, and by which window nearly all are aborted.
    @Test(
        arguments: [
            (0.01, 0.02, 150), (0.01, 0.05, 25), (0.001, 0.02, 25), (0, 0.01, 40),
            (0.02, 0.5, 2),
        ])
    func aBadCanaryIsAborted(baseline: Double, canary: Double, windows: Int) {
        var simulation = CanarySimulation()
        (simulation.baselineErrorRate, simulation.canaryErrorRate) = (baseline, canary)
        let runs = 50 * Measurement.scale
        let aborts = simulation.aborts(self.errorsOnly, windows: windows, runs: runs)
        Measurement.report("errors \(baseline) to \(canary), \(windows) windows: \(aborts)")
        #expect(aborts.share >= 0.95, "\(aborts)")
    }

    /// Good for a hundred windows, then not: what went well before does not hide it.
    @Test func aCanaryThatTurnsBadIsAborted() {
        var simulation = CanarySimulation()
        (simulation.canaryErrorRate, simulation.badFrom) = (0.05, 100)
        let aborts = simulation.aborts(
            self.errorsOnly, windows: 140, runs: 40 * Measurement.scale)
        Measurement.report("errors 0.01 to 0.05 from window 100 on: \(aborts)")
        #expect(aborts.share >= 0.95, "\(aborts)")
        #expect(aborts.medianWindows > 100)
    }

    @Test(arguments: [(1.5, 60), (2, 30), (5, 8)])
    func aSlowCanaryIsAborted(factor: Double, windows: Int) {
        var simulation = CanarySimulation()
        (simulation.baselineMilliseconds, simulation.canaryMilliseconds) = (10, 10 * factor)
        simulation.requestsPerWindow = 400
        let runs = 15 * Measurement.scale
        let aborts = simulation.aborts(CanaryGatePlan(), windows: windows, runs: runs)
        Measurement.report("latency by \(factor), \(windows) windows: \(aborts)")
        #expect(aborts.share >= 0.9, "\(aborts)")
        guard
            case .abort(.latency(_, let canary, let baseline, _)) = simulation.run(
                CanaryGatePlan(), windows: windows, seed: 1
            ).verdict
        else {
            Issue.record("not for its latency")
            return
        }
        #expect(canary > baseline)
    }

    @Test func aToleratedLatencyIsTolerated() {
        var simulation = CanarySimulation()
        (simulation.baselineMilliseconds, simulation.canaryMilliseconds) = (10, 11.5)
        simulation.requestsPerWindow = 300
        let aborts = simulation.aborts(CanaryGatePlan(), windows: 40, runs: 20)
        #expect(aborts.share == 0, "\(aborts)")
    }

    // MARK: Steps

    private func window(requests: Int, errors: Int) -> CanaryWindow {
        var window = CanaryWindow()
        for _ in 0..<errors { window.requestFailed() }
        for _ in errors..<requests { window.requestSucceeded(nanoseconds: 1_000_000) }
        return window
    }

    @Test func eachStepNeedsItsOwnSample() {
        var gate = CanaryGate(plan: CanaryGatePlan())
        let (canary, baseline) = (
            self.window(requests: 60, errors: 0), self.window(requests: 500, errors: 1)
        )
        #expect(
            gate.windowEnded(canary: canary, baseline: baseline)
                == .continue(.sampleTooSmall(requestCount: 0, needed: 100)),
            "no latencies of the baseline yet")
        #expect(
            gate.windowEnded(canary: canary, baseline: baseline)
                == .continue(.sampleTooSmall(requestCount: 60, needed: 100)))
        #expect(gate.windowEnded(canary: canary, baseline: baseline) == .promote)
        gate.stepBegan()
        #expect(
            gate.windowEnded(canary: canary, baseline: baseline)
                == .continue(.sampleTooSmall(requestCount: 60, needed: 100)))
    }

    /// However many there are: the first window has nothing to compare latencies with.
    @Test func aSlowCanaryDoesNotGoOnUncompared() {
        var gate = CanaryGate(plan: CanaryGatePlan())
        var (canary, baseline) = (CanaryWindow(), CanaryWindow())
        for _ in 0..<1_000 {
            canary.requestSucceeded(nanoseconds: 30_000_000)
            baseline.requestSucceeded(nanoseconds: 1_000_000)
        }
        #expect(
            gate.windowEnded(canary: canary, baseline: baseline)
                == .continue(.sampleTooSmall(requestCount: 0, needed: 100)))
        guard case .abort(.latency) = gate.windowEnded(canary: canary, baseline: baseline) else {
            Issue.record("a slow canary goes on")
            return
        }
    }

    @Test func aDoubtfulCanaryDoesNotGoOn() {
        var gate = CanaryGate(plan: self.errorsOnly)
        let verdict = gate.windowEnded(
            canary: self.window(requests: 100, errors: 6),
            baseline: self.window(requests: 900, errors: 10))
        guard case .continue(.doubtful(let strength)) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(strength >= 5 && strength < 100)
        var last = verdict
        for _ in 0..<20 {
            last = gate.windowEnded(
                canary: self.window(requests: 100, errors: 1),
                baseline: self.window(requests: 900, errors: 10))
        }
        #expect(last == .promote, "it was chance")
    }

    @Test func withoutTrafficNothingIsDecided() {
        var gate = CanaryGate(plan: CanaryGatePlan())
        for _ in 0..<10 {
            #expect(
                gate.windowEnded(canary: CanaryWindow(), baseline: CanaryWindow())
                    == .continue(.sampleTooSmall(requestCount: 0, needed: 100)))
        }
    }
}
