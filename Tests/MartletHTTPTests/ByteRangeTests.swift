import MartletHTTP
import Testing

@Suite struct ByteRangeTests {
    @Test(arguments: [(0, 0), (0, 5), (7, 7), (3, 9), (65_536, 1 << 31)])
    func startAndEndGiveTheIndices(start: Int, end: Int) {
        let range = ByteRange(start: start, end: end)
        #expect(range.indices == start..<end)
        #expect(range.end == end)
        #expect(range.count == UInt32(end - start))
        #expect(range.isEmpty == (start == end))
        #expect(range == ByteRange(start: UInt32(start), count: UInt32(end - start)))
    }

    @Test func theEndOfTheLargestRangeIsStillANumber() {
        let range = ByteRange(start: .max, count: .max)
        #expect(range.end == 2 * Int(UInt32.max))
        #expect(range.indices == Int(UInt32.max)..<range.end)
    }

    @Test func emptyHasNoIndices() {
        #expect(ByteRange.empty.isEmpty)
        #expect(ByteRange.empty.indices.isEmpty)
    }
}
