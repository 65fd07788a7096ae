import MartletJSON
import Testing

@Suite struct RegularExpressionErrorTests {
    static let failures: [(String, RegularExpressionError.Reason, Int)] = [
        ("*", .nothingToRepeat, 0), ("a|+", .nothingToRepeat, 2), ("(?)", .invalidGroup, 0),
        ("^*", .nothingToRepeat, 1),
        ("a**", .nothingToRepeat, 2), ("a???", .nothingToRepeat, 3), ("\\b+", .nothingToRepeat, 2),
        ("{2}", .nothingToRepeat, 0),
        ("(", .unclosedGroup, 0), ("a(b(c)", .unclosedGroup, 1), (")", .unopenedGroup, 0),
        ("(a))", .unopenedGroup, 3),
        ("[", .unclosedClass, 0), ("[a", .unclosedClass, 0), ("[a-", .unclosedClass, 0),
        ("^(abc]", .unescapedBracket, 5),
        ("[b-a]", .rangeOutOfOrder, 1), ("[\\d-z]", .rangeOfClass, 1),
        ("[a-\\w]", .rangeOfClass, 1),
        ("a{", .invalidQuantifier, 1), ("a{x}", .invalidQuantifier, 1),
        ("a{,2}", .invalidQuantifier, 1), ("a{2,1}", .quantifierOutOfOrder, 1),
        ("{", .unescapedBracket, 0), ("}", .unescapedBracket, 0), ("]", .unescapedBracket, 0),
        ("\\a", .invalidEscape, 0), ("\\", .invalidEscape, 0), ("\\c1", .invalidEscape, 0),
        ("\\x4", .invalidEscape, 0),
        ("\\u12", .invalidEscape, 0), ("\\u{110000}", .invalidEscape, 0),
        ("\\u{}", .invalidEscape, 0), ("\\00", .invalidEscape, 0),
        ("\\ä", .invalidEscape, 0), ("\\-\\e", .invalidEscape, 2), ("[\\B]", .invalidEscape, 1),
        ("[\\1]", .invalidEscape, 1), ("\\ ", .invalidEscape, 0),
        ("\\p", .invalidEscape, 0), ("\\p{", .invalidEscape, 0), ("\\p{Foo}", .unknownProperty, 0),
        ("\\p{lu}", .unknownProperty, 0),
        ("\\p{Script=Greek}", .unknownProperty, 0), ("\\p{gc=Foo}", .unknownProperty, 0),
        ("\\p{gc=Any}", .unknownProperty, 0), ("\\p{}", .unknownProperty, 0),
        ("(?P<name>x)", .invalidGroup, 0), ("(?i)abc", .invalidGroup, 0),
        ("(?#x)a", .invalidGroup, 0), ("(?>a)", .invalidGroup, 0),
        ("(?<>a)", .invalidGroupName, 3), ("(?<1a>a)", .invalidGroupName, 3),
        ("(?<a", .invalidGroupName, 3), ("(?<a b>c)", .invalidGroupName, 4),
        ("(?<a>x)(?<a>y)", .repeatedGroupName, 7), ("\\1", .unknownGroup, 0),
        ("(a)\\2", .unknownGroup, 3), ("\\k<a>", .unknownGroup, 0), ("\\k", .invalidEscape, 0),
        // Good ECMA-262, refused here.
        ("(a)\\1", .backReference, 3), ("(?<n>a)\\k<n>", .backReference, 7),
        ("(?=a)b", .lookAround, 0), ("a(?!b)", .lookAround, 1),
        ("(?<=a+)b", .lookAround, 0), ("(?<!a)b", .lookAround, 0), ("\\1(a)", .backReference, 0),
        // What is wrong comes first.
        ("(?=a)(", .unclosedGroup, 5), ("(?=a)*", .nothingToRepeat, 5),
    ]

    @Test(arguments: failures)
    func tellsWhatAndWhere(pattern: String, reason: RegularExpressionError.Reason, offset: Int) {
        let expected = RegularExpressionError(reason, at: offset)
        #expect(throws: expected) { try RegularExpression(pattern) }
        let bytes = Array(pattern.utf8)
        #expect(RegularExpression.syntaxError(bytes.span) == expected)
        #expect(expected.isOurs == [.backReference, .lookAround].contains(reason))
    }

    @Test func eachReasonHasASentenceOfItsOwn() {
        let all = RegularExpressionError.Reason.allCases
        let sentences = Set(all.map { "\(RegularExpressionError($0, at: 0).sentence)" })
        #expect(sentences.count == all.count)
    }

    @Test func hostilePatternsAreRefused() {
        let deep = Array(String(repeating: "(", count: 4000).utf8)
        #expect(RegularExpression.syntaxError(deep.span)?.reason == .tooDeep)
        let long = [UInt8](repeating: 0x61, count: 5000)
        #expect(RegularExpression.syntaxError(long.span)?.reason == .patternTooLong)
        let bad: [UInt8] = [0x61, 0xff]
        #expect(RegularExpression.syntaxError(bad.span) == RegularExpressionError(.notUTF8, at: 1))
    }
}
