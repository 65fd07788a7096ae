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

    // MARK: What is paid for

    @Test func frameSentPaysForOnePing() {
        var flood = HTTP2FloodGuard()
        for _ in 0..<100 {
            flood.dataSent(1, isWhole: false)
            let answer = flood.countPing(now: 0, limits: Self.limits)
            #expect(answer)
        }
        let counted = (0..<6).map { _ in flood.countPing(now: 0, limits: Self.limits) }
        #expect(counted == [true, true, true, true, true, false])
    }

    @Test func pingsAndOtherControlFramesShareALimit() {
        var flood = HTTP2FloodGuard()
        for _ in 0..<5 {
            let answer = flood.count(.control, now: 0, limits: Self.limits)
            #expect(answer)
        }
        let ping = flood.countPing(now: 0, limits: Self.limits)
        #expect(!ping)
    }

    /// - `updates`: that are not counted for the bytes of one frame.
    @Test(arguments: [
        (0, false, 0), (255, false, 0), (256, false, 1), (16_384, false, 64),
        (0, true, 2), (1, true, 2), (16_384, true, 66),
    ])
    func dataPaysForWindowUpdates(bytes: Int, isWhole: Bool, updates: Int) {
        var flood = HTTP2FloodGuard()
        var limits = Self.limits
        limits.windowUpdates = 0
        flood.dataSent(bytes, isWhole: isWhole)
        for _ in 0..<updates {
            let paid = flood.countWindowUpdate(now: 0, limits: limits)
            #expect(paid)
        }
        let counted = flood.countWindowUpdate(now: 0, limits: limits)
        #expect(!counted)
    }

    @Test func aWindowOpenedByteByByteIsCounted() {
        var flood = HTTP2FloodGuard()
        var limits = Self.limits
        limits.windowUpdates = 100
        var taken = 0
        while taken < 1000, flood.countWindowUpdate(now: 0, limits: limits) {
            flood.dataSent(1, isWhole: false)
            taken += 1
        }
        #expect(taken == 100)
    }

    @Test func answeredRequestsPayForResets() {
        var flood = HTTP2FloodGuard()
        for _ in 0..<100 {
            flood.requestAnswered(limits: Self.limits)
            let answer = flood.countReset(now: 0, limits: Self.limits)
            #expect(answer)
        }
        let counted = (0..<4).map { _ in flood.countReset(now: 0, limits: Self.limits) }
        #expect(counted == [true, true, true, false])
    }

    /// Years of honest work buy no attack.
    @Test func whatIsPaidInAdvanceIsBounded() {
        var flood = HTTP2FloodGuard()
        for _ in 0..<100_000 {
            flood.dataSent(1 << 20, isWhole: true)
            flood.requestAnswered(limits: Self.limits)
        }
        var (pings, updates, resets) = (0, 0, 0)
        while flood.countPing(now: 0, limits: Self.limits) { pings += 1 }
        while flood.countReset(now: 0, limits: Self.limits) { resets += 1 }
        var limits = Self.limits
        limits.windowUpdates = 0
        while flood.countWindowUpdate(now: 0, limits: limits) { updates += 1 }
        #expect(pings == 1005)
        #expect(resets == 6)
        #expect(updates == 65_536)
    }
}
