import MartletAlgorithms
import Testing

@Suite struct CIDRBlockTests {
    @Test(
        arguments: [
            (0x0a01_0203, 8, 0x0a00_0000, 0x0aff_ffff), (0x0a01_0203, 32, 0x0a01_0203, 0x0a01_0203),
            (0x0a01_0203, 0, 0, 0xffff_ffff), (0xc0a8_0101, 31, 0xc0a8_0100, 0xc0a8_0101),
        ] as [(UInt32, Int, UInt128, UInt128)])
    func ipv4(address: UInt32, prefixLength: Int, first: UInt128, last: UInt128) throws {
        let block = try #require(CIDRBlock(ipv4: address, prefixLength: prefixLength))
        #expect(block.isIPv4 && block.first == first && block.last == last)
    }

    @Test(
        arguments: [
            (0x2001_0db8_ffff_0000, 5, 32, 0x2001_0db8_0000_0000, 0, 0x2001_0db8_ffff_ffff, .max),
            (1, 2, 128, 1, 2, 1, 2), (1, 2, 0, 0, 0, .max, .max), (1, 2, 64, 1, 0, 1, .max),
            (0, 0xffff_0a00_0000, 95, 0, 0xfffe_0000_0000, 0, 0xffff_ffff_ffff),
        ] as [(UInt64, UInt64, Int, UInt64, UInt64, UInt64, UInt64)])
    func ipv6(
        high: UInt64, low: UInt64, prefixLength: Int, firstHigh: UInt64, firstLow: UInt64,
        lastHigh: UInt64, lastLow: UInt64
    ) throws {
        let block = try #require(CIDRBlock(high: high, low: low, prefixLength: prefixLength))
        #expect(!block.isIPv4)
        #expect(block.first == UInt128(firstHigh) << 64 | UInt128(firstLow))
        #expect(block.last == UInt128(lastHigh) << 64 | UInt128(lastLow))
    }

    @Test func mappedBlocksAreIPv4Ones() {
        #expect(
            CIDRBlock(high: 0, low: 0xffff_0a00_0000, prefixLength: 104, value: 3)
                == CIDRBlock(ipv4: 0x0a00_0000, prefixLength: 8, value: 3))
        #expect(
            CIDRBlock(high: 0, low: 0xffff_0000_0000, prefixLength: 96)
                == CIDRBlock(ipv4: 0, prefixLength: 0))
    }

    @Test func refuses() {
        for length in [-1, 33, .max, .min] {
            #expect(CIDRBlock(ipv4: 0, prefixLength: length) == nil)
        }
        for length in [-1, 129, .max, .min] {
            #expect(CIDRBlock(high: 0, low: 0, prefixLength: length) == nil)
        }
        #expect(CIDRBlock(ipv4: 0, prefixLength: 8, value: .max) == nil)
        #expect(CIDRBlock(high: 0, low: 0, prefixLength: 8, value: .max) == nil)
    }
}
