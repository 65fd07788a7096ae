import MartletHTTP
import Testing

/// The ring beside a plain list, which is what RFC 7541 §2.3.2 describes.
@Suite struct HPACKDynamicTableTests {
    struct Model {
        var fields: [(name: String, value: String)] = []
        var sizeMax = 4096

        var size: Int {
            self.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 32 }
        }

        mutating func insert(_ name: String, _ value: String) {
            self.fields.insert((name, value), at: 0)
            self.evict()
        }

        mutating func evict() { while self.size > self.sizeMax { self.fields.removeLast() } }
    }

    static func integer(_ value: Int, _ pattern: UInt8, _ bits: Int) -> [UInt8] {
        let most = (1 << bits) - 1
        guard value >= most else { return [pattern | UInt8(value)] }
        var rest = value - most
        var bytes = [pattern | UInt8(most)]
        while rest >= 128 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func theRingIsTheList(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var model = Model()
        var decoder = HPACKDecoder()
        // From tables that hold two fields to such that hold many, of small fields or large ones.
        let valueCountMax = [4, 40, 400, 3000][Int(seed % 4)]
        for _ in 0..<1500 {
            var block: [UInt8] = []
            var lines: [String] = []
            if random.next() % 20 == 0 {
                model.sizeMax = Int(random.next() % 4097)
                model.evict()
                block += Self.integer(model.sizeMax, 0x20, 5)
            }
            for _ in 0..<(1 + random.next() % 3) {
                let kind = random.next() % 4
                let value = String(
                    repeating: "\(random.next() % 10)",
                    count: Int(random.next() % UInt64(valueCountMax)))
                if kind == 0, !model.fields.isEmpty {
                    let index = Int(random.next() % UInt64(model.fields.count))
                    block += Self.integer(62 + index, 0x80, 7)
                    lines.append("\(model.fields[index].name): \(model.fields[index].value)")
                } else if kind == 1, !model.fields.isEmpty {
                    // The name of one that may be evicted to make room (RFC 7541 §4.4).
                    let index = Int(random.next() % UInt64(model.fields.count))
                    let name = model.fields[index].name
                    block += Self.integer(62 + index, 0x40, 6) + plainString(Array(value.utf8))
                    lines.append("\(name): \(value)")
                    model.insert(name, value)
                } else {
                    let name = "x-\(random.next() % 1000)"
                    block +=
                        [0x40] + plainString(Array(name.utf8))
                        + plainString(Array(value.utf8))
                    lines.append("\(name): \(value)")
                    model.insert(name, value)
                }
            }
            let decoded = DecodedBlock(block, &decoder)
            #expect(decoded.outcome == .complete, "seed \(seed)")
            #expect(decoded.lines == lines, "seed \(seed)")
            guard decoded.lines == lines else { return }
        }
        let index = UInt8(min(62 + model.fields.count, 126))
        if index < 126 {
            #expect(DecodedBlock([0x80 | index], &decoder).outcome == .compressionError)
        }
    }

    @Test func aFieldLargerThanTheTableEmptiesIt() {
        var decoder = HPACKDecoder()
        let small = [0x40] + plainString([0x61]) + plainString([0x62])
        let large =
            [0x40] + plainString([0x61])
            + plainString([UInt8](repeating: 0x62, count: 4096))
        #expect(DecodedBlock(small, &decoder).outcome == .complete)
        #expect(DecodedBlock(large, &decoder).outcome == .complete)
        #expect(DecodedBlock([0xbe], &decoder).outcome == .compressionError)
    }

    @Test func aFieldAsLargeAsTheTableFills() {
        var decoder = HPACKDecoder()
        let whole =
            [0x40] + plainString([0x61])
            + plainString([UInt8](repeating: 0x62, count: 4096 - 33))
        #expect(DecodedBlock(whole + whole, &decoder).outcome == .complete)
        #expect(DecodedBlock([0xbf], &decoder).outcome == .compressionError)
        #expect(DecodedBlock([0xbe], &decoder).lines.first?.utf8.count == 4096 - 33 + 3)
    }

    @Test func theYoungestComesFirst() {
        var decoder = HPACKDecoder()
        for name: UInt8 in [0x61, 0x62, 0x63] {
            _ = DecodedBlock([0x40, 1, name, 0], &decoder)
        }
        #expect(DecodedBlock([0xbe, 0xbf, 0xc0], &decoder).lines == ["c: ", "b: ", "a: "])
        #expect(DecodedBlock([0xc1], &decoder).outcome == .compressionError)
    }

    @Test func pseudoFieldsComeOutOfTheTableToo() {
        var decoder = HPACKDecoder()
        let block =
            hex("41") + plainString(Array("a.example".utf8)) + hex("44")
            + plainString(Array("/x".utf8))
        let lines = [":authority: a.example", ":path: /x"]
        #expect(DecodedBlock(block, &decoder).lines == lines)
        #expect(DecodedBlock([0xbe, 0xbf], &decoder).lines == lines)
    }
}
