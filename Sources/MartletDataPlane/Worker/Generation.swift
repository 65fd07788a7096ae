import MartletConfig
package import MartletTelemetry

/// A plan with one worker's state for it.
///
/// Exchanges keep theirs to the end, so a reload never changes the rules in the middle of a
/// request.
///
/// Confined to its worker's loop. Upstreams and counters go over to the next generation by name.
package final class Generation {
    package let plan: Plan
    package let shard: MetricsShard
    let accessLogEncoder: AccessLogEncoder
    let validation = RequestValidationState()
    /// In the order of the plan's inspections.
    let inspections: ContiguousArray<InspectionState>
    /// The one before goes on where nothing has changed in it.
    package let authentication: AuthenticationState
    /// In the plan's order.
    package private(set) var upstreams: ContiguousArray<Upstream> = []
    /// In the plan's order.
    package let releases: ContiguousArray<ReleaseState>
    /// In the plan's order.
    package private(set) var mirrors: ContiguousArray<MirrorState> = []

    package init(plan: Plan) {
        self.plan = plan
        self.shard = MetricsShard(layout: plan.metricsLayout)
        self.inspections = ContiguousArray(plan.inspections.map { _ in InspectionState() })
        self.releases = ContiguousArray(plan.releases.map(ReleaseState.init))
        self.accessLogEncoder = Self.encoder(plan)
        self.authentication = AuthenticationState(plan.authentication, adopting: nil)
    }

    package init(plan: Plan, adopting previous: Generation) {
        self.plan = plan
        self.shard = MetricsShard(layout: plan.metricsLayout, adopting: previous.shard)
        self.inspections = ContiguousArray(plan.inspections.map { _ in InspectionState() })
        self.releases = ContiguousArray(
            plan.releases.map { plan in
                guard let known = previous.releases.first(where: { $0.plan.name == plan.name })
                else { return ReleaseState(plan) }
                known.update(to: plan)
                return known
            })
        self.accessLogEncoder = Self.encoder(plan)
        let known = previous.authentication
        self.authentication =
            known.plan === plan.authentication
            ? known : AuthenticationState(plan.authentication, adopting: known)
    }

    private static func encoder(_ plan: Plan) -> AccessLogEncoder {
        AccessLogEncoder(
            format: plan.document.telemetry.accessLog.format == .json ? .json : .common,
            layout: plan.metricsLayout)
    }

    func adoptUpstreams(
        of previous: Generation?, worker: Worker, connector: any UpstreamConnector
    ) {
        self.adoptMirrors(of: previous, worker: worker)
        var known: [String: Upstream] = [:]
        for upstream in previous?.upstreams ?? [] { known[upstream.plan.name] = upstream }
        for (index, plan) in self.plan.upstreams.enumerated() {
            if let upstream = known.removeValue(forKey: plan.name) {
                upstream.update(to: plan, index: index, shard: self.shard)
                self.upstreams.append(upstream)
            } else {
                self.upstreams.append(
                    Upstream(
                        plan: plan, index: index, worker: worker, shard: self.shard,
                        connector: connector))
            }
        }
        for upstream in known.values { upstream.retire() }
    }

    private func adoptMirrors(of previous: Generation?, worker: Worker) {
        for plan in self.plan.mirrors {
            let known = previous?.mirrors.first { $0.plan.name == plan.name }
            known?.update(to: plan, share: worker.share)
            self.mirrors.append(known ?? MirrorState(plan, share: worker.share))
        }
    }
}
