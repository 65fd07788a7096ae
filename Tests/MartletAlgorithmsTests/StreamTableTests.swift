import MartletAlgorithms
import Testing

@Suite struct StreamTableTests {
    @Test func findsWhatWasPutInUntilItIsRemoved() {
        var table = StreamTable<String>()
        table.insert("one", id: 1)
        table.insert("three", id: 3)
        #expect(table[1] == "one")
        #expect(table[3] == "three")
        #expect(table[5] == nil)
        #expect(table[0] == nil)
        let answer0 = table.remove(id: 1)
        #expect(answer0 == "one")
        let answer1 = table.remove(id: 1)
        #expect(answer1 == nil)
        #expect(table[1] == nil)
        #expect(table[3] == "three")
        #expect(table.count == 1)
    }

    @Test func theConnectionItselfIsNoStream() {
        var table = StreamTable<Int>()
        table.insert(7, id: 0)
        #expect(table.isEmpty)
        let answer2 = table.remove(id: 0)
        #expect(answer2 == nil)
    }

    /// Ids that share a home slot, removed in every order, against a dictionary.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func behavesLikeADictionary(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = StreamTable<UInt32>()
        var model: [UInt32: UInt32] = [:]
        for _ in 0..<3000 {
            let id = UInt32(truncatingIfNeeded: random.next() % 90) * 32 + 1
            if random.next() % 3 == 0 {
                let answer3 = table.remove(id: id)
                #expect(answer3 == model.removeValue(forKey: id), "seed \(seed)")
            } else {
                let value = UInt32(truncatingIfNeeded: random.next())
                table.insert(value, id: id)
                model[id] = value
            }
            #expect(table.count == model.count, "seed \(seed)")
            #expect(table[id] == model[id], "seed \(seed)")
        }
        #expect(table.all.sorted() == model.values.sorted(), "seed \(seed)")
    }

    @Test func growsWithOpenStreamsOnly() {
        var table = StreamTable<UInt32>()
        for id in stride(from: UInt32(1), to: 200_001, by: 2) {
            table.insert(id, id: id)
            if id > 200 {
                let answer4 = table.remove(id: id - 200)
                #expect(answer4 == id - 200)
            }
        }
        #expect(table.count == 100)
    }
}
