import MartletAlgorithms
import Testing

@Suite struct LinkedPoolTests {
    private func elements(of pool: LinkedPool<Int>, in list: Int) -> [Int] {
        var elements: [Int] = []
        var index = pool.lists[list].first
        while index != LinkedPool<Int>.end {
            if let element = pool.nodes[Int(index)].element { elements.append(element) }
            index = pool.nodes[Int(index)].next
        }
        return elements
    }

    @Test func keepsOrderWithinEachList() {
        var pool = LinkedPool<Int>(listCount: 2)
        for number in 0..<6 { _ = pool.append(number, to: number % 2) }
        #expect(self.elements(of: pool, in: 0) == [0, 2, 4])
        #expect(self.elements(of: pool, in: 1) == [1, 3, 5])
    }

    @Test(arguments: [0, 1, 2, 3])
    func removesAtEveryPosition(position: Int) throws {
        var pool = LinkedPool<Int>(listCount: 1)
        let handles = (0..<4).map { pool.append($0, to: 0) }
        let index = try #require(pool.index(of: handles[position]))
        #expect(pool.remove(at: index) == position)
        #expect(self.elements(of: pool, in: 0) == (0..<4).filter { $0 != position })
        _ = pool.append(9, to: 0)
        #expect(self.elements(of: pool, in: 0) == (0..<4).filter { $0 != position } + [9])
        #expect(pool.count == 4)
        #expect(pool.nodes.count == 4, "the freed node is used again")
    }

    @Test func movesBetweenListsWithoutANewHandle() throws {
        var pool = LinkedPool<Int>(listCount: 2)
        let handles = (0..<3).map { pool.append($0, to: 0) }
        let index = try #require(pool.index(of: handles[1]))
        pool.move(at: index, to: 1)
        pool.update(at: index, to: 7)
        #expect(self.elements(of: pool, in: 0) == [0, 2])
        #expect(self.elements(of: pool, in: 1) == [7])
        #expect(pool.index(of: handles[1]) == index)
    }

    @Test func aStaleHandleNamesNothing() throws {
        var pool = LinkedPool<Int>(listCount: 1)
        let old = pool.append(1, to: 0)
        let index = try #require(pool.index(of: old))
        #expect(pool.remove(at: index) == 1)
        #expect(pool.index(of: old) == nil)
        let new = pool.append(2, to: 0)
        #expect(new.index == old.index)
        #expect(pool.index(of: old) == nil)
        #expect(pool.index(of: .none) == nil)
        #expect(pool.remove(at: index) == 2)
        #expect(pool.remove(at: index) == nil)
    }
}
