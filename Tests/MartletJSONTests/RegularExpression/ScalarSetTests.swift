import MartletJSON
import Testing

@Suite struct ScalarSetTests {
    @Test func joinsRangesThatOverlapOrTouch() {
        let set = ScalarSet([10...20, 5...6, 7...9, 15...30, 40...40])
        #expect(set.ranges == [5...30, 40...40])
        #expect(set.inverted.ranges == [0...4, 31...39, 41...0x10ffff])
        #expect(set.inverted.inverted == set)
        #expect(ScalarSet().inverted == .everything)
        #expect(ScalarSet.everything.inverted == ScalarSet())
        #expect(set.union(ScalarSet([31...39])).ranges == [5...40])
    }

    @Test(arguments: UInt64(0)..<20)
    func agreesWithASet(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let ranges = (0..<random.below(8)).map { _ in
            let start = UInt32(random.below(60))
            return start...start + UInt32(random.below(9))
        }
        let model = Set(ranges.flatMap { Array($0) })
        let set = ScalarSet(ranges)
        for scalar in UInt32(0)..<80 {
            #expect(set.contains(scalar) == model.contains(scalar), "seed \(seed)")
            #expect(set.inverted.contains(scalar) != model.contains(scalar), "seed \(seed)")
        }
    }

    static let properties: [(String, UInt32, Bool)] = [
        ("L", 0x61, true), ("L", 0x31, false), ("Lu", 0x41, true), ("Lu", 0x61, false),
        ("Uppercase_Letter", 0xc4, true), ("Nd", 0x9ea, true), ("digit", 0x31, true),
        ("punct", 0x21, true), ("P", 0x5f, true), ("Sc", 0x20ac, true), ("Z", 0x2028, true),
        ("Cc", 0x1f, true), ("Cn", 0x378, true), ("Cn", 0x50000, true), ("Cn", 0x10fffe, true),
        ("Cn", 0xffffe, true), ("Co", 0xf0000, true), ("Co", 0x100000, true), ("Co", 0xe000, true),
        ("Cs", 0xd800, true), ("Cs", 0xdfff, true), ("Cs", 0xe000, false), ("C", 0x10ffff, true),
        ("Lo", 0x4e00, true), ("Lo", 0x9fff, true), ("LC", 0x1c5, true), ("LC", 0x4e00, false),
        ("Any", 0x10ffff, true), ("ASCII", 0x7f, true), ("ASCII", 0x80, false),
        ("Assigned", 0x61, true), ("Assigned", 0x378, false), ("Emoji", 0x1f600, true),
        ("White_Space", 0x85, true), ("ID_Start", 0x31, false), ("ID_Continue", 0x31, true),
        ("Ideographic", 0x4e00, true), ("AHex", 0x66, true), ("Hex", 0xff21, true),
        ("Lowercase", 0xe4, true), ("Upper", 0xc4, true), ("Alpha", 0x3b1, true),
    ]

    @Test(arguments: properties)
    func knowsProperties(name: String, scalar: UInt32, isIn: Bool) throws {
        #expect(try #require(ScalarSet.property(name)).contains(scalar) == isIn)
    }

    @Test func everyCodePointHasOneCategory() throws {
        let names = ["L", "M", "N", "P", "S", "Z", "C"]
        let sets = try names.map { try #require(ScalarSet.property($0)) }
        let all = sets.reduce(ScalarSet()) { $0.union($1) }
        #expect(all == .everything)
        let sizes = sets.flatMap(\.ranges).map { Int($0.upperBound - $0.lowerBound) + 1 }
        #expect(sizes.reduce(0, +) == 0x110000)
    }

    @Test(arguments: ["l", "Greek", "Script=Greek", "", "gc=", "=L", "sc=L", "gc=gc=L"])
    func knowsNoOthers(name: String) {
        #expect(ScalarSet.property(name) == nil)
    }
}
