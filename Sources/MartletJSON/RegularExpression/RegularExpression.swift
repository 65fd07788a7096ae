/// A regular expression in the dialect of ECMA-262 as JSON Schema needs it, matched in linear time
/// whatever the text is.
///
/// No references to groups and no looking around, which have no such bound: a pattern with them is
/// refused when it is compiled (ADR 13). Immutable, shared by all workers. It says whether there is
/// a match somewhere in the text; `^` and `$` tie it to both ends.
package struct RegularExpression: Sendable {
    /// What a pattern may grow to.
    package struct Limits: Sendable {
        /// Bytes of the pattern.
        package var patternBytesMax = 4096
        /// Steps of the program, repeated parts counted as often as they may stand.
        package var programCountMax = 20_000
        /// Bytes of its table.
        package var tableBytesMax = 128 << 10
        /// Steps of a program that is run because its table would be larger: each may be taken for
        /// each character of the text.
        package var slowProgramCountMax = 1000

        package init() {}
    }

    package let pattern: String
    private let classes: Classes
    private let table: Table?
    private let program: Program
    /// Of each set of the program, which classes are in it; none if there is a table.
    private let membership: [[Bool]]
    private let isWord: [Bool]

    package init(
        _ pattern: String, limits: Limits = Limits()
    ) throws(RegularExpressionError) {
        let bytes = ContiguousArray(pattern.utf8)
        guard bytes.count <= limits.patternBytesMax else {
            throw RegularExpressionError(.patternTooLong, at: 0)
        }
        var parser = try Parser(bytes.span)
        let program = try Program(
            try parser.parse(), countMax: limits.programCountMax)
        let sets = program.sets + (program.assertsWords ? [.word] : [])
        guard let classes = Classes(sets) else {
            throw RegularExpressionError(.tooLarge, at: 0)
        }
        let membership = program.sets.map { classes.membership(of: $0) }
        self.pattern = pattern
        self.classes = classes
        self.program = program
        self.table = Table(
            program, classes, membership,
            budget: .init(bytesMax: limits.tableBytesMax, stepsMax: 500_000))
        guard self.table != nil || program.instructions.count <= limits.slowProgramCountMax else {
            throw RegularExpressionError(.tooLarge, at: 0)
        }
        self.membership = self.table == nil ? membership : []
        self.isWord = self.table == nil ? classes.membership(of: .word) : []
    }

    /// Whether a match costs one look at a table for each character.
    package var hasTable: Bool { self.table != nil }

    /// Whether there is a match in the text.
    ///
    /// Bytes that are no UTF-8 are matched by nothing, not even by `.`.
    package func matches(
        _ text: Span<UInt8>, using matcher: inout RegularExpressionMatcher
    ) -> Bool {
        if let table = self.table { return table.matches(text, self.classes) }
        return matcher.matches(text, self.program, self.classes, self.membership, self.isWord)
    }

    /// Why a pattern is none of ECMA-262's, or of those that are taken here; `nil` if it is good.
    ///
    /// Nothing is compiled, and the pattern may come from a stranger.
    package static func syntaxError(
        _ pattern: Span<UInt8>, bytesMax: Int = 4096
    ) -> RegularExpressionError? {
        guard pattern.count <= bytesMax else {
            return RegularExpressionError(.patternTooLong, at: 0)
        }
        do throws(RegularExpressionError) {
            var parser = try Parser(pattern, makesSets: false)
            _ = try parser.parse()
            return nil
        } catch {
            return error
        }
    }
}
