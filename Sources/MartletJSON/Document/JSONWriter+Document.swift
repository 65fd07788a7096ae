/// Whole values in another form than they were written in.
///
/// Recursion is bounded by `JSONLimits.depthHard`.
extension JSONWriter {
    /// A value without white space; keys, texts and numbers stay as they were written.
    package mutating func compact(_ node: Int, of document: JSONDocument) {
        let end = document.end(of: node)
        switch document.kind(node) {
        case .array:
            self.beginArray()
            var child = node &+ 1
            while child < end {
                self.compact(child, of: document)
                child = document.end(of: child)
            }
            self.endArray()
        case .object:
            self.beginObject()
            var key = node &+ 1
            while key < end {
                self.key(key, of: document)
                self.compact(key &+ 1, of: document)
                key = document.end(of: key &+ 1)
            }
            self.endObject()
        default: self.value(node, of: document)
        }
    }

    /// A value in the one form that all equal values share: RFC 8785, but numbers keep all digits.
    ///
    /// Keys are sorted by UTF-16 code units (§3.2.3). An object that holds a key twice keeps both,
    /// in their order.
    package mutating func canonical(_ node: Int, of document: JSONDocument) {
        let end = document.end(of: node)
        switch document.kind(node) {
        case .null: self.null()
        case .false: self.boolean(false)
        case .true: self.boolean(true)
        case .string: self.string(document.string(node))
        case .number: self.canonicalNumber(document.number(node))
        case .array:
            self.beginArray()
            var child = node &+ 1
            while child < end {
                self.canonical(child, of: document)
                child = document.end(of: child)
            }
            self.endArray()
        case .object:
            var keys: ContiguousArray<Int> = []
            var key = node &+ 1
            while key < end {
                keys.append(key)
                key = document.end(of: key &+ 1)
            }
            keys.sort { left, right in
                let order = Self.order(document.string(left), document.string(right))
                return order < 0 || order == 0 && left < right
            }
            self.beginObject()
            for key in keys {
                self.key(document.string(key))
                self.canonical(key &+ 1, of: document)
            }
            self.endObject()
        }
    }

    /// The order by UTF-16 code units, of UTF-8: the same as by bytes, but for U+E000 to U+FFFF
    /// (0xEE and 0xEF), which come behind the surrogates that stand for what 0xF0 and up begin.
    private static func order(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
        func rank(_ byte: UInt8) -> Int { byte | 1 == 0xef ? Int(byte) &+ 0x10 : Int(byte) }
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            return rank(left[index]) &- rank(right[index])
        }
        return left.count &- right.count
    }
}
