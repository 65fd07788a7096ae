import MartletAlgorithms
import Testing

@Suite struct CIDRSetTests {
    private static func value(_ blocks: [CIDRBlock], of address: UInt128, isIPv4: Bool) -> UInt32? {
        var best: CIDRBlock?
        for block in blocks where block.isIPv4 == isIPv4 {
            guard block.first <= address, block.last >= address else { continue }
            if block.prefixLength >= best?.prefixLength ?? 0 { best = block }
        }
        return best?.value
    }

    @Test func nothingIsInTheEmptySet() {
        let set = CIDRSet([])
        #expect(set.isEmpty && set.byteCount == 0)
        #expect(set.value(ipv4: 0) == nil && set.value(high: 0, low: 0) == nil)
    }

    @Test func theLongestPrefixWins() throws {
        let blocks = try [
            (0x0a00_0000, 8, 1), (0x0a01_0000, 16, 2), (0x0a01_0200, 24, 3), (0x0a01_0203, 32, 4),
            (0x0a01_0000, 16, 5), (0xffff_ffff, 32, 6), (0, 32, 7),
        ].map { try #require(CIDRBlock(ipv4: $0.0, prefixLength: $0.1, value: $0.2)) }
        let set = CIDRSet(blocks)
        let expected: [(UInt32, UInt32?)] = [
            (0x0a01_0203, 4), (0x0a01_0204, 3), (0x0a01_0202, 3), (0x0a01_02ff, 3),
            (0x0a01_0300, 5),
            (0x0a01_ffff, 5), (0x0a02_0000, 1), (0x0a00_ffff, 1), (0x0aff_ffff, 1),
            (0x0b00_0000, nil),
            (0x09ff_ffff, nil), (.max, 6), (.max - 1, nil), (0, 7), (1, nil),
        ]
        for (address, value) in expected { #expect(set.value(ipv4: address) == value) }
        #expect(set.value(high: 0, low: 0xffff_0a01_0203) == 4, "mapped")
        #expect(set.value(high: 0, low: 0x0a01_0203) == nil, "compatible is not mapped")
    }

    @Test func theWholeSpaceOfOneFamilyIsNotTheOther() throws {
        let everyIPv6 = try CIDRSet([
            #require(CIDRBlock(high: 0, low: 0, prefixLength: 0, value: 1))
        ])
        #expect(
            everyIPv6.value(high: .max, low: .max) == 1 && everyIPv6.value(high: 0, low: 0) == 1)
        #expect(everyIPv6.value(ipv4: 5) == nil)
        #expect(everyIPv6.value(high: 0, low: 0xffff_0000_0005) == nil)
        let everyIPv4 = try CIDRSet([#require(CIDRBlock(ipv4: 0, prefixLength: 0, value: 2))])
        #expect(everyIPv4.value(ipv4: .max) == 2 && everyIPv4.value(high: 1, low: 5) == nil)
    }

    /// Random blocks, dense and sparse, against a search through all of them.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func agreesWithAList(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let count = Int(random.next(below: 80)) + 1
        // Few bits that vary, so that blocks lie in each other and meet.
        let bits = random.next(below: 24) + 8
        let mask = UInt32.max << UInt32(32 - bits)
        var blocks: [CIDRBlock] = []
        for value in 0..<UInt32(count) {
            let number = UInt32(truncatingIfNeeded: random.next()) & mask
            let block =
                random.next() & 1 == 0
                ? CIDRBlock(
                    ipv4: number, prefixLength: Int(random.next(below: 33)), value: value / 3)
                : CIDRBlock(
                    high: UInt64(number) << 32, low: random.next(below: 4),
                    prefixLength: Int(random.next(below: 129)), value: value / 3)
            blocks.append(try #require(block))
        }
        let set = CIDRSet(blocks)
        func check(_ address: UInt128, _ isIPv4: Bool) {
            let found =
                isIPv4
                ? set.value(ipv4: UInt32(truncatingIfNeeded: address))
                : set.value(
                    high: UInt64(truncatingIfNeeded: address >> 64),
                    low: UInt64(truncatingIfNeeded: address))
            let expected = Self.value(blocks, of: address, isIPv4: isIPv4)
            #expect(found == expected, "seed \(seed), \(String(address, radix: 16))")
        }
        for block in blocks {
            for address in [block.first &- 1, block.first, block.last, block.last &+ 1] {
                check(block.isIPv4 ? address & 0xffff_ffff : address, block.isIPv4)
            }
        }
        for _ in 0..<100 {
            check(UInt128(random.next() & 0xffff_ffff), true)
            check(UInt128(random.next()) << 64 | UInt128(random.next()), false)
        }
    }

    @Test func aHundredThousandBlocksInTheirBound() throws {
        var random = SeededRandom(seed: 1)
        let blocks = try (0..<100_000 as Range<UInt32>).map { value in
            let address = UInt32(truncatingIfNeeded: random.next())
            return try #require(
                CIDRBlock(ipv4: address, prefixLength: 16 + Int(value % 17), value: value))
        }
        let set = CIDRSet(blocks)
        #expect(set.byteCount <= 2 * 100_000 * 8 + 65_537 * 4 + 8)
        for block in blocks.suffix(1000) {
            let address = UInt32(truncatingIfNeeded: block.last)
            #expect(set.value(ipv4: address) != nil)
        }
    }
}
