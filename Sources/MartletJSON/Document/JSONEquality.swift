/// Whether two values are the same: numbers by value, strings by what they say, objects whatever
/// the order of their keys (JSON Schema core §4.2.2).
///
/// Recursion is bounded by `JSONLimits.depthHard`, work by `steps`.
package struct JSONEquality {
    /// Comparisons left, of values or of eight bytes; below 0 the result means nothing.
    package var steps: Int

    /// Objects of more keys are compared in sorted order.
    private static let searchedKeysMax = 16

    package init(steps: Int = .max) {
        self.steps = steps
    }

    package mutating func isEqual(
        _ left: JSONDocument, _ leftNode: Int, _ right: JSONDocument, _ rightNode: Int
    ) -> Bool {
        self.steps &-= 1
        let kind = left.kind(leftNode)
        guard self.steps >= 0, kind == right.kind(rightNode) else { return false }
        switch kind {
        case .null, .false, .true: return true
        case .number:
            self.steps &-= left.textRange(leftNode).count &>> 3
            return left.number(leftNode) == right.number(rightNode)
        case .string:
            let text = left.string(leftNode)
            self.steps &-= text.count &>> 3
            return text.holdsSameBytes(as: right.string(rightNode))
        case .array: return self.areArraysEqual(left, leftNode, right, rightNode)
        case .object:
            let count = left.count(leftNode)
            guard count == right.count(rightNode) else { return false }
            if count <= Self.searchedKeysMax, !left.hasDuplicateKeys, !right.hasDuplicateKeys {
                return self.areSmallObjectsEqual(left, leftNode, right, rightNode)
            }
            return self.areLargeObjectsEqual(left, leftNode, right, rightNode)
        }
    }

    private mutating func areArraysEqual(
        _ left: JSONDocument, _ leftNode: Int, _ right: JSONDocument, _ rightNode: Int
    ) -> Bool {
        guard left.count(leftNode) == right.count(rightNode) else { return false }
        var (leftChild, rightChild) = (leftNode &+ 1, rightNode &+ 1)
        while leftChild < left.end(of: leftNode) {
            guard self.isEqual(left, leftChild, right, rightChild) else { return false }
            (leftChild, rightChild) = (left.end(of: leftChild), right.end(of: rightChild))
        }
        return true
    }

    /// No key stands twice and there are as many: each of the left one has its own on the right.
    private mutating func areSmallObjectsEqual(
        _ left: JSONDocument, _ leftNode: Int, _ right: JSONDocument, _ rightNode: Int
    ) -> Bool {
        var key = leftNode &+ 1
        while key < left.end(of: leftNode) {
            guard
                let other = right.value(
                    of: left.string(key), hash: left.keyHash(key), in: rightNode),
                self.isEqual(left, key &+ 1, right, other)
            else { return false }
            key = left.end(of: key &+ 1)
        }
        return true
    }

    private mutating func areLargeObjectsEqual(
        _ left: JSONDocument, _ leftNode: Int, _ right: JSONDocument, _ rightNode: Int
    ) -> Bool {
        let count = left.count(leftNode)
        self.steps &-= count &* (Int.bitWidth &- count.leadingZeroBitCount)
        guard self.steps >= 0 else { return false }
        var leftOrder = JSONDocument.MemberOrder()
        var rightOrder = JSONDocument.MemberOrder()
        leftOrder.sort(left, leftNode)
        rightOrder.sort(right, rightNode)
        for index in leftOrder.keys.indices {
            let (leftKey, rightKey) = (Int(leftOrder.keys[index]), Int(rightOrder.keys[index]))
            guard left.keyHash(leftKey) == right.keyHash(rightKey),
                left.string(leftKey).holdsSameBytes(as: right.string(rightKey)),
                self.isEqual(left, leftKey &+ 1, right, rightKey &+ 1)
            else { return false }
        }
        return true
    }
}
