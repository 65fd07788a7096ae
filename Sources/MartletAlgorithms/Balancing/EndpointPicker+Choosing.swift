/// Choosing within one tier.
extension EndpointPicker {
    /// How often lots are drawn, or turns passed over, before everything is searched.
    ///
    /// Of the members only those that are full or tried cannot be had.
    private static let drawCountMax = 8
    /// How often a hash is looked up before everything is searched: its table holds also those that
    /// are away.
    private static let lookCountMax = 64

    /// An endpoint of the tier, or `nil` if none of it can be had.
    mutating func choose(
        _ place: Int, _ request: PickRequest, now: UInt64, _ random: inout SeededRandom
    ) -> Int? {
        guard !self.tiers[place].members.isEmpty else { return nil }
        switch self.table.plan.algorithm {
        case .roundRobin:
            if request.tried.isEmpty,
                let index = Self.inTurn(&self.tiers[place], self.table.rows)
            {
                return index
            }
            return self.byWeight(self.tiers[place], request.tried, &random)
        case .random:
            return self.draw(self.tiers[place], request.tried, &random)
                .map { Int(self.tiers[place].members[$0]) }
        case .leastRequest:
            return self.betterOfTwo(self.tiers[place], request.tried, &random) { row in
                Float(row.inFlight) * row.weightInverse
            }
        case .peakLatency(let peak):
            return self.betterOfTwo(self.tiers[place], request.tried, &random) { row in
                Self.expectedWait(row, peak, now: now)
            }
        case .leastRequestOfAll:
            return self.leastOfAll(self.tiers[place], request.tried, &random)
        case .consistentHash(let bound):
            let hash = request.hash ?? random.next()
            return self.byHash(self.tiers[place], hash, bound, request.tried)
        }
    }

    private static func isFree(
        _ tier: Tier, _ rows: ContiguousArray<EndpointTable.Row>, _ index: Int,
        _ tried: TriedEndpoints
    ) -> Bool {
        rows[index].conditions.isDisjoint(with: tier.blocking) && !tried.contains(index)
    }

    // MARK: In turn

    private static func inTurn(
        _ tier: inout Tier, _ rows: ContiguousArray<EndpointTable.Row>
    ) -> Int? {
        let members = tier.members
        let blocking = tier.blocking
        let position = tier.turns.next(passedOverMax: Self.drawCountMax) { position in
            rows[Int(members[position])].conditions.isDisjoint(with: blocking)
        }
        return position.map { Int(members[$0]) }
    }

    /// For another try, which takes no turn: with two endpoints, one of which fails, it would have
    /// the next request begin at that one again, and every request after it.
    private func byWeight(
        _ tier: Tier, _ tried: TriedEndpoints, _ random: inout SeededRandom
    ) -> Int? {
        var chosen: Int?
        var weightSum: UInt64 = 0
        for member in tier.members {
            let index = Int(member)
            guard Self.isFree(tier, self.table.rows, index, tried) else { continue }
            let weight = UInt64(self.table.rows[index].weight)
            weightSum &+= weight
            if weightSum > 0, random.next(below: weightSum) < weight { chosen = index }
        }
        return chosen
    }

    // MARK: By chance

    /// A position among the members, drawn by weight.
    private func draw(
        _ tier: Tier, _ tried: TriedEndpoints, _ random: inout SeededRandom
    ) -> Int? {
        for _ in 0..<Self.drawCountMax {
            guard let position = tier.lots.draw(&random) else { break }
            if Self.isFree(tier, self.table.rows, Int(tier.members[position]), tried) {
                return position
            }
        }
        return self.search(tier, tried, &random)
    }

    /// The first position from any on, around, whose endpoint can be had.
    private func search(
        _ tier: Tier, _ tried: TriedEndpoints, _ random: inout SeededRandom
    ) -> Int? {
        var position = Int(random.next(below: UInt64(tier.members.count)))
        for _ in tier.members.indices {
            if position >= tier.members.count { position = 0 }
            if Self.isFree(tier, self.table.rows, Int(tier.members[position]), tried) {
                return position
            }
            position &+= 1
        }
        return nil
    }

    // MARK: By load

    /// Of two drawn by weight the one that costs less, the first if they cost the same.
    private func betterOfTwo(
        _ tier: Tier, _ tried: TriedEndpoints, _ random: inout SeededRandom,
        cost: (EndpointTable.Row) -> Float
    ) -> Int? {
        guard let first = self.draw(tier, tried, &random) else { return nil }
        let firstIndex = Int(tier.members[first])
        guard tier.members.count > 1 else { return firstIndex }
        var second = tier.lots.draw(&random) ?? first
        // Twice the same is no choice: with few endpoints that would be often.
        if second == first { second = first &+ 1 < tier.members.count ? first &+ 1 : 0 }
        let secondIndex = Int(tier.members[second])
        guard Self.isFree(tier, self.table.rows, secondIndex, tried),
            cost(self.table.rows[secondIndex]) < cost(self.table.rows[firstIndex])
        else { return firstIndex }
        return secondIndex
    }

    /// Latency by the requests that would be waiting for it.
    ///
    /// One whose latency is not known is tried at once, but by one request at a time.
    private static func expectedWait(
        _ row: EndpointTable.Row, _ peak: PeakLatency, now: UInt64
    ) -> Float {
        let latency =
            row.latency.isKnown
            ? row.latency.value(now: now, decay: peak.decayNanoseconds)
            : row.inFlight == 0 ? 0 : Float(peak.failureNanoseconds)
        return latency * Float(row.inFlight &+ 1) * row.weightInverse
    }

    /// The least loaded of all, and among those as little loaded one by chance, by weight.
    private func leastOfAll(
        _ tier: Tier, _ tried: TriedEndpoints, _ random: inout SeededRandom
    ) -> Int? {
        var best: Int?
        var bestLoad = Float.infinity
        var weightSum: UInt64 = 0
        for member in tier.members {
            let index = Int(member)
            let row = self.table.rows[index]
            let load = Float(row.inFlight) * row.weightInverse
            guard load <= bestLoad, Self.isFree(tier, self.table.rows, index, tried) else {
                continue
            }
            if load < bestLoad { weightSum = 0 }
            bestLoad = load
            weightSum &+= UInt64(row.weight)
            if random.next(below: weightSum) < UInt64(row.weight) { best = index }
        }
        return best
    }

    // MARK: By hash

    private func byHash(
        _ tier: Tier, _ hash: UInt64, _ bound: LoadBound?, _ tried: TriedEndpoints
    ) -> Int? {
        guard let table = self.table.plan.tiers[tier.place].hashTable else { return nil }
        var key = hash
        for _ in 0..<Self.lookCountMax {
            key = key.scattered
            guard let index = table.endpoint(of: key) else { return nil }
            if Self.isFree(tier, self.table.rows, index, tried),
                self.hasRoom(tier, index, bound)
            {
                return index
            }
        }
        return self.byRendezvous(tier, hash, bound, tried)
            // Of those that are left over for another try none may be below the bound.
            ?? (tried.isEmpty ? nil : self.byRendezvous(tier, hash, nil, tried))
    }

    private func hasRoom(_ tier: Tier, _ index: Int, _ bound: LoadBound?) -> Bool {
        guard let bound else { return true }
        let row = self.table.rows[index]
        let limit = bound.inFlightMax(
            inFlight: self.table.inFlightOfTiers[tier.place], weight: row.weight,
            weightSum: tier.weightSum)
        return UInt64(row.inFlight) < limit
    }

    /// Where most of a table's endpoints are away, each hash ranks those that are left anew: the
    /// highest score wins (weighted rendezvous hashing), so that again only what must moves.
    private func byRendezvous(
        _ tier: Tier, _ hash: UInt64, _ bound: LoadBound?, _ tried: TriedEndpoints
    ) -> Int? {
        var best: Int?
        var bestScore = -Double.infinity
        for member in tier.members {
            let index = Int(member)
            let row = self.table.rows[index]
            guard Self.isFree(tier, self.table.rows, index, tried),
                self.hasRoom(tier, index, bound)
            else { continue }
            let number = (row.identifier ^ hash.scattered).scattered
            let fraction = (Double(number &>> 11) + 0.5) / 9_007_199_254_740_992
            let score = -Double(row.weight) / RealFunctions.logarithm(fraction)
            if score > bestScore { (best, bestScore) = (index, score) }
        }
        return best
    }
}
