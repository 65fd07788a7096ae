import MartletHTTP
import Testing

@Suite struct HTTP2FloodGuardTests {
    static let limits: HTTP2FloodGuard.Limits = {
        var limits = HTTP2FloodGuard.Limits()
        limits.resets = 3
        limits.controls = 5
        limits.window = 1000
        return limits
    }()

    @Test func theLimitIsReachedWithinOneWindowOnly() {
        var flood = HTTP2FloodGuard()
        for _ in 0..<3 {
            let answer0 = flood.count(.reset, now: 10, limits: Self.limits)
            #expect(answer0)
        }
        let answer1 = flood.count(.reset, now: 1009, limits: Self.limits)
        #expect(!answer1)
        let answer2 = flood.count(.reset, now: 1010, limits: Self.limits)
        #expect(answer2)
        let answer3 = flood.count(.reset, now: 1011, limits: Self.limits)
        #expect(answer3)
    }

    @Test func kindsAreCountedApart() {
        var flood = HTTP2FloodGuard()
        for _ in 0..<3 {
            let answer4 = flood.count(.reset, now: 0, limits: Self.limits)
            #expect(answer4)
        }
        for _ in 0..<5 {
            let answer5 = flood.count(.control, now: 0, limits: Self.limits)
            #expect(answer5)
        }
        let answer6 = flood.count(.reset, now: 0, limits: Self.limits)
        #expect(!answer6)
        let answer7 = flood.count(.control, now: 0, limits: Self.limits)
        #expect(!answer7)
        let answer8 = flood.count(.emptyData, now: 0, limits: Self.limits)
        #expect(answer8)
    }

    @Test func anHonestPeerNeverAddsUp() {
        var flood = HTTP2FloodGuard()
        for second in 0..<10_000 as Range<UInt64> {
            let answer9 = flood.count(.reset, now: second * 500, limits: Self.limits)
            #expect(answer9)
        }
    }
}
