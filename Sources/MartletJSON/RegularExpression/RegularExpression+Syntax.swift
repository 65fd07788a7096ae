extension RegularExpression {
    /// What a pattern says, as a tree.
    ///
    /// Made when it is compiled, and then dropped.
    ///
    /// Whether a quantifier is greedy is not kept: it changes what is found first, never whether
    /// something is.
    indirect enum Syntax: Sendable {
        enum Assertion: Sendable {
            case start, end, wordBoundary, notWordBoundary
        }

        /// One character of a set.
        case set(ScalarSet)
        case assertion(Assertion)
        case sequence([Syntax])
        case alternatives([Syntax])
        case repeated(Syntax, least: Int, most: Int?)

        static let empty = Syntax.sequence([])

        /// Whether it can match nowhere but at the beginning of a text.
        var isAnchored: Bool {
            switch self {
            case .set: false
            case .assertion(let assertion): assertion == .start
            case .sequence(let parts):
                // What stands before the anchor matches nothing there, so it does not matter.
                parts.contains { $0.isAnchored }
            case .alternatives(let parts): parts.allSatisfy { $0.isAnchored }
            case .repeated(let part, let least, _): least > 0 && part.isAnchored
            }
        }
    }
}
