import MartletAlgorithms
import Testing

@Suite struct MaglevTableTests {
    /// Where keys go while every endpoint is available.
    private func owners(_ endpoints: [EndpointShare], keys: Int) -> [UInt64?] {
        var random = SeededRandom(seed: 99)
        var picker = EndpointPicker(
            plan: BalancingPlan(
                endpoints: endpoints, algorithm: .consistentHash(loadBound: nil)))
        return (0..<keys).map { key in
            let pick = picker.pick(PickRequest(hash: UInt64(key)), now: 0, random: &random)
            guard case .endpoint(let index) = pick else { return nil }
            return endpoints[index].identifier
        }
    }

    private func endpoints(_ count: Int, weight: (Int) -> UInt32 = { _ in 1 }) -> [EndpointShare] {
        (0..<count).map { EndpointShare(identifier: UInt64($0).scattered, weight: weight($0)) }
    }

    @Test(arguments: [1, 2, 3, 10, 100])
    func sharesAreEvenToAFewSlots(count: Int) {
        let table = MaglevTable(
            endpoints: self.endpoints(count), members: Array(0..<count))
        var slots = [Int](repeating: 0, count: count)
        for slot in 0..<table.slotCount { slots[table.endpoint(in: slot)] += 1 }
        let share = table.slotCount / count
        #expect(slots.allSatisfy { abs($0 - share) <= 2 }, "\(slots)")
    }

    @Test func slotsFollowWeights() {
        let weights: [UInt32] = [5, 1, 0, 2]
        let table = MaglevTable(
            endpoints: self.endpoints(4) { weights[$0] }, members: [0, 1, 2, 3])
        var slots = [0, 0, 0, 0]
        for slot in 0..<table.slotCount { slots[table.endpoint(in: slot)] += 1 }
        for (count, weight) in zip(slots, weights) {
            #expect(abs(count - table.slotCount * Int(weight) / 8) <= 2, "\(slots)")
        }
    }

    @Test func withoutMembersThereIsNoSlot() {
        #expect(MaglevTable(endpoints: self.endpoints(3), members: []).slotCount == 0)
        let weightless = self.endpoints(3) { _ in 0 }
        #expect(MaglevTable(endpoints: weightless, members: [0, 1, 2]).slotCount == 0)
    }

    @Test(
        arguments: [
            (1, 4099), (6, 4099), (7, 65_537), (1000, 65_537), (2621, 65_537), (2622, 262_147),
            (10_000, 262_147), (40_000, 1_048_573), (100_000, 1_048_573),
        ])
    func sizeGrowsWithTheEndpoints(count: Int, size: Int) {
        #expect(MaglevTable.size(memberCount: count) == size)
    }

    @Test func theOrderOfTheConfigurationDoesNotMatter() {
        let endpoints = self.endpoints(20) { UInt32($0 % 3 + 1) }
        #expect(
            self.owners(endpoints, keys: 5000) == self.owners(endpoints.reversed(), keys: 5000))
    }

    /// What goes away must move; of the rest hardly anything does.
    @Test(arguments: [3, 10, 100])
    func hardlyMoreMovesThanMust(count: Int) {
        let endpoints = self.endpoints(count)
        let before = self.owners(endpoints, keys: 50_000)
        for gone in [0, count / 2, count - 1] {
            var rest = endpoints
            let identifier = rest.remove(at: gone).identifier
            let after = self.owners(rest, keys: 50_000)
            let needless = zip(before, after).count { $0 != identifier && $0 != $1 }
            #expect(needless < 50_000 * 15 / 1000, "\(needless) without \(gone)")
        }
    }

    // MARK: The other way

    /// What ADR 40 compares: how even, how many keys move without need when one endpoint goes, how
    /// long it takes to make and to look up.
    @Test(arguments: [3, 100, 1000, 10_000].prefix(Measurement.scale > 1 ? 4 : 2))
    func isMoreEvenThanARing(count: Int) {
        let endpoints = self.endpoints(count)
        let identifiers = endpoints.map(\.identifier)
        let table = self.compared("table", count) { count in
            let table = MaglevTable(
                endpoints: Array(endpoints.prefix(count)), members: Array(0..<count))
            return { table.endpoint(of: $0) ?? -1 }
        }
        let ring = self.compared("ring of 160 points each", count) { count in
            let ring = HashRing(
                identifiers: Array(identifiers.prefix(count)), pointsForEach: 160)
            return { ring.endpoint(of: $0) }
        }
        #expect(table.most < ring.most)
        #expect(ring.needless == 0)
        #expect(table.needless < 0.01)
    }

    private func compared(
        _ name: String, _ count: Int, make: (Int) -> (UInt64) -> Int
    ) -> (most: Double, needless: Double) {
        let keys = UInt64(count * 100 * Measurement.scale)
        var (all, rest): ((UInt64) -> Int, (UInt64) -> Int) = ({ _ in 0 }, { _ in 0 })
        let making = Measurement.processorTime { all = make(count) }
        rest = make(count - 1)
        var (counts, needless) = ([Int](repeating: 0, count: count), 0)
        for key in 0..<keys {
            let before = all(key.scattered)
            counts[before] += 1
            if before != count - 1, rest(key.scattered) != before { needless += 1 }
        }
        var sum = 0
        let looking = Measurement.processorTime {
            for key in 0..<keys { sum &+= all(key.scattered) }
        }
        let mean = Double(keys) / Double(count)
        let (most, least) = (Double(counts.max() ?? 0) / mean, Double(counts.min() ?? 0) / mean)
        let moved = Double(needless) / Double(keys)
        Measurement.report(
            "\(name), \(count) endpoints: shares \(least)...\(most), needless moves \(moved),"
                + " made in \(making), looked up in \(looking / Int(keys)) (\(sum & 1))")
        return (most, moved)
    }
}
