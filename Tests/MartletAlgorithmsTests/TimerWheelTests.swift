import MartletAlgorithms
import Testing

@Suite struct TimerWheelTests {
    private func advanced(_ wheel: inout TimerWheel<Int>, to tick: UInt64) -> [Int] {
        var expired: [Int] = []
        wheel.advance(to: tick, into: &expired)
        return expired
    }

    private func move(
        _ handle: TimerHandle, to tick: UInt64, in wheel: inout TimerWheel<Int>
    ) -> Bool {
        wheel.move(handle, to: tick)
    }

    @Test(arguments: [1, 2, 7, 8, 9, 63, 64, 65, 1000] as [UInt64])
    func expiresAtItsTickAndNotBefore(deadline: UInt64) {
        var wheel = TimerWheel<Int>(slotCount: 8)
        _ = wheel.insert(1, at: deadline)
        #expect(self.advanced(&wheel, to: deadline - 1) == [])
        #expect(wheel.count == 1)
        #expect(self.advanced(&wheel, to: deadline) == [1])
        #expect(wheel.isEmpty)
    }

    @Test(arguments: [0, 99, 100] as [UInt64])
    func aPassedDeadlineExpiresWithTheNextTick(deadline: UInt64) {
        var wheel = TimerWheel<Int>(slotCount: 8, currentTick: 100)
        _ = wheel.insert(1, at: deadline)
        #expect(self.advanced(&wheel, to: 100) == [])
        #expect(self.advanced(&wheel, to: 101) == [1])
    }

    @Test func timeGoingBackwardsDoesNothing() {
        var wheel = TimerWheel<Int>(slotCount: 8, currentTick: 100)
        _ = wheel.insert(1, at: 105)
        #expect(self.advanced(&wheel, to: 3) == [])
        #expect(wheel.currentTick == 100)
        #expect(self.advanced(&wheel, to: 105) == [1])
    }

    @Test func aLeapOverManyTurnsExpiresEverythingDueOnce() {
        var wheel = TimerWheel<Int>(slotCount: 4)
        for number in 1...100 { _ = wheel.insert(number, at: UInt64(number)) }
        #expect(self.advanced(&wheel, to: 60).sorted() == Array(1...60))
        #expect(self.advanced(&wheel, to: 1_000_000).sorted() == Array(61...100))
        #expect(self.advanced(&wheel, to: 2_000_000) == [])
    }

    @Test func theEndOfTimeDoesNotTrap() {
        var wheel = TimerWheel<Int>(slotCount: 8, currentTick: .max - 2)
        _ = wheel.insert(1, at: .max)
        #expect(self.advanced(&wheel, to: .max) == [1])
        let late = wheel.insert(2, at: 0)
        #expect(self.advanced(&wheel, to: .max) == [])
        #expect(wheel.remove(late) == 2)
    }

    @Test func removalIsOnceAndStaleHandlesDoNothing() {
        var wheel = TimerWheel<Int>(slotCount: 8)
        let first = wheel.insert(1, at: 3)
        #expect(wheel.contains(first))
        #expect(wheel.remove(first) == 1)
        #expect(wheel.remove(first) == nil)
        let second = wheel.insert(2, at: 3)
        #expect(!wheel.contains(first))
        #expect(wheel.remove(first) == nil)
        #expect(!self.move(first, to: 9, in: &wheel))
        #expect(wheel.remove(.none) == nil)
        #expect(self.advanced(&wheel, to: 3) == [2])
        #expect(wheel.remove(second) == nil)
    }

    @Test func aMovedDeadlineExpiresAtItsNewTick() {
        var wheel = TimerWheel<Int>(slotCount: 8)
        let handle = wheel.insert(1, at: 3)
        #expect(self.move(handle, to: 3 + 8, in: &wheel))
        #expect(self.advanced(&wheel, to: 10) == [])
        #expect(self.move(handle, to: 20, in: &wheel))
        #expect(self.move(handle, to: 12, in: &wheel))
        #expect(self.advanced(&wheel, to: 12) == [1])
        #expect(!self.move(handle, to: 30, in: &wheel))
    }

    @Test func elementsAreReleasedWhenTheyLeave() {
        final class Token {}
        var wheel = TimerWheel<Token>(slotCount: 8)
        weak var removed: Token?
        weak var expired: Token?
        do {
            let (first, second) = (Token(), Token())
            (removed, expired) = (first, second)
            let handle = wheel.insert(first, at: 1)
            _ = wheel.insert(second, at: 2)
            wheel.remove(handle)
            var out: [Token] = []
            wheel.advance(to: 2, into: &out)
            #expect(out.count == 1)
        }
        #expect(removed == nil)
        #expect(expired == nil)
        #expect(wheel.isEmpty)
    }

    @Test(arguments: [0, 1, 3, 100_000])
    func anySlotCountWorks(slotCount: Int) {
        var wheel = TimerWheel<Int>(slotCount: slotCount)
        for number in 1...20 { _ = wheel.insert(number, at: UInt64(number)) }
        #expect((1...20).flatMap { self.advanced(&wheel, to: UInt64($0)) } == Array(1...20))
    }

    /// Random inserts, moves, removals and advances against a plain list.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithAList(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var wheel = TimerWheel<Int>(slotCount: 16)
        var model: [Int: UInt64] = [:]
        var handles: [Int: TimerHandle] = [:]
        var now: UInt64 = 0
        for number in 0..<3000 {
            let tick = now + random.next(below: 60)
            let victim = Int(random.next(below: UInt64(number + 1)))
            switch random.next(below: 8) {
            case 0...3:
                handles[number] = wheel.insert(number, at: tick)
                model[number] = max(tick, now + 1)
            case 4:
                let removed = wheel.remove(handles[victim] ?? .none)
                #expect(removed == (model.removeValue(forKey: victim) == nil ? nil : victim))
            case 5:
                let isMoved = wheel.move(handles[victim] ?? .none, to: tick)
                #expect(isMoved == (model[victim] != nil))
                if model[victim] != nil { model[victim] = max(tick, now + 1) }
            default:
                now += random.next(below: 40)
                let expired = self.advanced(&wheel, to: now)
                let due = model.filter { $0.value <= now }
                #expect(expired.sorted() == due.keys.sorted(), "seed \(seed)")
                for key in due.keys { model[key] = nil }
            }
            #expect(wheel.count == model.count)
        }
    }
}
