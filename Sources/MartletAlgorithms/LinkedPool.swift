/// Names one node of a `LinkedPool` for as long as its element is in.
///
/// The generation changes whenever a node is freed, so a handle kept too long names nothing.
@usableFromInline package struct PoolHandle: Sendable, BitwiseCopyable, Equatable {
    @usableFromInline package let index: UInt32
    @usableFromInline package let generation: UInt32

    /// Names nothing, ever.
    @inlinable package static var none: PoolHandle { PoolHandle(index: .max, generation: 0) }

    @inlinable package init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }
}

/// A fixed number of doubly linked lists whose nodes live in one array.
///
/// Owned by the structure built on it. Freed nodes are used again, so that nothing is allocated
/// once the array has grown to the most elements ever held; the owner bounds that number.
@usableFromInline package struct LinkedPool<Element> {
    @usableFromInline package struct Node {
        /// `nil` while the node is free.
        @usableFromInline package var element: Element?
        /// Indices of the neighbours; `end` at either end.
        ///
        /// A free node's `next` is the next free.
        @usableFromInline package var next: UInt32
        @usableFromInline package var previous: UInt32
        @usableFromInline package var list: UInt32
        @usableFromInline package var generation: UInt32

        @inlinable init(element: Element, previous: UInt32, list: UInt32) {
            self.element = element
            self.next = .max
            self.previous = previous
            self.list = list
            self.generation = 0
        }
    }

    @usableFromInline package struct List {
        @usableFromInline package var first: UInt32 = .max
        @usableFromInline package var last: UInt32 = .max

        @inlinable init() {}
    }

    @usableFromInline package private(set) var nodes: ContiguousArray<Node> = []
    @usableFromInline package private(set) var lists: ContiguousArray<List>
    @usableFromInline package private(set) var count = 0
    @usableFromInline var firstFree: UInt32 = .max

    /// No node: what stands before the first and after the last.
    @inlinable package static var end: UInt32 { .max }

    @inlinable package init(listCount: Int) {
        self.lists = ContiguousArray(repeating: List(), count: max(listCount, 1))
    }

    /// Makes sure that there are so many lists; new ones are empty.
    @inlinable package mutating func growLists(to count: Int) {
        while self.lists.count < count { self.lists.append(List()) }
    }

    /// The node that a handle names, or `nil` when its element has left.
    @inlinable package func index(of handle: PoolHandle) -> UInt32? {
        guard Int(handle.index) < self.nodes.count,
            self.nodes[Int(handle.index)].generation == handle.generation,
            self.nodes[Int(handle.index)].element != nil
        else { return nil }
        return handle.index
    }

    /// Adds an element at the end of a list.
    @inlinable package mutating func append(_ element: Element, to list: Int) -> PoolHandle {
        let previous = self.lists[list].last
        let index: UInt32
        if self.firstFree == Self.end {
            index = UInt32(truncatingIfNeeded: self.nodes.count)
            self.nodes.append(
                Node(element: element, previous: previous, list: UInt32(truncatingIfNeeded: list)))
        } else {
            index = self.firstFree
            self.firstFree = self.nodes[Int(index)].next
            self.nodes[Int(index)].element = element
            self.nodes[Int(index)].next = Self.end
            self.nodes[Int(index)].previous = previous
            self.nodes[Int(index)].list = UInt32(truncatingIfNeeded: list)
        }
        self.linkLast(index, in: list)
        self.count &+= 1
        return PoolHandle(index: index, generation: self.nodes[Int(index)].generation)
    }

    /// Takes a node's element out and frees the node.
    @inlinable package mutating func remove(at index: UInt32) -> Element? {
        guard let element = self.nodes[Int(index)].element else { return nil }
        self.unlink(index)
        self.nodes[Int(index)].element = nil
        self.nodes[Int(index)].generation &+= 1
        self.nodes[Int(index)].next = self.firstFree
        self.firstFree = index
        self.count &-= 1
        return element
    }

    /// Moves a node to the end of another list; its handle stays good.
    @inlinable package mutating func move(at index: UInt32, to list: Int) {
        self.unlink(index)
        self.nodes[Int(index)].next = Self.end
        self.nodes[Int(index)].previous = self.lists[list].last
        self.nodes[Int(index)].list = UInt32(truncatingIfNeeded: list)
        self.linkLast(index, in: list)
    }

    /// Changes a node's element in place.
    @inlinable package mutating func update(at index: UInt32, to element: Element) {
        self.nodes[Int(index)].element = element
    }

    @inlinable mutating func linkLast(_ index: UInt32, in list: Int) {
        let previous = self.lists[list].last
        if previous == Self.end {
            self.lists[list].first = index
        } else {
            self.nodes[Int(previous)].next = index
        }
        self.lists[list].last = index
    }

    @inlinable mutating func unlink(_ index: UInt32) {
        let next = self.nodes[Int(index)].next
        let previous = self.nodes[Int(index)].previous
        let list = Int(self.nodes[Int(index)].list)
        if previous == Self.end {
            self.lists[list].first = next
        } else {
            self.nodes[Int(previous)].next = next
        }
        if next == Self.end {
            self.lists[list].last = previous
        } else {
            self.nodes[Int(next)].previous = previous
        }
    }
}
