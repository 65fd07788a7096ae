/// An upstream's endpoints as one worker sees them: what is in flight, how they do, whether they
/// may be picked.
///
/// Confined to the worker, in its picker; a row of 56 bytes for each endpoint. Conditions found
/// elsewhere (health checks, outlier detection) are told to each worker's table.
package struct EndpointTable: Sendable {
    package struct Row: Sendable, BitwiseCopyable {
        package let identifier: UInt64
        package let inFlightMax: UInt32
        /// As configured, in the unit of `weight`.
        let configuredWeight: UInt32
        package internal(set) var inFlight: UInt32 = 0
        /// What counts now, during a slow start less than configured; in 1024ths.
        package internal(set) var weight: UInt32
        var weightInverse: Float = 0
        package internal(set) var conditions: EndpointConditions = []
        package internal(set) var latency = LatencyAverage()
        /// When its slow start began; `.max` when it is over.
        package internal(set) var warmingSince = UInt64.max

        init(_ share: EndpointShare) {
            self.identifier = share.identifier
            self.inFlightMax = share.inFlightMax
            let weight = UInt64(share.weight) &* 1024
            self.configuredWeight = UInt32(clamping: weight)
            self.weight = self.configuredWeight
            self.setWeight(share: 1)
        }

        mutating func setWeight(share: Double) {
            let weight = UInt32(clamping: (Double(self.configuredWeight) * share).clampedToUInt64)
            self.weight = self.configuredWeight == 0 ? 0 : max(weight, 1)
            self.weightInverse = self.weight == 0 ? 0 : 1024 / Float(self.weight)
        }
    }

    package private(set) var plan: BalancingPlan
    package private(set) var rows: ContiguousArray<Row>
    /// By place of the tier in the plan.
    private(set) var inFlightOfTiers: ContiguousArray<Int>
    /// Changes when tables made of the rows are out of date.
    private(set) var revision: UInt64 = 1
    /// When weights of a slow start rise next; `.max` if none is under way.
    private(set) var warmingDue = UInt64.max

    /// All endpoints at their full weight: when everything starts, nothing is newer than the rest.
    package init(plan: BalancingPlan) {
        self.plan = plan
        self.rows = ContiguousArray(plan.endpoints.map(Row.init))
        self.inFlightOfTiers = ContiguousArray(repeating: 0, count: plan.tiers.count)
    }

    // MARK: Requests

    package mutating func requestBegan(_ index: Int) {
        guard self.rows.indices.contains(index) else { return }
        self.rows[index].inFlight &+= 1
        if self.rows[index].inFlight >= self.rows[index].inFlightMax {
            self.rows[index].conditions.insert(.full)
        }
        self.inFlightOfTiers[self.plan.tierPlaces[index]] &+= 1
    }

    /// A request is over, however it ended; also one that began before a reload.
    package mutating func requestEnded(_ index: Int) {
        guard self.rows.indices.contains(index), self.rows[index].inFlight > 0 else { return }
        self.rows[index].inFlight &-= 1
        if self.rows[index].inFlight < self.rows[index].inFlightMax {
            self.rows[index].conditions.remove(.full)
        }
        self.inFlightOfTiers[self.plan.tierPlaces[index]] &-= 1
    }

    /// A request was answered.
    ///
    /// - `nanoseconds`: until the answer began; `nil` if it failed.
    package mutating func latencyObserved(_ index: Int, nanoseconds: UInt64?, now: UInt64) {
        guard case .peakLatency(let peak) = self.plan.algorithm,
            self.rows.indices.contains(index)
        else { return }
        self.rows[index].latency.observe(
            nanoseconds: nanoseconds ?? peak.failureNanoseconds, now: now,
            decay: peak.decayNanoseconds)
    }

    // MARK: Conditions

    package mutating func conditionsBegan(_ conditions: EndpointConditions, of index: Int) {
        self.change(index) { $0.formUnion(conditions.intersection(.lasting)) }
    }

    /// Conditions are over; if the endpoint may be picked again, its slow start begins.
    package mutating func conditionsEnded(
        _ conditions: EndpointConditions, of index: Int, now: UInt64
    ) {
        guard self.rows.indices.contains(index) else { return }
        let wasAway = !self.rows[index].conditions.isDisjoint(with: .lasting)
        self.change(index) { $0.subtract(conditions.intersection(.lasting)) }
        if wasAway, self.rows[index].conditions.isDisjoint(with: .lasting) {
            self.warm(index, since: now)
        }
    }

    private mutating func change(
        _ index: Int, _ edit: (inout EndpointConditions) -> Void
    ) {
        guard self.rows.indices.contains(index) else { return }
        let before = self.rows[index].conditions
        edit(&self.rows[index].conditions)
        if self.rows[index].conditions != before { self.revision &+= 1 }
    }

    // MARK: Slow start

    private mutating func warm(_ index: Int, since now: UInt64) {
        guard let slowStart = self.plan.slowStart else { return }
        self.rows[index].warmingSince = now
        self.rows[index].setWeight(share: slowStart.share(elapsedNanoseconds: 0))
        self.warmingDue = min(self.warmingDue, now &+ slowStart.stepNanoseconds)
        self.revision &+= 1
    }

    /// Raises the weights of a slow start when that is due.
    mutating func timePassed(now: UInt64) {
        guard now >= self.warmingDue, let slowStart = self.plan.slowStart else { return }
        self.warmingDue = .max
        for index in self.rows.indices {
            let since = self.rows[index].warmingSince
            guard since != .max else { continue }
            let elapsed = now > since ? now &- since : 0
            self.rows[index].setWeight(share: slowStart.share(elapsedNanoseconds: elapsed))
            if elapsed >= slowStart.windowNanoseconds {
                self.rows[index].warmingSince = .max
            } else {
                self.warmingDue = now &+ slowStart.stepNanoseconds
            }
        }
        self.revision &+= 1
    }

    // MARK: Reload

    /// Takes a new plan over.
    ///
    /// Endpoints that stay keep what is known of them; new ones begin slowly. The caller finds
    /// where an endpoint stands now through the plan's `identifiers`.
    package mutating func update(to plan: BalancingPlan, now: UInt64) {
        let old = self
        self.plan = plan
        self.rows = ContiguousArray(plan.endpoints.map(Row.init))
        self.inFlightOfTiers = ContiguousArray(repeating: 0, count: plan.tiers.count)
        self.warmingDue = .max
        self.revision &+= 1
        for index in self.rows.indices {
            let identifier = self.rows[index].identifier
            if let before = old.plan.identifiers.index(of: identifier) {
                // Only to the first of those that share an identifier: requests count once.
                guard plan.identifiers.index(of: identifier) == index else { continue }
                self.carryOver(old.rows[before], to: index)
            } else {
                self.warm(index, since: now)
            }
        }
        // Weights of slow starts under way are worked out with the new plan's.
        if plan.slowStart != nil { self.warmingDue = 0 }
        self.timePassed(now: now)
    }

    private mutating func carryOver(_ old: Row, to index: Int) {
        self.rows[index].inFlight = old.inFlight
        self.rows[index].conditions = old.conditions.subtracting(.full)
        if old.inFlight >= self.rows[index].inFlightMax {
            self.rows[index].conditions.insert(.full)
        }
        self.rows[index].latency = old.latency
        self.rows[index].warmingSince = self.plan.slowStart == nil ? .max : old.warmingSince
        self.inFlightOfTiers[self.plan.tierPlaces[index]] &+= Int(old.inFlight)
    }
}
