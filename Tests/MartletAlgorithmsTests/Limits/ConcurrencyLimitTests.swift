import Dispatch
import MartletAlgorithms
import Testing

@Suite struct ConcurrencyLimitTests {
    private static func entered(_ limit: ConcurrencyLimit, _ key: UInt64) -> ConcurrencyLimit.Lease?
    {
        guard case .entered(let lease, _) = limit.enter(key) else { return nil }
        return lease
    }

    @Test func asManyAsTheLimitAndNoMore() throws {
        let limit = try #require(ConcurrencyLimit(limit: 3, keysMax: nil))
        #expect(limit.byteCount == 64)
        var leases: [ConcurrencyLimit.Lease] = []
        for remaining in [2, 1, 0] as [UInt32] {
            guard case .entered(let lease, remaining) = limit.enter(0) else {
                Issue.record("not let in")
                continue
            }
            leases.append(lease)
        }
        #expect(limit.enter(0) == .full)
        #expect(limit.count(0) == 3)
        limit.leave(leases[0])
        #expect(Self.entered(limit, 0) != nil)
        #expect(limit.enter(0) == .full)
    }

    @Test func givingBackMoreThanWasTakenDoesNothing() throws {
        let limit = try #require(ConcurrencyLimit(limit: 1, keysMax: nil))
        let lease = try #require(Self.entered(limit, 0))
        for _ in 0..<3 { limit.leave(lease) }
        #expect(limit.count(0) == 0)
        #expect(Self.entered(limit, 0) != nil)
        #expect(limit.enter(0) == .full)
    }

    @Test(arguments: [(0, 1), (ConcurrencyLimit.limitMax + 1, 1), (1, .max)] as [(UInt32, Int)])
    func refusesOrIsBounded(limit: UInt32, keysMax: Int) {
        #expect(ConcurrencyLimit(limit: limit, keysMax: keysMax) == nil || keysMax == .max)
    }

    /// As many keys as it is made for all get in.
    ///
    /// Of far more, some are turned away, and nobody gets more.
    @Test func keysAreCountedApartAndATableCanBeCrowded() throws {
        let limit = try #require(ConcurrencyLimit(limit: 2, keysMax: 1000))
        #expect(limit.byteCount <= 64 * 1000)
        var random = SeededRandom(seed: 1)
        let keys = (0..<1000).map { _ in random.next() }
        for key in keys + keys { #expect(Self.entered(limit, key) != nil) }
        for key in keys { #expect(limit.enter(key) == .full) }
        var crowded = 0
        for _ in 0..<20_000 where limit.enter(random.next()) == .crowded { crowded += 1 }
        #expect(crowded > 10_000)
    }

    /// Random coming and going against a dictionary.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func agreesWithAModel(seed: UInt64) throws {
        let limit = try #require(ConcurrencyLimit(limit: 3, keysMax: 4))
        var random = SeededRandom(seed: seed)
        let keys = (0..<40).map { _ in random.next() }
        var model: [UInt64: Int] = [:]
        var leases: [(key: UInt64, lease: ConcurrencyLimit.Lease)] = []
        for _ in 0..<20_000 {
            let key = keys[Int(random.next(below: 40))]
            if random.next(below: 5) < 3 {
                switch limit.enter(key) {
                case .entered(let lease, let remaining):
                    model[key, default: 0] += 1
                    #expect(Int(remaining) == 3 - model[key, default: 0], "seed \(seed)")
                    leases.append((key, lease))
                case .full: #expect(model[key] == 3, "seed \(seed)")
                case .crowded: #expect(model[key, default: 0] == 0 && leases.count >= 8)
                }
            } else if !leases.isEmpty {
                let (key, lease) = leases.remove(at: Int(random.next(below: UInt64(leases.count))))
                limit.leave(lease)
                model[key, default: 0] -= 1
            }
            #expect(Int(limit.count(key)) == model[key, default: 0], "seed \(seed)")
        }
        for (_, lease) in leases { limit.leave(lease) }
        #expect(keys.allSatisfy { limit.count($0) == 0 })
    }

    /// Real threads that claim the same few words all the time: no key is ever in flight more often
    /// than its limit, and in the end nobody is.
    @Test(arguments: [nil, 1, 4] as [Int?])
    func threadsTogetherNeverExceedTheLimit(keysMax: Int?) throws {
        let limit = try #require(ConcurrencyLimit(limit: 2, keysMax: keysMax))
        var seeds = SeededRandom(seed: 9)
        let keys = (0..<(keysMax == nil ? 1 : 12)).map { _ in seeds.next() }
        let (inFlight, greatest) = (TakenCounts(keys.count), TakenCounts(keys.count * 2))
        DispatchQueue.concurrentPerform(iterations: 6) { thread in
            var random = SeededRandom(seed: UInt64(thread))
            for _ in 0..<20_000 {
                let index = Int(random.next(below: UInt64(keys.count)))
                guard let lease = Self.entered(limit, keys[index]) else { continue }
                inFlight.add(index)
                if inFlight[index] > 2 { greatest.add(index) }
                inFlight.add(index, .max)
                greatest.add(keys.count + index)
                limit.leave(lease)
            }
        }
        for index in keys.indices {
            #expect(greatest[index] == 0, "more in flight than allowed")
            #expect(greatest[keys.count + index] > 0)
            #expect(limit.count(keys[index]) == 0)
        }
    }
}
