import MartletAlgorithms
import Testing

@Suite struct LatencyAverageTests {
    private let decay: UInt64 = 10_000

    @Test func knowsNothingAtFirst() {
        let average = LatencyAverage()
        #expect(!average.isKnown)
        #expect(average.value(now: 5, decay: self.decay) == 0)
    }

    @Test func believesBadNewsAtOnce() {
        var average = LatencyAverage()
        average.observe(nanoseconds: 100, now: 0, decay: self.decay)
        average.observe(nanoseconds: 5000, now: 1, decay: self.decay)
        #expect(average.value(now: 1, decay: self.decay) == 5000)
    }

    @Test func comesDownWithTimeNotWithTheNumberOfSamples() {
        var (often, seldom) = (LatencyAverage(), LatencyAverage())
        often.observe(nanoseconds: 5000, now: 0, decay: self.decay)
        seldom = often
        for step in 1...100 {
            often.observe(nanoseconds: 100, now: UInt64(step) * 100, decay: self.decay)
        }
        for step in 1...4 {
            seldom.observe(nanoseconds: 100, now: UInt64(step) * 2500, decay: self.decay)
        }
        let (first, second) = (
            often.value(now: 10_000, decay: self.decay),
            seldom.value(now: 10_000, decay: self.decay)
        )
        #expect(abs(first - second) < 100, "\(first) and \(second)")
        #expect((1500...2500).contains(first), "about a third of what it was")
    }

    @Test func fadesWithoutSamples() {
        var average = LatencyAverage()
        average.observe(nanoseconds: 1000, now: 0, decay: self.decay)
        var last = Float(1000)
        for step in 1...20 {
            let value = average.value(now: UInt64(step) * 5000, decay: self.decay)
            #expect(value < last)
            last = value
        }
        #expect(last < 10)
    }

    @Test(arguments: [0, 1, .max] as [UInt64])
    func anyTimesAreTaken(now: UInt64) {
        var average = LatencyAverage()
        average.observe(nanoseconds: .max, now: now, decay: 0)
        average.observe(nanoseconds: 0, now: 0, decay: 0)
        average.observe(nanoseconds: 0, now: .max, decay: 1)
        #expect(average.isKnown)
        #expect(average.value(now: .max, decay: 1) >= 0)
    }
}
