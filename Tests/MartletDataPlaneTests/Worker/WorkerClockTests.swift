import MartletDataPlane
import Testing

@Suite struct WorkerClockTests {
    @Test(arguments: [
        (Duration.zero, UInt64(1)), (.nanoseconds(1), 1), (.milliseconds(50), 1),
        (.milliseconds(51), 2), (.seconds(1), 20), (.seconds(86_400), 1_728_000),
        (.seconds(Int64.max), .max / 4), (.seconds(-5), 1),
    ])
    func ticks(duration: Duration, ticks: UInt64) {
        #expect(WorkerClock.ticks(duration) == ticks)
    }

    @Test func timeNeverGoesBack() {
        var clock = WorkerClock(now: 100_000_000)
        #expect(clock.tick == 2)
        clock.advance(to: 99)
        #expect(clock.now == 100_000_000)
        let wall = clock.wallClock
        clock.advance(to: 150_000_000)
        #expect(clock.tick == 3)
        #expect(clock.wallClock == wall + 50_000_000)
    }
}
