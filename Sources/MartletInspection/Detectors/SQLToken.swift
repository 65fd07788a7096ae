/// One token of SQL, whatever the dialect.
struct SQLToken: BitwiseCopyable, Sendable {
    enum Kind: UInt8, Sendable {
        case word
        case number
        /// Closed by its quote.
        case string
        /// A string that ends with the text.
        case openString
        /// A name in backticks or brackets.
        case quotedName
        /// `= <> < > <= >= != <=>`, JSON operators, `~`.
        case comparison
        /// `+ - * / % ^`
        case arithmetic
        /// `||` and `&&`, which are OR and AND, or join texts.
        case doubleOperator
        case cast
        case comma
        case semicolon
        case open
        case close
        case dot
        /// `@x`, `@@x`, `:x`
        case variable
        /// `--` or `#` to the end of the line.
        case comment
        case other
    }

    var kind: Kind
    var word: SQLWord
    var start: UInt32
    var end: UInt32
    /// Whether a comment stood before it.
    var afterComment: Bool
    /// The first byte of an operator or of an `other`, 0 else.
    var sign: UInt8 = 0

    var range: Range<Int> { Int(self.start)..<Int(self.end) }
}
