package import Logging
import MartletAlgorithms
package import MartletDataPlane

/// Leads canaries through their steps: adds up what workers saw, asks the gate, and tells workers
/// which share a canary has.
///
/// The only one that does so. Keeps a rollout over reloads that leave it as it is. Bounded by the
/// number of releases; of each, the last events are kept.
package actor ReleaseWatch {
    private struct Release {
        var plan: ReleasePlan
        var gate: CanaryGate
        var rollout: RolloutStateMachine?
        var window = ReleaseWindow()
        var windowEnd: UInt64
        var status: ReleaseStatus
    }

    private static let pollInterval = Duration.milliseconds(200)
    /// Events kept of a release.
    private static let eventCountMax = 32

    private let workers: WorkerGroup
    private let log: Logger
    private let start = ContinuousClock.now
    private var releases: [String: Release] = [:]
    private var order: [String] = []

    package init(workers: WorkerGroup, log: Logger) {
        self.workers = workers
        self.log = log
    }

    private var now: UInt64 {
        let (seconds, attoseconds) = (ContinuousClock.now - self.start).components
        return UInt64(clamping: seconds) * 1_000_000_000
            + UInt64(clamping: attoseconds / 1_000_000_000) + 1
    }

    /// In the order of the configuration.
    package var statuses: [ReleaseStatus] { self.order.compactMap { self.releases[$0]?.status } }

    // MARK: Plans

    /// Workers have taken a plan over.
    package func planChanged(_ plan: Plan) async {
        let known = self.releases
        self.releases = [:]
        self.order = plan.releases.map(\.name)
        for releasePlan in plan.releases {
            if var release = known[releasePlan.name], release.plan.isSame(as: releasePlan) {
                release.plan = releasePlan
                self.releases[releasePlan.name] = release
                continue
            }
            self.releases[releasePlan.name] = Release(
                plan: releasePlan, gate: CanaryGate(plan: releasePlan.gate),
                rollout: releasePlan.rollout.map(RolloutStateMachine.init),
                windowEnd: self.now + releasePlan.windowNanoseconds,
                status: ReleaseStatus(releasePlan))
            await self.advance(releasePlan.name) { $0.beginRequested(now: $1) }
        }
    }

    // MARK: Judging

    /// Judges until the task is cancelled.
    package func run() async {
        while (try? await Task.sleep(for: Self.pollInterval)) != nil {
            if !self.releases.isEmpty { await self.judge() }
        }
    }

    private func judge() async {
        guard let windows = try? await self.workers.takeReleaseWindows() else { return }
        for (name, window) in windows {
            guard var release = self.releases[name] else { continue }
            release.window.merge(window)
            release.status.count(window)
            self.releases[name] = release
            guard self.now >= release.windowEnd else { continue }
            await self.windowEnded(name)
        }
    }

    private func windowEnded(_ name: String) async {
        guard var release = self.releases[name] else { return }
        release.windowEnd = self.now + release.plan.windowNanoseconds
        let window = release.window
        release.window = ReleaseWindow()
        guard release.rollout != nil else {
            self.releases[name] = release
            return
        }
        let verdict = release.gate.windowEnded(canary: window.canary, baseline: window.baseline)
        release.status.verdict =
            switch verdict {
            case .continue(let waiting): waiting.text
            case .promote: "good so far"
            case .abort(let reason): reason.text
            }
        self.releases[name] = release
        await self.advance(name) { $0.verdictGiven(verdict, now: $1) }
    }

    /// Does what the rollout says, and tells the workers.
    @discardableResult
    private func advance(
        _ name: String,
        _ input: (inout RolloutStateMachine, UInt64) -> RolloutStateMachine.OnRollout
    ) async -> Bool {
        guard var release = self.releases[name], var rollout = release.rollout else { return false }
        let action = input(&rollout, self.now)
        release.rollout = rollout
        release.status.state = rollout.state.text
        release.status.points = rollout.points
        var event: String?
        switch action {
        case .none: break
        case .stepBegan(let points):
            release.gate.stepBegan()
            event = "share \(ReleaseStatus.percent(points)) %"
            self.log.info("release_step", metadata: self.metadata(name, points, nil))
        case .promoted:
            event = "promoted"
            self.log.info("release_promoted", metadata: self.metadata(name, 10_000, nil))
        case .aborted(let reason):
            event = "aborted: \(reason.text)"
            release.status.abortCount += 1
            self.log.warning("release_aborted", metadata: self.metadata(name, 0, reason.text))
        }
        if let event {
            release.status.add(event, countMax: Self.eventCountMax)
        }
        self.releases[name] = release
        guard action != .none else { return false }
        try? await self.workers.share(name, by: TrafficSplit(shares: [rollout.points]))
        return true
    }

    private func metadata(_ name: String, _ points: UInt16, _ reason: String?) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "release": "\(name)", "share": "\(ReleaseStatus.percent(points)) %",
        ]
        if let reason { metadata["reason"] = "\(reason)" }
        return metadata
    }

    // MARK: Requests of an operator

    package enum Request: String, Sendable, CaseIterable {
        case promote, pause, resume, abort
    }

    /// - Returns: `nil` if there is no rollout of that name.
    package func request(_ request: Request, of name: String) async -> ReleaseStatus? {
        guard self.releases[name]?.rollout != nil else { return nil }
        await self.advance(name) { rollout, now in
            switch request {
            case .promote: return rollout.nextStepRequested(now: now)
            case .abort: return rollout.abortRequested()
            case .pause:
                rollout.pauseRequested()
                return .none
            case .resume:
                rollout.resumeRequested(now: now)
                return .none
            }
        }
        return self.releases[name]?.status
    }
}

extension RolloutStateMachine.State {
    fileprivate var text: String {
        switch self {
        case .waiting: "waiting"
        case .running: "running"
        case .paused: "paused"
        case .promoted: "promoted"
        case .aborted: "aborted"
        }
    }
}
