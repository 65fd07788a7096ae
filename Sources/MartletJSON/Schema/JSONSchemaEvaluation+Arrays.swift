/// Keywords of arrays, and what is left over of arrays and objects.
extension JSONSchemaEvaluation {
    mutating func arrayHolds(_ call: Call) -> Bool {
        let count = self.document.count(call.node)
        switch call.instruction.keyword {
        case .minItems: return count >= Int(call.instruction.first) || self.fail(call)
        case .maxItems: return count <= Int(call.instruction.first) || self.fail(call)
        default: return count < 2 || self.isUnique(call)
        }
    }

    /// Sorts hashes, so that the time is not quadratic; equal ones are compared, and counted.
    private mutating func isUnique(_ call: Call) -> Bool {
        let count = self.document.count(call.node)
        let comparisons = count &* (Int.bitWidth &- count.leadingZeroBitCount)
        guard self.spend(self.size(of: call.node) &+ comparisons) else { return false }
        self.scratch.hashes.removeAll(keepingCapacity: true)
        var child = self.document.firstChild(of: call.node)
        while child < self.document.end(of: call.node) {
            self.scratch.hashes.append(
                .init(
                    hash: JSONHash.value(self.document, child),
                    node: UInt32(truncatingIfNeeded: child)))
            child = self.document.end(of: child)
        }
        self.scratch.hashes.sort { ($0.hash, $0.node) < ($1.hash, $1.node) }
        for index in self.scratch.hashes.indices.dropFirst() {
            let entry = self.scratch.hashes[index]
            var other = index &- 1
            while other >= 0, self.scratch.hashes[other].hash == entry.hash {
                if self.areEqual(Int(entry.node), Int(self.scratch.hashes[other].node)) {
                    self.report(call.instruction, Int(entry.node))
                    return false
                }
                guard self.stopped == nil else { return false }
                other &-= 1
            }
        }
        return true
    }

    private mutating func areEqual(_ left: Int, _ right: Int) -> Bool {
        var equality = JSONEquality(steps: self.steps)
        let areEqual = equality.isEqual(self.document, left, self.document, right)
        self.steps = equality.steps
        return self.spend(1) && areEqual
    }

    mutating func itemsHold(_ call: Call) -> Bool {
        let rule = self.program.elementRules[Int(call.instruction.first)]
        var holds = true
        var index = 0
        var child = self.document.firstChild(of: call.node)
        let end = self.document.end(of: call.node)
        while child < end, index < Int(rule.prefixCount) || rule.rest != Program.none {
            let isPrefix = index < Int(rule.prefixCount)
            let subschema =
                isPrefix ? self.program.lists[Int(rule.firstPrefix) &+ index] : rule.rest
            guard self.spend(1) else { return false }
            if !self.member(subschema, child, call) {
                holds = false
                if self.isBrief { return false }
            }
            self.mark(index, in: call.frame)
            index &+= 1
            child = self.document.end(of: child)
        }
        return holds
    }

    /// Applies a subschema to a member; that it forbids the member is told by the keyword's name.
    mutating func member(_ subschema: UInt32, _ node: Int, _ call: Call) -> Bool {
        guard subschema != Program.never else {
            self.report(call.instruction, node)
            return false
        }
        return self.evaluate(subschema, node, into: Self.noFrame)
    }

    mutating func containsHolds(_ call: Call) -> Bool {
        let rule = self.program.containsRules[Int(call.instruction.first)]
        var found = 0
        var index = 0
        var child = self.document.firstChild(of: call.node)
        let end = self.document.end(of: call.node)
        self.muted &+= 1
        while child < end {
            guard self.spend(1) else { break }
            if self.evaluate(rule.subschema, child, into: Self.noFrame) {
                found &+= 1
                self.mark(index, in: call.frame)
                if found > Int(rule.countMax) { break }
            }
            index &+= 1
            child = self.document.end(of: child)
        }
        self.muted &-= 1
        guard self.stopped == nil else { return false }
        if found < Int(rule.countMin) { return self.fail(call, detail: 0) }
        return found <= Int(rule.countMax) || self.fail(call, detail: 1)
    }

    // MARK: - What nothing else has looked at

    mutating func unevaluatedHolds(_ call: Call) -> Bool {
        guard call.frame != Self.noFrame else { return true }
        let isObject = self.document.kind(call.node) == .object
        var holds = true
        var index = 0
        var child = self.document.firstChild(of: call.node)
        let end = self.document.end(of: call.node)
        while child < end {
            guard self.spend(1) else { return false }
            let value = isObject ? child &+ 1 : child
            if !self.isMarked(index, in: call.frame) {
                if !self.member(call.instruction.first, value, call) {
                    holds = false
                    if self.isBrief { return false }
                }
                self.mark(index, in: call.frame)
            }
            index &+= 1
            child = self.document.end(of: value)
        }
        return holds
    }
}
