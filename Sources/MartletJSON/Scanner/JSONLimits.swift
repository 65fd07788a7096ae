/// What a JSON text may cost its reader.
///
/// Each is checked while bytes are read, so that a hostile text is refused as soon as it shows.
///
/// Values above the `…Hard` constants, which are what the tape can count, are lowered to them.
package struct JSONLimits: Sendable, Equatable {
    /// Bytes of the whole text, white space included.
    package var bytesMax = 1 << 20
    /// Arrays and objects open at once; at most 1000.
    package var depthMax = 64
    /// Values and keys of the whole text.
    package var nodeCountMax = 200_000
    /// Bytes of a text between its quotes, as written.
    package var stringBytesMax = 1 << 20
    /// Bytes of a key between its quotes, as written.
    package var keyBytesMax = 1024
    /// Bytes of a number.
    ///
    /// Its exponent has at most nine digits besides leading zeros.
    package var numberBytesMax = 256
    /// Keys of one object.
    package var memberCountMax = 10_000
    /// Values of one array.
    package var elementCountMax = 100_000
    /// Whether an object may hold a key twice.
    ///
    /// RFC 8259 §4 leaves to each reader which of the two counts, so that a check here and the
    /// upstream can see two different bodies: refused unless somebody asks for it.
    package var allowsDuplicateKeys = false

    package init() {}

    static let bytesHard = 1 << 30
    /// Whatever walks a document by recursion relies on it.
    static let depthHard = 1000
    static let countHard = 1 << 24 - 1

    /// These limits, each within what the tape can count.
    var clamped: JSONLimits {
        var limits = self
        limits.bytesMax = max(0, min(self.bytesMax, Self.bytesHard))
        limits.depthMax = max(0, min(self.depthMax, Self.depthHard))
        limits.nodeCountMax = max(0, min(self.nodeCountMax, Self.bytesHard))
        limits.memberCountMax = max(1, min(self.memberCountMax, Self.countHard))
        limits.elementCountMax = max(1, min(self.elementCountMax, Self.countHard))
        limits.numberBytesMax = max(0, min(self.numberBytesMax, 1 << 16))
        return limits
    }
}
