import MartletAlgorithms
import Testing

@Suite struct LimitDecisionTests {
    static func standing(_ isAllowed: Bool, _ remaining: UInt64, _ seconds: UInt64) -> LimitStanding
    {
        LimitStanding(
            isAllowed: isAllowed, remaining: remaining, reset: seconds * 1_000_000_000)
    }

    @Test func oneWindowWithoutRoomIsEnoughToTurnAway() {
        var decision = LimitDecision(count: 3)
        #expect(decision.isAllowed)
        decision[0] = Self.standing(true, 5, 86_400)
        #expect(decision.isAllowed)
        decision[1] = Self.standing(false, 0, 7)
        #expect(!decision.isAllowed)
        decision[2] = Self.standing(false, 0, 30)
        #expect(!decision.isAllowed)
        #expect(decision.retryAfterSeconds == 30, "the longest of those without room")
        #expect(decision[0].remaining == 5)
    }

    @Test func aClientIsNeverToldToComeBackAtOnce() {
        var decision = LimitDecision(count: 1)
        decision[0] = Self.standing(false, 0, 0)
        #expect(decision.retryAfterSeconds == 1)
    }

    @Test func theLeastIsTheOneWithTheLeastLeft() {
        var decision = LimitDecision(count: 9)
        #expect(decision.count == LimitDecision.windowCountMax)
        decision[0] = Self.standing(true, 9, 0)
        decision[1] = Self.standing(true, 3, 0)
        decision[2] = Self.standing(true, 3, 0)
        #expect(decision.least(of: 0b1111) == 1)
        #expect(decision.least(of: 0b1101) == 2)
        #expect(decision.least(of: 0b1000) == 3)
        #expect(decision.least(of: 0) == nil)
    }
}
