/// Names one element of a `BoundedQueue` until it has left.
@usableFromInline package struct QueueHandle: Sendable, BitwiseCopyable, Equatable {
    @usableFromInline let node: PoolHandle

    /// Names no element, ever.
    @inlinable package static var none: QueueHandle { QueueHandle(node: .none) }

    @inlinable init(node: PoolHandle) { self.node = node }
}

/// First in, first out, never more than a limit; any element may be taken out by its handle.
///
/// For those who wait for something scarce, such as a connection, and may give up. Owned by
/// whoever hands the scarce thing out; memory is bounded by the limit.
@usableFromInline package struct BoundedQueue<Element> {
    @usableFromInline var pool = LinkedPool<Element>(listCount: 1)
    /// Lowering it below `count` refuses newcomers; those inside stay.
    @usableFromInline package var countMax: Int

    @inlinable package init(countMax: Int) { self.countMax = countMax }

    @inlinable package var count: Int { self.pool.count }
    @inlinable package var isEmpty: Bool { self.pool.count == 0 }
    @inlinable package var isFull: Bool { self.pool.count >= self.countMax }

    /// The element that `dequeue` would return.
    @inlinable package var first: Element? {
        let index = self.pool.lists[0].first
        return index == LinkedPool<Element>.end ? nil : self.pool.nodes[Int(index)].element
    }

    /// Adds an element at the end.
    ///
    /// - Returns: `nil` if the queue is full; the element is then not in.
    @inlinable package mutating func enqueue(_ element: Element) -> QueueHandle? {
        guard !self.isFull else { return nil }
        return QueueHandle(node: self.pool.append(element, to: 0))
    }

    /// Takes the element that has waited longest.
    @inlinable package mutating func dequeue() -> Element? {
        let index = self.pool.lists[0].first
        return index == LinkedPool<Element>.end ? nil : self.pool.remove(at: index)
    }

    /// Takes an element out of turn.
    ///
    /// A stale handle removes nothing.
    @discardableResult
    @inlinable package mutating func remove(_ handle: QueueHandle) -> Element? {
        guard let index = self.pool.index(of: handle.node) else { return nil }
        return self.pool.remove(at: index)
    }

    /// Whether the handle's element is still waiting.
    @inlinable package func contains(_ handle: QueueHandle) -> Bool {
        self.pool.index(of: handle.node) != nil
    }
}
