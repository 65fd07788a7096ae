/// One token of a JSON text: its kind, and where it stands in the bytes.
package struct JSONToken: BitwiseCopyable, Sendable {
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
        case beginObject, endObject, beginArray, endArray
        case key, string, number, `true`, `false`, null
        /// The text is complete.
        case end
        /// All bytes are used up to the beginning of a token that is not complete.
        case needsMore
        /// See `JSONScanner.error`.
        case failed
    }

    package let kind: Kind
    /// Of a string or key: whether it holds an escape.
    ///
    /// Of a number: whether it has a fraction or an exponent. Else false.
    package let isIntricate: Bool
    /// The first byte; of a string or key, the one behind its quote.
    package let offset: Int
    /// Bytes; of a string or key, those between its quotes.
    ///
    /// Of an end, how many values were held.
    package let count: Int
}
