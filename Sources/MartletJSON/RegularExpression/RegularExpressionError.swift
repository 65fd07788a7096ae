/// Why a pattern is not taken, and where that showed.
package struct RegularExpressionError: Error, Equatable, Sendable {
    package enum Reason: Sendable, CaseIterable {
        case notUTF8, nothingToRepeat, unclosedGroup, unopenedGroup, unclosedClass
        case rangeOutOfOrder, rangeOfClass, invalidQuantifier, quantifierOutOfOrder
        case invalidEscape, unknownProperty, invalidGroup, invalidGroupName, repeatedGroupName
        case unknownGroup, unescapedBracket
        /// Good ECMA-262, and not taken here.
        case backReference, lookAround
        case patternTooLong, tooDeep, tooLarge
    }

    package let reason: Reason
    /// Characters of the pattern before the place.
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// Whether the pattern may be good ECMA-262 all the same.
    package var isOurs: Bool {
        switch self.reason {
        case .backReference, .lookAround, .patternTooLong, .tooDeep, .tooLarge: true
        default: false
        }
    }

    /// What is wrong and how to mend it.
    package var sentence: StaticString {
        switch self.reason {
        case .notUTF8: "The pattern is not UTF-8."
        case .nothingToRepeat:
            "There is nothing to repeat here; write \\*, \\+ or \\? for the character."
        case .unclosedGroup: "A group is not closed; write \\( for the character."
        case .unopenedGroup: "This closes no group; write \\) for the character."
        case .unclosedClass: "A class is not closed; write \\[ for the character."
        case .rangeOutOfOrder: "The range ends before it begins."
        case .rangeOfClass:
            "A range goes from one character to another; write \\- for the character."
        case .invalidQuantifier:
            "This is no count; write {2}, {2,} or {2,5}, or \\{ for the character."
        case .quantifierOutOfOrder: "The larger count stands first."
        case .invalidEscape: "There is no such escape."
        case .unknownProperty:
            "There is no such property here; general categories such as \\p{L} are known."
        case .invalidGroup: "There is no such group; (?:…), (?<name>…) and (…) are known."
        case .invalidGroupName: "This is no name of a group."
        case .repeatedGroupName: "Another group has this name."
        case .unknownGroup: "There is no such group to refer to."
        case .unescapedBracket: "Write \\], \\{ or \\} for the character."
        case .backReference:
            "References to groups are not taken: they cannot be matched in linear time."
        case .lookAround:
            "Look-ahead and look-behind are not taken: say what may stand there instead."
        case .patternTooLong: "The pattern is too long."
        case .tooDeep: "Groups are nested too deeply."
        case .tooLarge:
            "The pattern grows too large; use smaller counts, or classes that exclude each other."
        }
    }
}
