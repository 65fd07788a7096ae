import MartletAlgorithms
import Testing

@Suite struct EndpointPickerTests {
    static let algorithms: [BalancingAlgorithm] = [
        .roundRobin, .random, .leastRequest, .leastRequestOfAll, .peakLatency(PeakLatency()),
        .consistentHash(loadBound: nil), .consistentHash(loadBound: LoadBound(percent: 125)),
    ]

    private func picker(
        _ weights: [UInt32], _ algorithm: BalancingAlgorithm, tiers: [UInt16] = [],
        inFlightMax: UInt32 = .max
    ) -> EndpointPicker {
        EndpointPicker(
            plan: BalancingPlan(
                endpoints: weights.enumerated().map { index, weight in
                    EndpointShare(
                        identifier: UInt64(index).scattered, weight: weight,
                        tier: tiers.isEmpty ? 0 : tiers[index], inFlightMax: inFlightMax)
                }, algorithm: algorithm))
    }

    private func counts(
        _ picker: inout EndpointPicker, picks: Int, seed: UInt64 = 5
    ) -> [Int] {
        var random = SeededRandom(seed: seed)
        var counts = [Int](repeating: 0, count: picker.table.rows.count)
        for _ in 0..<picks {
            let request = PickRequest(hash: random.next())
            if case .endpoint(let index) = picker.pick(request, now: 0, random: &random) {
                counts[index] += 1
            }
        }
        return counts
    }

    // MARK: All algorithms

    @Test(arguments: Self.algorithms)
    func withoutLoadEachGetsItsWeight(algorithm: BalancingAlgorithm) {
        for weights in [[1, 1, 1], [5, 1, 0, 2], [10, 1]] as [[UInt32]] {
            var picker = self.picker(weights, algorithm)
            let counts = self.counts(&picker, picks: 10_000)
            #expect(counts.reduce(0, +) == 10_000)
            #expect(
                Distribution.isPlausible(counts: counts, weights: weights),
                "\(algorithm): \(counts) for \(weights)")
        }
    }

    @Test(arguments: Self.algorithms)
    func withoutEndpointsNothingIsPicked(algorithm: BalancingAlgorithm) {
        var random = SeededRandom(seed: 1)
        for weights in [[], [0], [0, 0]] as [[UInt32]] {
            var picker = self.picker(weights, algorithm)
            let pick = picker.pick(PickRequest(), now: 0, random: &random)
            #expect(pick == .noneAvailable)
        }
    }

    /// Random conditions, limits and tried sets: what is picked may be picked, and where something
    /// may be picked, something is.
    @Test(arguments: Self.algorithms, 1...4 as ClosedRange<UInt64>)
    func picksWhatMayBePickedAndFindsIt(algorithm: BalancingAlgorithm, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = 12
        let weights = (0..<count).map { _ in UInt32(random.next(below: 4)) }
        let tiers = (0..<count).map { _ in UInt16(random.next(below: 3)) }
        var picker = self.picker(weights, algorithm, tiers: tiers, inFlightMax: 2)
        for round in 0..<600 {
            let index = Int(random.next(below: UInt64(count)))
            switch random.next(below: 5) {
            case 0: picker.table.conditionsBegan(.broken, of: index)
            case 1: picker.table.conditionsBegan(.unhealthy, of: index)
            case 2: picker.table.requestEnded(index)
            default: picker.table.conditionsEnded(.lasting, of: index, now: UInt64(round))
            }
            var request = PickRequest(hash: random.next())
            for _ in 0..<random.next(below: 4) {
                request.tried.insert(Int(random.next(below: UInt64(count))))
            }
            let pick = picker.pick(request, now: UInt64(round), random: &random)
            self.check(pick, picker, request, weights, "\(algorithm) seed \(seed) \(round)")
            if case .endpoint(let index) = pick { picker.table.requestBegan(index) }
        }
    }

    private func check(
        _ pick: OnPick, _ picker: EndpointPicker, _ request: PickRequest, _ weights: [UInt32],
        _ comment: String
    ) {
        // The model: panic by the shares that the picker shows, the rest by definition.
        let panicking = Dictionary(
            uniqueKeysWithValues: zip(
                picker.table.plan.tiers.map(\.number), picker.shares.map(\.isPanicking)))
        let open = weights.indices.filter { index in
            let isPanicking = panicking[picker.table.plan.endpoints[index].tier] ?? false
            let ignored: EndpointConditions = isPanicking ? [.unhealthy, .full] : .full
            return weights[index] > 0
                && picker.table.rows[index].conditions.subtracting(ignored).isEmpty
        }
        let free = open.filter { !picker.table.rows[$0].conditions.contains(.full) }
        let untried = free.filter { !request.tried.contains($0) }
        let isRight =
            switch pick {
            case .endpoint(let index): untried.contains(index)
            case .allTried: untried.isEmpty && !free.isEmpty
            case .allFull: free.isEmpty && !open.isEmpty
            case .noneAvailable: open.isEmpty
            }
        if !isRight { Issue.record("\(comment): \(pick)") }
    }

    // MARK: Load

    /// A thousand requests at once: two choices keep the fullest near the mean, chance does not.
    @Test func twoChoicesLevelTheLoad() {
        func fullest(_ algorithm: BalancingAlgorithm) -> UInt32 {
            var random = SeededRandom(seed: 8)
            var picker = self.picker([UInt32](repeating: 1, count: 100), algorithm)
            for _ in 0..<1000 {
                if case .endpoint(let index) = picker.pick(
                    PickRequest(), now: 0, random: &random)
                {
                    picker.table.requestBegan(index)
                }
            }
            return picker.table.rows.map(\.inFlight).max() ?? 0
        }
        #expect(fullest(.leastRequestOfAll) == 10)
        #expect(fullest(.leastRequest) <= 12)
        #expect(fullest(.random) >= 16)
    }

    @Test(arguments: [.leastRequest, .leastRequestOfAll] as [BalancingAlgorithm])
    func loadFollowsWeights(algorithm: BalancingAlgorithm) {
        var random = SeededRandom(seed: 8)
        var picker = self.picker([4, 2, 1], algorithm)
        for _ in 0..<700 {
            if case .endpoint(let index) = picker.pick(PickRequest(), now: 0, random: &random) {
                picker.table.requestBegan(index)
            }
        }
        for (row, expected) in zip(picker.table.rows, [400, 200, 100]) {
            #expect(abs(Int(row.inFlight) - expected) <= 4)
        }
    }

    /// One endpoint is ten times slower, then recovers.
    @Test func theSlowGetLessUntilTheyRecover() {
        var random = SeededRandom(seed: 4)
        var picker = self.picker([1, 1, 1, 1], .peakLatency(PeakLatency()))
        func run(slowNanoseconds: UInt64, from start: UInt64) -> [Int] {
            var counts = [0, 0, 0, 0]
            for step in 0..<4000 {
                let now = start + UInt64(step) * 10_000_000
                guard
                    case .endpoint(let index) = picker.pick(
                        PickRequest(), now: now, random: &random)
                else { continue }
                counts[index] += 1
                let mean = index == 2 ? slowNanoseconds : 5_000_000
                picker.table.latencyObserved(
                    index, nanoseconds: mean / 2 + random.next(below: mean), now: now)
            }
            return counts
        }
        let slow = run(slowNanoseconds: 50_000_000, from: 1)
        #expect(slow[2] < 200, "\(slow)")
        #expect(slow[2] > 0, "it is tried now and then")
        _ = run(slowNanoseconds: 5_000_000, from: 40_000_000_001)
        let recovered = run(slowNanoseconds: 5_000_000, from: 80_000_000_001)
        #expect(recovered[2] > 500, "\(recovered)")
    }

    /// One endpoint fails at once: it must not look fast.
    @Test func whoFailsFastAttractsNothing() {
        var random = SeededRandom(seed: 4)
        var picker = self.picker([1, 1, 1], .peakLatency(PeakLatency()))
        var counts = [0, 0, 0]
        for step in 0..<3000 {
            let now = UInt64(step) * 1_000_000
            guard
                case .endpoint(let index) = picker.pick(PickRequest(), now: now, random: &random)
            else { continue }
            counts[index] += 1
            picker.table.latencyObserved(
                index, nanoseconds: index == 0 ? nil : 5_000_000, now: now)
        }
        #expect(counts[0] < 30, "\(counts)")
    }

    // MARK: Hashing

    @Test func aKeyStaysAndOnlyKeysOfTheAbsentMove() {
        var picker = self.picker(
            [UInt32](repeating: 1, count: 20), .consistentHash(loadBound: nil))
        func owners() -> [OnPick] {
            var random = SeededRandom(seed: 1)
            return (0..<5000).map {
                picker.pick(PickRequest(hash: $0), now: 0, random: &random)
            }
        }
        let before = owners()
        #expect(before == owners())
        picker.table.conditionsBegan(.unhealthy, of: 7)
        let without = owners()
        let isMinimal = zip(before, without).allSatisfy { old, new in
            (old == .endpoint(7)) == (old != new)
        }
        #expect(isMinimal)
        var heirs = [Int](repeating: 0, count: 20)
        for (old, new) in zip(before, without) where old != new {
            if case .endpoint(let index) = new { heirs[index] += 1 }
        }
        #expect(heirs.count { $0 > 0 } == 19, "its keys are spread over the others")
        picker.table.conditionsEnded(.unhealthy, of: 7, now: 1)
        #expect(before == owners())
    }

    /// Nearly all are away, so that the table's slots do not lead to the rest in time.
    @Test func keysAreSpreadAmongTheFewThatAreLeft() {
        var weights = [UInt32](repeating: 1, count: 500)
        for place in 0..<5 { weights[place * 100] = UInt32(place) + 1 }
        var picker = self.picker(weights, .consistentHash(loadBound: nil))
        for index in 0..<500 where index % 100 != 0 {
            picker.table.conditionsBegan(.broken, of: index)
        }
        let counts = self.counts(&picker, picks: 10_000)
        #expect(counts.reduce(0, +) == 10_000)
        for index in stride(from: 0, to: 500, by: 100) {
            let share = 10_000 * Double(weights[index]) / 15
            #expect(abs(Double(counts[index]) - share) < share / 5, "\(index)")
        }
    }

    /// Hot keys, random arrivals and departures: no endpoint ever exceeds its bound.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func theBoundIsNeverExceeded(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let weights: [UInt32] = [1, 2, 3, 1, 1]
        let bound = LoadBound(percent: 110 + UInt32(seed) * 10)
        var picker = self.picker(weights, .consistentHash(loadBound: bound))
        var inFlight: [Int] = []
        for _ in 0..<4000 {
            if random.next(below: 100) < 45, !inFlight.isEmpty {
                let place = Int(random.next(below: UInt64(inFlight.count)))
                picker.table.requestEnded(inFlight.remove(at: place))
            }
            let hash = random.next(below: 2) == 0 ? 1 : random.next(below: 20)
            let pick = picker.pick(PickRequest(hash: hash), now: 0, random: &random)
            guard case .endpoint(let index) = pick else {
                Issue.record("seed \(seed): \(pick)")
                return
            }
            // The definition, computed apart: ⌈factor · (m + 1) · wᵢ / W⌉.
            let fair = Double(inFlight.count + 1) * Double(weights[index]) / 8
            let limit = (fair * Double(bound.percent) / 100).rounded(.up)
            picker.table.requestBegan(index)
            inFlight.append(index)
            if Double(picker.table.rows[index].inFlight) > limit {
                Issue.record("seed \(seed): \(picker.table.rows[index].inFlight) above \(limit)")
            }
        }
    }

    // MARK: Tiers

    @Test func spillsOverToTheNextTier() {
        let weights = [UInt32](repeating: 1, count: 20)
        let tiers = [UInt16](repeating: 0, count: 10) + [UInt16](repeating: 1, count: 10)
        var picker = self.picker(weights, .random, tiers: tiers)
        func first() -> Int {
            var picked = 0
            var random = SeededRandom(seed: 3)
            for _ in 0..<10_000 {
                if case .endpoint(let index) = picker.pick(
                    PickRequest(), now: 0, random: &random), index < 10
                {
                    picked += 1
                }
            }
            return picked
        }
        #expect(first() == 10_000)
        for index in 0..<5 { picker.table.conditionsBegan(.unhealthy, of: index) }
        #expect(abs(first() - 7000) < 200, "half of them, times 1.4")
        for index in 5..<10 { picker.table.conditionsBegan(.unhealthy, of: index) }
        #expect(first() == 0)
    }

    @Test func aFullTierHandsOver() {
        var picker = self.picker([1, 1], .roundRobin, tiers: [0, 1], inFlightMax: 1)
        var random = SeededRandom(seed: 1)
        #expect(picker.pick(PickRequest(), now: 0, random: &random) == .endpoint(0))
        picker.table.requestBegan(0)
        #expect(picker.pick(PickRequest(), now: 0, random: &random) == .endpoint(1))
        picker.table.requestBegan(1)
        #expect(picker.pick(PickRequest(), now: 0, random: &random) == .allFull)
    }

    @Test func inPanicOpinionsAreOverlookedAndFactsAreNot() {
        var picker = self.picker([1, 1, 1, 1], .roundRobin)
        for index in 0..<3 { picker.table.conditionsBegan(.unhealthy, of: index) }
        picker.table.conditionsBegan(.unresolved, of: 0)
        var counts = self.counts(&picker, picks: 900)
        #expect(counts[0] == 0)
        #expect(counts[1...].allSatisfy { $0 == 300 }, "\(counts)")
        picker.table.conditionsEnded(.unhealthy, of: 1, now: 0)
        counts = self.counts(&picker, picks: 900)
        #expect(counts == [0, 450, 0, 450], "half are available: no panic any more")
    }

    @Test func aKeyStaysInItsTier() {
        let tiers = [UInt16](repeating: 0, count: 10) + [UInt16](repeating: 1, count: 10)
        var picker = self.picker(
            [UInt32](repeating: 1, count: 20), .consistentHash(loadBound: nil), tiers: tiers)
        for index in 0..<5 { picker.table.conditionsBegan(.unhealthy, of: index) }
        for key in 0..<200 as Range<UInt64> {
            let picks = (1...5).map { seed in
                var random = SeededRandom(seed: UInt64(seed))
                return picker.pick(PickRequest(hash: key), now: 0, random: &random)
            }
            #expect(Set(picks.map { "\($0)" }).count == 1)
        }
    }

    // MARK: Reload

    @Test func aReloadMovesTheTurnsToTheNewEndpoints() {
        var picker = self.picker([1, 1], .roundRobin)
        _ = self.counts(&picker, picks: 10)
        picker.update(
            to: BalancingPlan(
                endpoints: [1, 0, 2].map { EndpointShare(identifier: UInt64($0).scattered) }),
            now: 0)
        #expect(self.counts(&picker, picks: 300) == [100, 100, 100])
        picker.update(to: BalancingPlan(endpoints: []), now: 0)
        #expect(self.counts(&picker, picks: 10) == [])
    }
}
