import MartletAlgorithms
import Testing

@Suite struct BoundedQueueTests {
    @Test func firstInFirstOut() {
        var queue = BoundedQueue<Int>(countMax: 3)
        for number in 1...3 { #expect(queue.enqueue(number) != nil) }
        #expect(queue.first == 1)
        #expect(
            [queue.dequeue(), queue.dequeue(), queue.dequeue(), queue.dequeue()] == [1, 2, 3, nil])
        #expect(queue.first == nil)
    }

    @Test(arguments: [-1, 0, 1, 5])
    func neverHoldsMoreThanItsLimit(countMax: Int) {
        var queue = BoundedQueue<Int>(countMax: countMax)
        let accepted = (0..<10).filter { queue.enqueue($0) != nil }
        #expect(accepted == Array(0..<max(countMax, 0)))
        #expect(queue.isFull)
    }

    @Test func aLowerLimitRefusesNewcomersOnly() {
        var queue = BoundedQueue<Int>(countMax: 3)
        for number in 1...3 { _ = queue.enqueue(number) }
        queue.countMax = 1
        #expect(queue.count == 3)
        #expect(queue.dequeue() == 1)
        #expect(queue.enqueue(4) == nil)
        #expect(queue.dequeue() == 2)
        #expect(queue.dequeue() == 3)
        #expect(queue.enqueue(5) != nil)
    }

    @Test func removalOutOfTurnIsOnce() throws {
        var queue = BoundedQueue<Int>(countMax: 4)
        let handles = (1...3).compactMap { queue.enqueue($0) }
        #expect(queue.contains(handles[1]))
        #expect(queue.remove(handles[1]) == 2)
        #expect(queue.remove(handles[1]) == nil)
        #expect(queue.dequeue() == 1)
        #expect(queue.remove(handles[0]) == nil)
        #expect(queue.remove(.none) == nil)
        #expect(queue.enqueue(4) != nil)
        #expect(!queue.contains(handles[1]))
        #expect([queue.dequeue(), queue.dequeue(), queue.dequeue()] == [3, 4, nil])
    }

    /// Random sequences against a plain array.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithAnArray(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var queue = BoundedQueue<Int>(countMax: 20)
        var model: [Int] = []
        var handles: [Int: QueueHandle] = [:]
        for number in 0..<2000 {
            switch random.next(below: 5) {
            case 0...2:
                let handle = queue.enqueue(number)
                #expect((handle != nil) == (model.count < 20))
                if let handle {
                    handles[number] = handle
                    model.append(number)
                }
            case 3:
                #expect(queue.dequeue() == (model.isEmpty ? nil : model.removeFirst()))
            default:
                let victim = Int(random.next(below: UInt64(number + 1)))
                let isIn = model.contains(victim)
                #expect(queue.remove(handles[victim] ?? .none) == (isIn ? victim : nil))
                model.removeAll { $0 == victim }
            }
            #expect(queue.count == model.count, "seed \(seed)")
            #expect(queue.first == model.first)
        }
    }
}
