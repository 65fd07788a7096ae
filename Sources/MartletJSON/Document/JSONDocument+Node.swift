extension JSONDocument {
    /// One entry of a document's tape: a value or a key, in 16 bytes.
    ///
    /// A value that holds others is followed by them; a key is followed by its value.
    struct Node: BitwiseCopyable, Sendable {
        /// The first byte in the document's text; of a string or key the one behind its quote.
        var offset: UInt32
        /// Bytes in the text; of a string or key those between its quotes.
        var byteCount: UInt32
        /// Of a container, the tape's index behind its last value; while it is open, the index of
        /// the one around it.
        ///
        /// Of a string with escapes, where it stands decoded.
        var link: UInt32
        /// Kind in the lowest four bits, then flags, then 24 bits: of a container how many values
        /// it holds, of a key its hash.
        private var packed: UInt32

        private static let keyBit: UInt32 = 1 << 4
        private static let intricateBit: UInt32 = 1 << 5

        init(_ kind: JSONKind, offset: Int, byteCount: Int, isIntricate: Bool, isKey: Bool = false)
        {
            self.offset = UInt32(truncatingIfNeeded: offset)
            self.byteCount = UInt32(truncatingIfNeeded: byteCount)
            self.link = 0
            self.packed =
                UInt32(kind.rawValue) | (isIntricate ? Self.intricateBit : 0)
                | (isKey ? Self.keyBit : 0)
        }

        var kind: JSONKind { JSONKind(rawValue: UInt8(self.packed & 15)) ?? .null }
        var isKey: Bool { self.packed & Self.keyBit != 0 }
        /// Of a string: whether it has escapes.
        ///
        /// Of a number: whether it has a fraction or an exponent.
        var isIntricate: Bool { self.packed & Self.intricateBit != 0 }

        /// The 24 bits: how many values, or a key's hash.
        var number: UInt32 {
            get { self.packed &>> 8 }
            set { self.packed = self.packed & 0xff | newValue &<< 8 }
        }

        var textRange: Range<Int> { Int(self.offset)..<Int(self.offset) &+ Int(self.byteCount) }
    }
}
