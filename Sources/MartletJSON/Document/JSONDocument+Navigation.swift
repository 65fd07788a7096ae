/// Finding values by key, index and pointer.
///
/// The members of an object are walked by hand, without a closure or an iterator:
///
///     var key = document.firstChild(of: object)
///     while key < document.end(of: object) {
///         let value = key + 1
///         key = document.end(of: value)
///     }
extension JSONDocument {
    /// The first value of an array or the first key of an object, if it is not empty.
    package func firstChild(of node: Int) -> Int { node &+ 1 }

    /// The value of a key; of a key that stands twice, the last one's, as most readers have it.
    package func value(of key: Span<UInt8>, in object: Int) -> Int? {
        self.value(of: key, hash: JSONHash.key(key), in: object)
    }

    package func value(of key: StaticString, in object: Int) -> Int? {
        let bytes = unsafe UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        return self.value(of: unsafe bytes.span, in: object)
    }

    /// The same with the key's hash worked out beforehand.
    package func value(of key: Span<UInt8>, hash: UInt32, in object: Int) -> Int? {
        guard self.kind(object) == .object else { return nil }
        let end = self.end(of: object)
        var found: Int?
        var child = object &+ 1
        while child < end {
            let value = child &+ 1
            if self.keyHash(child) == hash, self.string(child).holdsSameBytes(as: key) {
                found = value
                guard self.hasDuplicateKeys else { return found }
            }
            child = self.end(of: value)
        }
        return found
    }

    /// The value at an index of an array.
    package func element(_ index: Int, of array: Int) -> Int? {
        guard self.kind(array) == .array, index >= 0, index < self.count(array) else { return nil }
        var child = array &+ 1
        for _ in 0..<index { child = self.end(of: child) }
        return child
    }

    /// The value a pointer leads to (RFC 6901 §4).
    package func value(at pointer: JSONPointer, from root: Int = 0) -> Int? {
        guard root < self.nodeCount else { return nil }
        var node = root
        for index in pointer.tokens.indices {
            let next: Int?
            switch self.kind(node) {
            case .object:
                let token = pointer.tokens[index]
                next = self.value(of: token.key.span, hash: token.hash, in: node)
            case .array:
                next = pointer.tokens[index].index.flatMap { self.element($0, of: node) }
            default: next = nil
            }
            guard let next else { return nil }
            node = next
        }
        return node
    }

    /// The pointer that leads to a value, for messages: it is searched for from the root.
    package func pointer(to node: Int) -> String {
        var pointer = ""
        var current = 0
        while current < node, self.kind(current).isContainer {
            let isObject = self.kind(current) == .object
            var child = current &+ 1
            var index = 0
            while true {
                let value = isObject ? child &+ 1 : child
                if node < self.end(of: value) {
                    pointer += "/"
                    pointer += isObject ? JSONPointer.escaped(self.string(child)) : "\(index)"
                    if node == child, isObject { return pointer }
                    current = value
                    break
                }
                child = self.end(of: value)
                index &+= 1
                guard child < self.end(of: current) else { return pointer }
            }
        }
        return pointer
    }
}

extension Span where Element == UInt8 {
    /// Whether both hold the same bytes.
    package func holdsSameBytes(as other: Span<UInt8>) -> Bool {
        guard self.count == other.count else { return false }
        let left = unsafe self.bytes
        let right = unsafe other.bytes
        var index = 0
        while left.byteCount &- index >= 8 {
            let word = unsafe left.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let wanted = unsafe right.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard word == wanted else { return false }
            index &+= 8
        }
        while index < self.count {
            guard self[index] == other[index] else { return false }
            index &+= 1
        }
        return true
    }

    /// Whether these bytes come before others, byte by byte, a beginning before what it begins.
    func precedes(_ other: Span<UInt8>) -> Bool {
        for index in 0..<Swift.min(self.count, other.count) where self[index] != other[index] {
            return self[index] < other[index]
        }
        return self.count < other.count
    }
}
