import MartletDataPlane
import Testing

@Suite struct WriteWatchTests {
    /// What a watch of 40 ticks says of looks at (tick, unsent, acknowledged).
    private func stalled(_ looks: [(UInt64, Int, UInt64?)]) -> [Bool] {
        var watch = WriteWatch()
        watch.begin(unsentBytes: 1000, at: 100)
        return looks.map { tick, unsent, acknowledged in
            watch.isStalled(
                unsentBytes: unsent, acknowledgedBytes: acknowledged, at: tick, after: 40)
        }
    }

    @Test func whoTakesNothingIsStalledWhenTheTimeIsOver() {
        #expect(WriteWatch.interval(of: 40) == 10)
        #expect(WriteWatch.interval(of: 1) == 1)
        let looks: [(UInt64, Int, UInt64?)] = [
            (110, 1000, nil), (120, 1000, nil), (130, 1000, nil), (140, 1000, nil),
        ]
        #expect(self.stalled(looks) == [false, false, false, true])
    }

    /// How much was acknowledged before the first look is not known.
    @Test func whereAcknowledgementsAreKnownTheTimeBeginsWithTheFirstLook() {
        let looks: [(UInt64, Int, UInt64?)] = [
            (110, 1000, 7), (120, 1000, 7), (140, 1000, 7), (150, 1000, 7),
        ]
        #expect(self.stalled(looks) == [false, false, false, true])
    }

    /// Nothing leaves the channel, as the kernel has much; but the client takes it.
    @Test func acknowledgementsAreProgress() {
        let looks = (1...20).map { (UInt64(100 + 39 * $0), 1000, UInt64?(UInt64($0))) }
        #expect(self.stalled(looks).allSatisfy { !$0 })
    }

    @Test func whatLeavesTheChannelIsProgress() {
        let looks: [(UInt64, Int, UInt64?)] = [
            (139, 999, nil), (178, 0, nil), (300, 0, nil), (339, 5, nil), (341, 5, nil),
        ]
        #expect(self.stalled(looks) == [false, false, false, false, true])
    }
}
