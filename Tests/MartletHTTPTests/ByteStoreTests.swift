import MartletHTTP
import Testing

@Suite struct ByteStoreTests {
    /// What a store holds, since a span may not stand inside a test macro.
    private static func bytes(_ store: borrowing ByteStore) -> [UInt8] {
        store.span.indices.map { store.span[$0] }
    }

    @Test func piecesStandOneBehindTheOther() {
        var store = ByteStore()
        store.append(UInt8(ascii: "a"))
        store.append("bc")
        let array: [UInt8] = [100, 101]
        store.append(array.span)
        store.append(copying: 1..<4)
        store.append("")
        let empty: [UInt8] = []
        store.append(empty.span)
        store.append(copying: 5..<5)
        let held = Self.bytes(store)
        #expect(held == Array("abcdebcd".utf8))
        let count = store.count
        #expect(count == 8)
    }

    /// Growing moves the bytes; each way of appending is the one that grows at some length.
    @Test(arguments: [1, 2, 511, 512, 513, 1024, 5000], 0..<4)
    func growsWithoutLosingAByte(length: Int, way: Int) {
        var store = ByteStore()
        let expected = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        store.append(expected.span)
        let capacity = store.capacity
        while store.count + 4 <= capacity { store.append("wxyz") }
        let before = Self.bytes(store)
        let added: [UInt8]
        switch way {
        case 0:
            added = Array("0123456789".utf8)
            for byte in added { store.append(byte) }
        case 1:
            added = Array("0123456789".utf8)
            store.append("0123456789")
        case 2:
            let many = [UInt8](repeating: 7, count: 4 * capacity)
            store.append(many.span)
            added = many
        default:
            added = before
            store.append(copying: 0..<store.count)
        }
        let after = Self.bytes(store)
        #expect(after == before + added)
        let (count, grown) = (store.count, store.capacity)
        #expect(count <= grown)
    }

    @Test func bytesCanBeReadAndReplaced() {
        var store = ByteStore()
        store.append("abc")
        store[0] = UInt8(ascii: "x")
        store[2] = UInt8(ascii: "z")
        let (held, middle) = (Self.bytes(store), store[1])
        #expect(held == Array("xbz".utf8))
        #expect(middle == UInt8(ascii: "b"))
    }

    @Test(arguments: [(-1, 0), (0, 0), (2, 2), (3, 3), (4, 3), (Int.max, 3), (Int.min, 0)])
    func truncatingNeverAddsBytes(limit: Int, count: Int) {
        var store = ByteStore()
        store.append("abc")
        store.truncate(to: limit)
        let held = Self.bytes(store)
        #expect(held == Array("abc".utf8.prefix(count)))
    }

    @Test func largeMemoryIsGivenBackAndSmallIsKept() {
        var store = ByteStore()
        let initial = store.capacity
        let many = [UInt8](repeating: 1, count: 10_000)
        store.append(many.span)
        let grown = store.capacity
        store.removeAll(keepingCapacityUpTo: grown)
        let (keptCount, kept) = (store.count, store.capacity)
        #expect((keptCount, kept) == (0, grown))
        store.removeAll(keepingCapacityUpTo: grown - 1)
        let (freedCount, freed) = (store.count, store.capacity)
        #expect((freedCount, freed) == (0, initial))
        store.append("again")
        let held = Self.bytes(store)
        #expect(held == Array("again".utf8))
    }

    // MARK: Our own mistakes end the process, they do not read what is not ours

    @Test func readingBehindTheEndStops() async {
        await #expect(processExitsWith: .failure) {
            var store = ByteStore()
            store.append("abc")
            _ = store[3]
        }
        await #expect(processExitsWith: .failure) {
            let store = ByteStore()
            _ = store[-1]
        }
    }

    @Test func writingAndCopyingBehindTheEndStops() async {
        await #expect(processExitsWith: .failure) {
            var store = ByteStore()
            store[0] = 1
        }
        await #expect(processExitsWith: .failure) {
            var store = ByteStore()
            store.append("abc")
            store.append(copying: 1..<4)
        }
    }
}
