import MartletHTTP
import Testing

/// Through what they are part of: an index, a length, a table size.
@Suite struct HPACKIntegerTests {
    /// RFC 7541 C.1, and the edges: table sizes, of which only those up to 4096 are taken.
    @Test(arguments: [
        ("20", true), ("3e", true), ("3f 00", true), ("3f 9a0a", true),
        ("3f e11f", true), ("3f e21f", false),
        // 31 + 4065, written longer than it needs to be, but with an end.
        ("3f e19f00", true), ("3f e19f8000", true), ("3f e19f808000", true),
        ("3f e19f80808000", false),
        ("3f", false), ("3f 80", false), ("3f 8080808080", false),
        ("3f ffffffff0f", false), ("3f ffffffffffffffff7f", false),
        ("3f ffffff7f", false),
    ])
    func tableSize(text: String, isTaken: Bool) {
        let outcome = DecodedBlock(hex(text)).outcome
        #expect(outcome == (isTaken ? .complete : .compressionError), "\(text)")
    }

    @Test(arguments: [0, 1, 126, 127, 128, 254, 255, 256, 16_382, 16_510, 16_511, 20_000])
    func lengthsGoOutAndComeBack(count: Int) throws {
        let value = [UInt8](repeating: UInt8(ascii: "v"), count: count)
        let name = Array("x-long".utf8)
        let block = try #require(
            written(capacity: 32_768) {
                HPACKEncoder.writeField(name: name.span, value: value.span, to: &$0)
            })
        #expect(block == [0] + plainString(name) + plainString(value))
        let decoded = DecodedBlock(block)
        #expect(decoded.lines == ["x-long: \(String(repeating: "v", count: count))"])
    }

    @Test(arguments: ["ff", "ff80", "ffffffffff7f", "ffffffffffffffffff01", "80", "be", "ff00"])
    func indicesWithoutAFieldAreErrors(text: String) {
        #expect(DecodedBlock(hex(text)).outcome == .compressionError)
    }
}
