import MartletInspection
import Testing

@Suite struct InspectionRuleTests {
    @Test func setsHoldEveryRule() {
        for rule in InspectionRule.allCases {
            var set = RuleSet(rule)
            #expect(set.contains(rule) && !set.isEmpty)
            for other in InspectionRule.allCases where other != rule {
                #expect(!set.contains(other))
            }
            #expect(set.popFirst() == rule)
            #expect(set.popFirst() == nil && set.isEmpty)
        }
    }

    @Test func setsAddAndTakeAway() {
        var all = RuleSet(level: .strict)
        let standard = RuleSet(level: .standard)
        var both = all
        both.formIntersection(standard)
        #expect(both == standard)
        all.subtract(standard)
        #expect(all.contains(.sqlWord) && !all.contains(.sqlUnion))
        all.formUnion(standard)
        #expect(all == RuleSet(level: .strict))
    }
}
