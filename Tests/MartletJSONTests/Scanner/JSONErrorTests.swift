import MartletJSON
import Testing

@Suite struct JSONErrorTests {
    @Test func eachReasonHasASentenceOfItsOwn() {
        let sentences = JSONError.Reason.allCases.map { "\(JSONError($0, at: 0).sentence)" }
        #expect(Set(sentences).count == sentences.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") })
    }

    @Test func tellsLimitsFromFaults() {
        let limits = JSONError.Reason.allCases.filter { JSONError($0, at: 0).isLimit }
        #expect(
            limits == [
                .tooManyBytes, .tooDeep, .tooManyNodes, .stringTooLong, .keyTooLong,
                .numberTooLong, .exponentTooLarge, .tooManyMembers, .tooManyElements,
            ])
    }
}
