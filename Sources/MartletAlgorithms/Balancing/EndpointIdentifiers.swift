/// From an endpoint's identifier to its index in constant time, for sticky sessions and reloads.
///
/// An open-addressing table, at most half full. Immutable, made with the plan and shared by all
/// workers. Of endpoints with the same identifier the first is found.
package struct EndpointIdentifiers: Sendable {
    private struct Slot: BitwiseCopyable {
        var identifier: UInt64
        /// `.max` in a free slot.
        var index: UInt32
    }

    private var slots: ContiguousArray<Slot>
    private let mask: Int

    package init(_ endpoints: [EndpointShare]) {
        var size = 2
        while size < endpoints.count &* 2 { size <<= 1 }
        self.mask = size - 1
        self.slots = ContiguousArray(
            repeating: Slot(identifier: 0, index: .max), count: size)
        for (index, endpoint) in endpoints.enumerated() {
            let place = self.place(of: endpoint.identifier)
            guard self.slots[place].index == .max else { continue }
            self.slots[place] = Slot(
                identifier: endpoint.identifier, index: UInt32(truncatingIfNeeded: index))
        }
    }

    package func index(of identifier: UInt64) -> Int? {
        let index = self.slots[self.place(of: identifier)].index
        return index == .max ? nil : Int(index)
    }

    /// The slot that holds the identifier, or the free one where it would lie.
    private func place(of identifier: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: identifier.scattered) & self.mask
        while self.slots[place].index != .max, self.slots[place].identifier != identifier {
            place = (place &+ 1) & self.mask
        }
        return place
    }
}
