/// Which endpoint a hash belongs to: one look into a table that endpoints have filled in turns,
/// each by a permutation of its own (Eisenbud et al., "Maglev", NSDI 2016).
///
/// Immutable, made with the plan and shared by all workers. Depends on identifiers and weights
/// only, not on the order of the configuration, so that every process agrees. When endpoints come
/// or go, little more moves than must; when one is merely unavailable its keys look elsewhere and
/// nothing else moves.
package struct MaglevTable: Sendable {
    /// Sizes that are prime, so that any step visits every slot.
    static let sizes = [4099, 65_537, 262_147, 1_048_573]
    /// Shares of endpoints differ by a slot: below a percent with so many each.
    static let slotsForEach = 600
    /// Beyond the second size, memory and time matter more: still even to 4 %.
    static let slotsForEachAtLeast = 25

    private let slots: [UInt32]

    /// A table for the members among `endpoints`; those of weight 0 get no slot.
    ///
    /// - Complexity: O(size · log members); milliseconds, for a hundred endpoints.
    package init(endpoints: [EndpointShare], members: [Int]) {
        let ordered = members.filter { endpoints[$0].weight > 0 }.sorted {
            let (first, second) = (endpoints[$0].identifier, endpoints[$1].identifier)
            return first == second ? $0 < $1 : first < second
        }
        guard !ordered.isEmpty else {
            self.slots = []
            return
        }
        let size = Self.size(memberCount: ordered.count)
        var places = ordered.map { Place(identifier: endpoints[$0].identifier, size: size) }
        var turns = SmoothWeightedRoundRobin(weights: ordered.map { endpoints[$0].weight })
        var slots = [UInt32](repeating: .max, count: size)
        for _ in 0..<size {
            guard let turn = turns.next() else { break }
            while slots[places[turn].slot] != .max { places[turn].advance(size: size) }
            slots[places[turn].slot] = UInt32(truncatingIfNeeded: ordered[turn])
        }
        self.slots = slots
    }

    package var slotCount: Int { self.slots.count }

    /// The endpoint that a hash belongs to; `nil` if there is none.
    ///
    /// If it cannot be had, the hash is scattered and looked up again: each key has a sequence of
    /// its own, so that the keys of one endpoint go to all of the others.
    package func endpoint(of hash: UInt64) -> Int? {
        guard !self.slots.isEmpty else { return nil }
        return Int(self.slots[Int(hash.scaled(below: UInt64(self.slots.count)))])
    }

    /// The endpoint of one slot.
    package func endpoint(in slot: Int) -> Int { Int(self.slots[slot]) }

    package static func size(memberCount: Int) -> Int {
        for size in self.sizes {
            let slotsForEach = size <= self.sizes[1] ? self.slotsForEach : self.slotsForEachAtLeast
            if memberCount &* slotsForEach <= size { return size }
            if size == self.sizes[1], memberCount &* self.slotsForEachAtLeast <= size {
                return size
            }
        }
        return self.sizes[self.sizes.count - 1]
    }

    /// An endpoint's way through its permutation of the slots.
    private struct Place {
        var slot: Int
        let step: Int

        init(identifier: UInt64, size: Int) {
            let first = identifier.scattered
            self.slot = Int(first.scaled(below: UInt64(size)))
            self.step = Int(first.scattered.scaled(below: UInt64(size - 1))) + 1
        }

        mutating func advance(size: Int) {
            self.slot &+= self.step
            if self.slot >= size { self.slot &-= size }
        }
    }
}
