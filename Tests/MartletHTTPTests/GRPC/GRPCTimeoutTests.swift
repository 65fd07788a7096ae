import MartletHTTP
import Testing

@Suite struct GRPCTimeoutTests {
    @Test(
        arguments: [
            ("1H", 3_600_000_000_000), ("2M", 120_000_000_000), ("3S", 3_000_000_000),
            ("100m", 100_000_000), ("5u", 5000), ("99999999n", 99_999_999), ("0S", 0),
        ] as [(String, UInt64)])
    func wellFormed(text: String, nanoseconds: UInt64) {
        #expect(GRPCTimeout.nanoseconds(Array(text.utf8).span) == nanoseconds)
    }

    @Test(arguments: ["", "S", "1", "1s", "1h", "-1S", "1.5S", "123456789S", " 1S", "1S ", "1SS"])
    func malformed(text: String) {
        #expect(GRPCTimeout.nanoseconds(Array(text.utf8).span) == nil)
    }

    @Test func theLongestIsNoOverflow() {
        let hours = GRPCTimeout.nanoseconds(Array("99999999H".utf8).span)
        #expect(hours == UInt64.max / 4)
    }
}
