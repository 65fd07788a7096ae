/// Finds a key's row by its hash: one line of memory for most keys, and the same work for a key
/// that is there as for one that is not.
///
/// Immutable, made at load; open addressing, at most half full.
package struct APIKeyTable: Sendable {
    private struct Slot: Sendable, BitwiseCopyable {
        var hash: APIKeyHash
        /// Negative for none.
        var row: Int32
    }

    private let slots: ContiguousArray<Slot>
    private let mask: Int
    package let count: Int

    package enum Failure: Error, Equatable {
        /// Two rows have the same hash.
        case duplicate(first: Int, second: Int)
    }

    /// - `hashes`: of row 0, 1, …
    package init(_ hashes: [APIKeyHash]) throws(Failure) {
        var capacity = 4
        while capacity < hashes.count * 2 { capacity *= 2 }
        let zero = APIKeyHash(bytes: [UInt8](repeating: 0, count: 32).span)
        guard let zero else { preconditionFailure("32 bytes make a hash") }
        var slots = ContiguousArray(repeating: Slot(hash: zero, row: -1), count: capacity)
        let mask = capacity - 1
        for (row, hash) in hashes.enumerated() {
            var index = Int(truncatingIfNeeded: hash.place) & mask
            while slots[index].row >= 0 {
                guard slots[index].hash != hash else {
                    throw .duplicate(first: Int(slots[index].row), second: row)
                }
                index = (index + 1) & mask
            }
            slots[index] = Slot(hash: hash, row: Int32(row))
        }
        self.slots = slots
        self.mask = mask
        self.count = hashes.count
    }

    package func row(of hash: APIKeyHash) -> Int? {
        var index = Int(truncatingIfNeeded: hash.place) & self.mask
        while self.slots[index].row >= 0 {
            if self.slots[index].hash == hash { return Int(self.slots[index].row) }
            index = (index + 1) & self.mask
        }
        return nil
    }
}
