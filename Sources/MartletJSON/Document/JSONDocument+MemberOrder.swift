extension JSONDocument {
    /// The keys of one object, sorted: by hash, then by bytes.
    ///
    /// For finding duplicates and for comparing two objects in less than quadratic time, whatever
    /// their keys.
    ///
    /// Scratch memory of whoever compares; bounded by the document's limits.
    struct MemberOrder {
        /// Indices of keys.
        private(set) var keys: ContiguousArray<UInt32> = []

        init() {}

        mutating func sort(_ document: JSONDocument, _ object: Int) {
            self.keys.removeAll(keepingCapacity: true)
            let end = document.end(of: object)
            var child = object &+ 1
            while child < end {
                self.keys.append(UInt32(truncatingIfNeeded: child))
                child = document.end(of: child &+ 1)
            }
            self.keys.sort { left, right in
                let (left, right) = (Int(left), Int(right))
                let (leftHash, rightHash) = (document.keyHash(left), document.keyHash(right))
                if leftHash != rightHash { return leftHash < rightHash }
                let (leftKey, rightKey) = (document.string(left), document.string(right))
                if leftKey.precedes(rightKey) { return true }
                // The order of twins is that of the text.
                return left < right && leftKey.holdsSameBytes(as: rightKey)
            }
        }

        /// The second of two equal keys, if there are such.
        func firstDuplicate(in document: JSONDocument) -> Int? {
            for index in self.keys.indices.dropFirst() {
                let (left, right) = (Int(self.keys[index &- 1]), Int(self.keys[index]))
                if document.keyHash(left) == document.keyHash(right),
                    document.string(left).holdsSameBytes(as: document.string(right))
                {
                    return right
                }
            }
            return nil
        }
    }
}
