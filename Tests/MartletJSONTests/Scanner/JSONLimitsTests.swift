import MartletJSON
import Testing

@Suite struct JSONLimitsTests {
    /// Numbers that the tape cannot count, or that make no sense, are no way round a limit.
    @Test(arguments: [Int.min, -1, 0, .max])
    func extremesNeitherTrapNorOpenAWay(value: Int) throws {
        var limits = JSONLimits()
        limits.bytesMax = value
        limits.depthMax = value
        limits.nodeCountMax = value
        limits.memberCountMax = value
        limits.elementCountMax = value
        limits.stringBytesMax = value
        limits.keyBytesMax = value
        limits.numberBytesMax = value
        let deep = Array(String(repeating: "[", count: 2000).utf8)
        #expect(throws: JSONError.self) { try JSONDocument(deep.span, limits: limits) }
        let text = Array("[1]".utf8)
        #expect((try? JSONDocument(text.span, limits: limits)) != nil || value <= 0)
    }

    @Test func nestingEndsAtAThousandWhateverIsAskedFor() throws {
        var limits = JSONLimits()
        limits.depthMax = .max
        for (depth, isAccepted) in [(1000, true), (1001, false)] {
            let text =
                [UInt8](repeating: UInt8(ascii: "["), count: depth)
                + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
            #expect(((try? JSONDocument(text.span, limits: limits)) != nil) == isAccepted)
        }
    }
}
