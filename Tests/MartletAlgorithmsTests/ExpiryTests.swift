import MartletAlgorithms
import Testing

@Suite struct ExpiryTests {
    @Test func endsAtItsSecond() {
        let expiry = Expiry(seconds: 10)
        #expect(!expiry.isOver(at: 9_999_999_999))
        #expect(expiry.isOver(at: 10_000_000_000))
        #expect(expiry.isOver(at: .max))
    }

    @Test func withoutAnEndItNeverEnds() {
        #expect(!Expiry(seconds: nil).isOver(at: .max))
        #expect(!Expiry.never.isOver(at: .max))
    }

    @Test(arguments: [Int64.min, -1, 0])
    func whatIsPastIsOver(seconds: Int64) {
        #expect(Expiry(seconds: seconds).isOver(at: 1))
    }

    @Test func aTimeBeyondTheClockDoesNotRunOver() {
        #expect(!Expiry(seconds: .max).isOver(at: 1_800_000_000_000_000_000))
    }
}
