/// Chooses endpoints for one upstream on one worker: a tier by its share, in it an endpoint by the
/// plan's algorithm.
///
/// Confined to the worker, which tells its `table` what happens. Nothing is allocated for a choice;
/// what is worked out of the rows is made anew, in the same memory, with the first choice after
/// availability or weights have changed.
package struct EndpointPicker: Sendable {
    /// One tier's endpoints, ready to be chosen from.
    struct Tier: Sendable {
        let place: Int
        /// Those that may be picked unless they are full.
        var members: ContiguousArray<UInt32> = []
        var lots = AliasTable()
        var turns = SmoothWeightedRoundRobin(weights: [])
        /// Conditions that forbid picking.
        var blocking = EndpointConditions.all
        var weightSum: UInt64 = 0
        /// Upper end of the tier's part of all points; tiers are in order.
        var shareEnd: UInt64 = 0

        init(place: Int) { self.place = place }
    }

    package var table: EndpointTable
    var tiers: ContiguousArray<Tier>
    private(set) var tierShares: TierShares
    private var capacities: ContiguousArray<TierShares.Capacity> = []
    private var revision: UInt64 = 0

    package init(plan: BalancingPlan) {
        self.table = EndpointTable(plan: plan)
        self.tiers = ContiguousArray(plan.tiers.indices.map(Tier.init))
        self.tierShares = Self.shares(plan)
    }

    private static func shares(_ plan: BalancingPlan) -> TierShares {
        TierShares(overprovisioning: plan.overprovisioning, panicThreshold: plan.panicThreshold)
    }

    /// Takes a new plan over; see `EndpointTable.update`.
    package mutating func update(to plan: BalancingPlan, now: UInt64) {
        self.table.update(to: plan, now: now)
        self.tiers = ContiguousArray(plan.tiers.indices.map(Tier.init))
        self.tierShares = Self.shares(plan)
    }

    /// How traffic is shared out among `plan.tiers` now.
    package var shares: ContiguousArray<TierShares.Share> { self.tierShares.shares }

    /// Chooses an endpoint; the caller tells `table.requestBegan` when it is used.
    package mutating func pick(
        _ request: PickRequest, now: UInt64, random: inout SeededRandom
    ) -> OnPick {
        self.refresh(now: now, random: &random)
        if let bound = self.boundEndpoint(request) { return .endpoint(bound) }
        guard self.tiers.count > 1 else {
            if !self.tiers.isEmpty, let index = self.choose(0, request, now: now, &random) {
                return .endpoint(index)
            }
            return self.reasonForNone(request)
        }
        let first = self.tierPlace(request, &random)
        if let index = self.choose(first, request, now: now, &random) { return .endpoint(index) }
        // Everything there is full or tried: what the next tiers are for.
        for place in self.tiers.indices where place != first {
            if let index = self.choose(place, request, now: now, &random) {
                return .endpoint(index)
            }
        }
        return self.reasonForNone(request)
    }

    /// Works out anew what has changed; `pick` does so by itself.
    package mutating func refresh(now: UInt64, random: inout SeededRandom) {
        if now >= self.table.warmingDue { self.table.timePassed(now: now) }
        if self.revision != self.table.revision { self.rebuild(&random) }
    }

    // MARK: Tiers

    private func tierPlace(_ request: PickRequest, _ random: inout SeededRandom) -> Int {
        // Not what the hash table goes by: a tier would get only some of its endpoints' keys.
        let point = request.hash.map { (~$0).scattered } ?? random.next()
        for place in self.tiers.indices where point < self.tiers[place].shareEnd { return place }
        return self.tiers.count - 1
    }

    /// The endpoint that the request is bound to, if it can be had; a draining one can.
    private func boundEndpoint(_ request: PickRequest) -> Int? {
        guard let identifier = request.boundIdentifier,
            let index = self.table.plan.identifiers.index(of: identifier)
        else { return nil }
        let row = self.table.rows[index]
        let blocking = self.tiers[self.table.plan.tierPlaces[index]].blocking
            .subtracting(.draining)
        guard row.weight > 0, row.conditions.isDisjoint(with: blocking),
            !request.tried.contains(index)
        else { return nil }
        return index
    }

    private func reasonForNone(_ request: PickRequest) -> OnPick {
        var reason = OnPick.noneAvailable
        for tier in self.tiers where !tier.members.isEmpty {
            if reason == .noneAvailable { reason = .allFull }
            for member in tier.members where request.tried.contains(Int(member)) {
                let conditions = self.table.rows[Int(member)].conditions
                if conditions.isDisjoint(with: tier.blocking) { return .allTried }
            }
        }
        return reason
    }

    // MARK: Tables

    private mutating func rebuild(_ random: inout SeededRandom) {
        self.revision = self.table.revision
        self.capacities.removeAll(keepingCapacity: true)
        for tier in self.table.plan.tiers { self.capacities.append(self.capacity(of: tier)) }
        self.tierShares.rebuild(self.capacities)
        var end = 0.0
        for place in self.tiers.indices {
            let share = self.tierShares.shares[place]
            end += share.fraction
            self.tiers[place].shareEnd = (end * 18_446_744_073_709_551_616).clampedToUInt64
            self.tiers[place].blocking =
                share.isPanicking ? .all.subtracting(.doubtful) : .all
            self.fill(place, &random)
        }
    }

    private func capacity(of tier: BalancingPlan.Tier) -> TierShares.Capacity {
        var capacity = TierShares.Capacity(total: 0, present: 0, available: 0)
        for index in tier.members {
            let row = self.table.rows[index]
            let weight = Double(row.configuredWeight)
            let lasting = row.conditions.intersection(.lasting)
            capacity.total += weight
            if lasting.isSubset(of: .doubtful) { capacity.present += weight }
            if lasting.isEmpty { capacity.available += weight }
        }
        return capacity
    }

    private mutating func fill(_ place: Int, _ random: inout SeededRandom) {
        let rows = self.table.rows
        let blocking = self.tiers[place].blocking.intersection(.lasting)
        self.tiers[place].members.removeAll(keepingCapacity: true)
        self.tiers[place].weightSum = 0
        for index in self.table.plan.tiers[place].members {
            guard rows[index].weight > 0, rows[index].conditions.isDisjoint(with: blocking) else {
                continue
            }
            self.tiers[place].members.append(UInt32(truncatingIfNeeded: index))
            self.tiers[place].weightSum &+= UInt64(rows[index].weight)
        }
        self.makeLots(place, rows, &random)
    }

    private mutating func makeLots(
        _ place: Int, _ rows: ContiguousArray<EndpointTable.Row>, _ random: inout SeededRandom
    ) {
        let members = self.tiers[place].members
        switch self.table.plan.algorithm {
        case .roundRobin:
            self.tiers[place].turns.rebuild(
                count: members.count, weight: { rows[Int(members[$0])].weight }, random: &random)
        case .random, .leastRequest, .peakLatency:
            self.tiers[place].lots.rebuild(count: members.count) { rows[Int(members[$0])].weight }
        case .leastRequestOfAll, .consistentHash:
            break
        }
    }
}
