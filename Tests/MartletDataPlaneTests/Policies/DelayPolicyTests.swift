import MartletDataPlane
import Testing

@Suite struct DelayPolicyTests {
    /// The clock counts in ticks of 50 ms; a wait is never shorter than what is written.
    @Test(arguments: [(1, 1), (50, 1), (51, 2), (300, 6), (60_000, 1200)])
    func aDelayIsRoundedUp(milliseconds: Int, ticks: UInt64) {
        let wait = DelayPolicy(.milliseconds(milliseconds)).wait
        #expect(wait.ticks == ticks)
        #expect(wait.late == .goOn)
        #expect(wait.continuation == .nextStep)
    }
}
