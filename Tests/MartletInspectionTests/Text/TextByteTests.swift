import Testing

/// Every byte by itself and twice is no attack, except for those that are one by themselves.
@Suite struct TextByteTests {
    @Test func singleBytesPass() {
        for byte in UInt8.min...UInt8.max where byte != 0 {
            let digits = String(byte, radix: 16)
            let escape = "%" + (byte < 16 ? "0" : "") + digits
            #expect(Inspected.query("v=" + escape) == [], "\(escape)")
            #expect(Inspected.query("v=a" + escape + "b") == [], "\(escape)")
        }
    }
}
