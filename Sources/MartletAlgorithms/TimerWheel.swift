/// Names one deadline in a `TimerWheel` until it has expired or been removed.
@usableFromInline package struct TimerHandle: Sendable, BitwiseCopyable, Equatable {
    @usableFromInline let node: PoolHandle

    /// Names no deadline, ever.
    @inlinable package static var none: TimerHandle { TimerHandle(node: .none) }

    @inlinable init(node: PoolHandle) { self.node = node }
}

/// Coarse deadlines: every timeout of a worker behind one repeating timer.
///
/// A hashed wheel (Varghese and Lauck, scheme 6): a deadline lies in the slot of its tick, modulo
/// the number of slots, and is looked at once a turn. Owned by a worker; holds as many elements as
/// the worker's connections and requests have deadlines. What a tick means is the owner's matter.
@usableFromInline package struct TimerWheel<Element> {
    @usableFromInline struct Entry {
        @usableFromInline let element: Element
        @usableFromInline let deadline: UInt64

        @inlinable init(element: Element, deadline: UInt64) {
            self.element = element
            self.deadline = deadline
        }
    }

    @usableFromInline var pool: LinkedPool<Entry>
    @usableFromInline let slotMask: UInt64
    /// The tick up to which everything has expired.
    @usableFromInline package private(set) var currentTick: UInt64

    /// A wheel standing at `currentTick`.
    ///
    /// - `slotCount`: rounded up to a power of two, at most 65536. A deadline further off
    ///   than this many ticks is passed over once a turn until it is due.
    @inlinable package init(slotCount: Int = 512, currentTick: UInt64 = 0) {
        var count = 1
        while count < min(slotCount, 65536) { count <<= 1 }
        self.pool = LinkedPool(listCount: count)
        self.slotMask = UInt64(count &- 1)
        self.currentTick = currentTick
    }

    /// How many deadlines are in.
    @inlinable package var count: Int { self.pool.count }

    @inlinable package var isEmpty: Bool { self.pool.count == 0 }

    /// Adds a deadline.
    ///
    /// One that has passed already expires with the next tick.
    @inlinable package mutating func insert(_ element: Element, at tick: UInt64) -> TimerHandle {
        let deadline = self.clamped(tick)
        let entry = Entry(element: element, deadline: deadline)
        return TimerHandle(node: self.pool.append(entry, to: self.slot(of: deadline)))
    }

    /// Takes a deadline out and lets go of its element.
    ///
    /// A stale handle removes nothing.
    @discardableResult
    @inlinable package mutating func remove(_ handle: TimerHandle) -> Element? {
        guard let index = self.pool.index(of: handle.node) else { return nil }
        return self.pool.remove(at: index)?.element
    }

    /// Moves a deadline; its handle stays good.
    ///
    /// - Returns: false for a stale handle, whose element is no longer in.
    @discardableResult
    @inlinable package mutating func move(_ handle: TimerHandle, to tick: UInt64) -> Bool {
        guard let index = self.pool.index(of: handle.node),
            let entry = self.pool.nodes[Int(index)].element
        else { return false }
        let deadline = self.clamped(tick)
        guard deadline != entry.deadline else { return true }
        self.pool.update(at: index, to: Entry(element: entry.element, deadline: deadline))
        self.pool.move(at: index, to: self.slot(of: deadline))
        return true
    }

    /// Whether the handle's deadline is still in.
    @inlinable package func contains(_ handle: TimerHandle) -> Bool {
        self.pool.index(of: handle.node) != nil
    }

    /// Moves time on and takes out everything due, appending it to `expired`.
    ///
    /// The caller acts on the elements afterwards and may then insert and remove at will. Within
    /// one call elements come in order of their deadlines if it spans no more than one turn. Time
    /// going backwards does nothing.
    ///
    /// - Complexity: the slots passed, at most one turn, and the elements in them.
    @inlinable package mutating func advance(to tick: UInt64, into expired: inout [Element]) {
        guard tick > self.currentTick else { return }
        var remaining = min(tick &- self.currentTick, self.slotMask &+ 1)
        var slot = self.slot(of: self.currentTick)
        self.currentTick = tick
        guard !self.isEmpty else { return }
        while remaining > 0 {
            slot = (slot &+ 1) & Int(truncatingIfNeeded: self.slotMask)
            self.expire(slot: slot, until: tick, into: &expired)
            remaining &-= 1
        }
    }

    @inlinable mutating func expire(
        slot: Int, until tick: UInt64, into expired: inout [Element]
    ) {
        var index = self.pool.lists[slot].first
        while index != LinkedPool<Entry>.end {
            let next = self.pool.nodes[Int(index)].next
            if let entry = self.pool.nodes[Int(index)].element, entry.deadline <= tick {
                _ = self.pool.remove(at: index)
                expired.append(entry.element)
            }
            index = next
        }
    }

    @inlinable func clamped(_ tick: UInt64) -> UInt64 {
        let (next, overflow) = self.currentTick.addingReportingOverflow(1)
        return max(tick, overflow ? .max : next)
    }

    @inlinable func slot(of tick: UInt64) -> Int {
        Int(truncatingIfNeeded: tick & self.slotMask)
    }
}
