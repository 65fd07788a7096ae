/// Elements by stream id: open addressing over two flat arrays.
///
/// Owned by one connection. Grows with the most streams ever open at once, which its owner bounds;
/// removal closes the gap, so that a connection may open millions of streams in its life.
package struct StreamTable<Element> {
    private var keys: ContiguousArray<UInt32>
    private var elements: ContiguousArray<Element?>
    package private(set) var count = 0

    /// No stream: 0 is the connection itself.
    private static var free: UInt32 { 0 }

    package init() {
        self.keys = ContiguousArray(repeating: Self.free, count: 16)
        self.elements = ContiguousArray(repeating: nil, count: 16)
    }

    package var isEmpty: Bool { self.count == 0 }

    package subscript(id: UInt32) -> Element? {
        guard id != Self.free else { return nil }
        return self.elements[self.slot(of: id)]
    }

    /// Puts an element in, in the place of one of the same id.
    package mutating func insert(_ element: Element, id: UInt32) {
        guard id != Self.free else { return }
        if self.count * 2 >= self.keys.count { self.grow() }
        let slot = self.slot(of: id)
        if self.keys[slot] == Self.free { self.count += 1 }
        self.keys[slot] = id
        self.elements[slot] = element
    }

    @discardableResult
    package mutating func remove(id: UInt32) -> Element? {
        guard id != Self.free else { return nil }
        var gap = self.slot(of: id)
        guard let element = self.elements[gap] else { return nil }
        self.count -= 1
        var probe = gap
        while true {
            probe = (probe + 1) & (self.keys.count - 1)
            let key = self.keys[probe]
            guard key != Self.free else { break }
            // Only what would no longer be found behind the gap moves into it.
            let home = self.home(of: key)
            let distance = (probe - home) & (self.keys.count - 1)
            let gapDistance = (probe - gap) & (self.keys.count - 1)
            guard distance >= gapDistance else { continue }
            self.keys[gap] = key
            self.elements[gap] = self.elements[probe]
            gap = probe
        }
        self.keys[gap] = Self.free
        self.elements[gap] = nil
        return element
    }

    /// Every element, for what concerns all streams.
    ///
    /// Allocates.
    package var all: [Element] { self.elements.compactMap { $0 } }

    private func home(of id: UInt32) -> Int {
        // Ids of one side differ by two.
        Int(truncatingIfNeeded: id >> 1) & (self.keys.count - 1)
    }

    private func slot(of id: UInt32) -> Int {
        var slot = self.home(of: id)
        while self.keys[slot] != id, self.keys[slot] != Self.free {
            slot = (slot + 1) & (self.keys.count - 1)
        }
        return slot
    }

    private mutating func grow() {
        let (keys, elements) = (self.keys, self.elements)
        self.keys = ContiguousArray(repeating: Self.free, count: keys.count * 2)
        self.elements = ContiguousArray(repeating: nil, count: keys.count * 2)
        for (key, element) in zip(keys, elements) where key != Self.free {
            let slot = self.slot(of: key)
            self.keys[slot] = key
            self.elements[slot] = element
        }
    }
}
