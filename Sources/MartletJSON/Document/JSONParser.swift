/// Reads a JSON text into a `JSONDocument`, at once or piece by piece as it arrives.
///
/// Owned by a worker and used again. Refuses what its `JSONLimits` do not allow as soon as that
/// shows, so that a hostile text is not held until its end.
package struct JSONParser: Sendable {
    private var scanner: JSONScanner
    /// The innermost open container, or -1.
    private var openNode = -1
    /// One bit a hash for the keys of the innermost open container, so that most keys need no look
    /// at the others to be known as new; and those of the ones around it.
    private var keyFilter: UInt64 = 0
    private var outerKeyFilters: ContiguousArray<UInt64> = []
    private var hasBegun = false

    /// Up to so many keys a new one is compared with each; more are sorted when the object ends.
    private static let comparedKeysMax = 32

    package init(limits: JSONLimits = JSONLimits()) {
        self.scanner = JSONScanner(limits: limits)
    }

    /// Takes a piece of the text.
    ///
    /// The first one after a last one or a failure begins a new text.
    ///
    /// - `isLast`: whether the text ends with this piece; then `document` is complete.
    package mutating func read(
        _ piece: Span<UInt8>, isLast: Bool, into document: inout JSONDocument
    ) throws(JSONError) {
        if !self.hasBegun { self.begin(&document) }
        let room = self.scanner.limits.bytesMax &+ 1 &- document.bytes.count
        document.bytes.append(piece.extracting(first: max(0, room)))
        self.hasBegun = !isLast
        if let error = self.takeTokens(isLast: isLast, into: &document) {
            self.hasBegun = false
            document.removeAll()
            throw error
        }
    }

    private mutating func begin(_ document: inout JSONDocument) {
        document.removeAll()
        self.scanner.reset()
        self.openNode = -1
        self.keyFilter = 0
        self.outerKeyFilters.removeAll(keepingCapacity: true)
    }

    private mutating func takeTokens(
        isLast: Bool, into document: inout JSONDocument
    ) -> JSONError? {
        while true {
            let token = self.scanner.next(document.bytes.span, isComplete: isLast)
            switch token.kind {
            case .key:
                if let error = self.appendKey(token, to: &document) { return error }
            case .string: self.append(.string, token, to: &document)
            case .number: self.append(.number, token, to: &document)
            case .true: self.append(.true, token, to: &document)
            case .false: self.append(.false, token, to: &document)
            case .null: self.append(.null, token, to: &document)
            case .beginObject: self.open(.object, token, in: &document)
            case .beginArray: self.open(.array, token, in: &document)
            case .endObject, .endArray:
                if let error = self.close(token, in: &document) { return error }
            case .end, .needsMore: return nil
            case .failed: return self.scanner.error
            }
        }
    }

    // MARK: - Values

    @inline(__always)
    private mutating func append(
        _ kind: JSONKind, _ token: JSONToken, to document: inout JSONDocument
    ) {
        var node = JSONDocument.Node(
            kind, offset: token.offset, byteCount: token.count, isIntricate: token.isIntricate)
        if kind == .string, token.isIntricate { document.decode(&node) }
        document.nodes.append(node)
    }

    private mutating func open(
        _ kind: JSONKind, _ token: JSONToken, in document: inout JSONDocument
    ) {
        self.append(kind, token, to: &document)
        let index = document.nodes.count &- 1
        document.nodes[index].link = UInt32(bitPattern: Int32(truncatingIfNeeded: self.openNode))
        self.openNode = index
        self.outerKeyFilters.append(self.keyFilter)
        self.keyFilter = 0
    }

    private mutating func close(
        _ token: JSONToken, in document: inout JSONDocument
    ) -> JSONError? {
        let index = self.openNode
        var node = document.nodes[index]
        self.openNode = Int(Int32(bitPattern: node.link))
        node.byteCount = UInt32(truncatingIfNeeded: token.offset &+ 1) &- node.offset
        node.link = UInt32(truncatingIfNeeded: document.nodes.count)
        node.number = UInt32(truncatingIfNeeded: token.count)
        document.nodes[index] = node
        self.keyFilter = self.outerKeyFilters.removeLast()
        guard node.kind == .object, token.count > Self.comparedKeysMax else { return nil }
        var order = JSONDocument.MemberOrder()
        order.sort(document, index)
        if let twin = order.firstDuplicate(in: document) {
            return self.duplicate(twin, in: &document)
        }
        return nil
    }

    // MARK: - Keys

    private mutating func appendKey(
        _ token: JSONToken, to document: inout JSONDocument
    ) -> JSONError? {
        var node = JSONDocument.Node(
            .string, offset: token.offset, byteCount: token.count,
            isIntricate: token.isIntricate, isKey: true)
        if token.isIntricate { document.decode(&node) }
        let hash = JSONHash.key(document.string(node))
        node.number = hash
        document.nodes.append(node)
        let filter = self.keyFilter
        let bit: UInt64 = 1 &<< UInt64(hash & 63)
        self.keyFilter = filter | bit
        guard filter & bit != 0, self.scanner.separatorCount < Self.comparedKeysMax else {
            return nil
        }
        let index = document.nodes.count &- 1
        var child = self.openNode &+ 1
        while child < index {
            if document.keyHash(child) == hash,
                document.string(child).holdsSameBytes(as: document.string(index))
            {
                return self.duplicate(index, in: &document)
            }
            child = document.end(of: child &+ 1)
        }
        return nil
    }

    private func duplicate(_ key: Int, in document: inout JSONDocument) -> JSONError? {
        document.hasDuplicateKeys = true
        if self.scanner.limits.allowsDuplicateKeys { return nil }
        return JSONError(.duplicateKey, at: Int(document.nodes[key].offset))
    }
}

extension ContiguousArray<UInt8> {
    /// Appends bytes that are borrowed.
    package mutating func append(_ span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe self.append(contentsOf: $0) }
    }
}
