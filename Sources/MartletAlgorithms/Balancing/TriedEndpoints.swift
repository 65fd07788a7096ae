/// The endpoints that an exchange has tried, which the next try avoids.
///
/// Lies in the exchange. Remembers the last eight; a ninth takes the oldest one's place, since more
/// tries than that are not made.
package struct TriedEndpoints: Sendable, BitwiseCopyable, Equatable {
    package static let countMax = 8

    private var indices = SIMD8<UInt32>(repeating: .max)
    private var next: UInt8 = 0

    package init() {}

    package var isEmpty: Bool { self.indices[0] == .max }

    package var count: Int {
        var count = 0
        while count < Self.countMax, self.indices[count] != .max { count &+= 1 }
        return count
    }

    package mutating func insert(_ index: Int) {
        guard !self.contains(index) else { return }
        self.indices[Int(self.next)] = UInt32(truncatingIfNeeded: index)
        self.next = (self.next &+ 1) % UInt8(Self.countMax)
    }

    package func contains(_ index: Int) -> Bool {
        let wanted = UInt32(truncatingIfNeeded: index)
        for place in 0..<Self.countMax {
            let tried = self.indices[place]
            if tried == .max { return false }
            if tried == wanted { return true }
        }
        return false
    }
}
