/// A JSON text that was read: its bytes, and a flat tape of what stands where.
///
/// A value is named by its index on the tape, the root by 0. Numbers and the order of keys stay as
/// they were written. Owned by whoever reads it, and used again for the next text without giving
/// its memory back; bounded by the limits of its `JSONParser`.
package struct JSONDocument: Sendable {
    /// The text.
    package internal(set) var bytes: ContiguousArray<UInt8> = []
    var nodes: ContiguousArray<Node> = []
    /// Strings with escapes, decoded: four bytes of length and the bytes.
    var decoded: ContiguousArray<UInt8> = []
    /// Whether some object holds a key twice, which only a reader that allows it makes.
    package internal(set) var hasDuplicateKeys = false

    package init() {}

    /// Reads a text at once; a reader that is used again is `JSONParser`.
    package init(_ text: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var parser = JSONParser(limits: limits)
        // A member of an object takes two places, and seldom less than a dozen bytes.
        self.nodes.reserveCapacity(min(text.count / 6, 256) + 2)
        try parser.read(text, isLast: true, into: &self)
    }

    /// Values and keys on the tape; 0 until a text was read.
    package var nodeCount: Int { self.nodes.count }

    package mutating func removeAll() {
        self.bytes.removeAll(keepingCapacity: true)
        self.nodes.removeAll(keepingCapacity: true)
        self.decoded.removeAll(keepingCapacity: true)
        self.hasDuplicateKeys = false
    }

    /// Gives memory back that is more than a usual text needs.
    ///
    /// - `bytesMax`: what the text may keep; the tape keeps as much.
    package mutating func shrink(to bytesMax: Int) {
        if self.bytes.capacity > bytesMax { self.bytes = [] }
        if self.nodes.capacity > bytesMax / MemoryLayout<Node>.stride { self.nodes = [] }
        if self.decoded.capacity > bytesMax { self.decoded = [] }
        self.removeAll()
    }

    // MARK: - One value

    package func kind(_ node: Int) -> JSONKind { self.nodes[node].kind }
    package func isKey(_ node: Int) -> Bool { self.nodes[node].isKey }

    /// How many values an array or object holds; 0 for others.
    package func count(_ node: Int) -> Int {
        let entry = self.nodes[node]
        return entry.kind.isContainer ? Int(entry.number) : 0
    }

    /// The index behind a value and all that it holds: its next neighbour, if there is one.
    package func end(of node: Int) -> Int {
        let entry = self.nodes[node]
        return entry.kind.isContainer ? Int(entry.link) : node &+ 1
    }

    /// What a string or a key says, in UTF-8, without quotes and escapes.
    @_lifetime(borrow self)
    package func string(_ node: Int) -> Span<UInt8> {
        self.string(self.nodes[node])
    }

    @_lifetime(borrow self)
    func string(_ entry: Node) -> Span<UInt8> {
        if entry.isIntricate, entry.kind == .string {
            return self.decoded.span.extracting(self.decodedRange(Int(entry.link)))
        }
        return self.bytes.span.extracting(entry.textRange)
    }

    /// The bytes of a value as written, quotes included.
    @_lifetime(borrow self)
    package func text(_ node: Int) -> Span<UInt8> {
        self.bytes.span.extracting(self.textRange(node))
    }

    /// Where the bytes of a value stand in `bytes`, quotes included.
    package func textRange(_ node: Int) -> Range<Int> {
        let entry = self.nodes[node]
        let range = entry.textRange
        return entry.kind == .string ? range.lowerBound &- 1..<range.upperBound &+ 1 : range
    }

    /// The value of a number.
    @_lifetime(borrow self)
    package func number(_ node: Int) -> JSONNumber {
        JSONNumber(self.bytes.span.extracting(self.nodes[node].textRange))
    }

    func keyHash(_ node: Int) -> UInt32 { self.nodes[node].number }

    /// Writes down what a string with escapes says.
    mutating func decode(_ node: inout Node) {
        // Out of the document for the while, as its bytes are borrowed.
        var decoded: ContiguousArray<UInt8> = []
        swap(&decoded, &self.decoded)
        let start = decoded.count
        node.link = UInt32(truncatingIfNeeded: start)
        for _ in 0..<4 { decoded.append(0) }
        JSONEscape.appendDecoded(self.bytes.span, node.textRange, to: &decoded)
        let count = decoded.count &- start &- 4
        for step in 0..<4 {
            decoded[start &+ step] = UInt8(truncatingIfNeeded: count &>> (8 &* step))
        }
        swap(&decoded, &self.decoded)
    }

    private func decodedRange(_ start: Int) -> Range<Int> {
        var count = 0
        for step in 0..<4 { count |= Int(self.decoded[start &+ step]) &<< (8 &* step) }
        return start &+ 4..<start &+ 4 &+ count
    }
}
