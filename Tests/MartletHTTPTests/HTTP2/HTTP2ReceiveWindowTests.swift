import MartletHTTP
import Testing

@Suite struct HTTP2ReceiveWindowTests {
    @Test func creditIsToldOnceHalfOfTheWindowHasBeenPassedOn() {
        var window = HTTP2ReceiveWindow(size: 100)
        let answer0 = window.received(60)
        #expect(answer0)
        let answer1 = window.consumed(20)
        #expect(answer1 == 0)
        let answer2 = window.consumed(29)
        #expect(answer2 == 0)
        #expect(window.available == 40)
        let answer3 = window.consumed(1)
        #expect(answer3 == 50)
        #expect(window.available == 90)
    }

    @Test func aPeerThatSendsTooMuchIsSeen() {
        var window = HTTP2ReceiveWindow(size: 100)
        let answer4 = window.received(100)
        #expect(answer4)
        let answer5 = window.received(1)
        #expect(!answer5)
        let answer6 = window.received(0)
        #expect(answer6)
        #expect(window.available == 0)
    }

    @Test func neverMoreThanTheSizeIsUnderWay() {
        var window = HTTP2ReceiveWindow(size: 65_535)
        var held = 0
        for step in 1...10_000 {
            let count = min(window.available, step * 37 % 16_384)
            let answer7 = window.received(count)
            #expect(answer7)
            held += count
            #expect(held <= 65_535)
            let passedOn = held * (step % 3) / 2
            _ = window.consumed(min(held, passedOn))
            held -= min(held, passedOn)
        }
    }

    @Test func aSendWindowMayGrowToItsLimitAndNoFurther() {
        var window = HTTP2SendWindow(size: 65_535)
        let answer8 = window.grew(by: 0x7fff_ffff - 65_535)
        #expect(answer8)
        let answer9 = window.grew(by: 1)
        #expect(!answer9)
        window.sent(10)
        let answer10 = window.grew(by: 10)
        #expect(answer10)
        window.sent(0x7fff_ffff)
        #expect(window.available == 0)
        // SETTINGS with a smaller initial window.
        let answer11 = window.grew(by: -100)
        #expect(answer11)
        #expect(window.available == -100)
    }

    /// - `silly`: whether what is left after `sent` and an increment is kept for a larger frame.
    @Test(arguments: [
        // The last bytes of a window are sent: more comes when they have been taken.
        (65_535, 65_000, 0, false),
        // A frame of 100 bytes brings 100 back; behind them, more is on its way.
        (65_535, 65_535, 100, true), (65_535, 65_535, 1023, true), (65_535, 65_535, 1024, false),
        (65_535, 64_000, 1, false), (16_384, 16_384, 1, true),
        // SETTINGS have made it small for good.
        (65_535, 10, -65_500, false),
        // Small windows are kept to, byte by byte.
        (1, 1, 1, false), (1000, 1000, 10, false), (16_383, 16_383, 1, false),
    ])
    func sillyWindows(size: Int, sent: Int, increment: Int, silly: Bool) {
        var window = HTTP2SendWindow(size: size)
        #expect(!window.isSilly)
        window.sent(sent)
        if increment != 0 {
            let hasGrown = window.grew(by: increment)
            #expect(hasGrown)
        }
        #expect(window.isSilly == silly)
    }
}
