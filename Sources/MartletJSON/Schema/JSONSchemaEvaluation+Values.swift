/// Keywords that look at one value: types, numbers, texts.
extension JSONSchemaEvaluation {
    mutating func hasType(_ call: Call, _ kind: JSONKind) -> Bool {
        let mask = call.instruction.first
        if mask & 1 &<< UInt32(kind.rawValue) != 0 { return true }
        if kind == .number, mask & JSONSchema.ValueType.integerBit != 0,
            self.document.number(call.node).isInteger
        {
            return true
        }
        return self.fail(call)
    }

    mutating func isConstant(_ call: Call) -> Bool {
        if self.isEqual(call.node, toConstant: call.instruction.first) { return true }
        return self.fail(call)
    }

    private mutating func isEqual(_ node: Int, toConstant constant: UInt32) -> Bool {
        var equality = JSONEquality(steps: self.steps)
        let isEqual = equality.isEqual(
            self.document, node, self.program.constants,
            Int(self.program.constantNodes[Int(constant)]))
        self.steps = equality.steps
        return self.spend(0) && isEqual
    }

    mutating func isChosen(_ call: Call) -> Bool {
        guard self.spend(self.size(of: call.node)) else { return false }
        let hash = JSONHash.value(self.document, call.node)
        var low = Int(call.instruction.first)
        let end = low &+ Int(call.instruction.second)
        var high = end
        while low < high {
            let middle = (low &+ high) / 2
            if self.program.choices[middle].hash < hash { low = middle &+ 1 } else { high = middle }
        }
        while low < end, self.program.choices[low].hash == hash {
            if self.isEqual(call.node, toConstant: self.program.choices[low].constant) {
                return true
            }
            low &+= 1
        }
        return self.fail(call)
    }

    /// Steps that a walk through all of a value takes.
    func size(of node: Int) -> Int {
        self.document.end(of: node) &- node &+ self.document.textRange(node).count &>> 3
    }

    // MARK: - Numbers

    mutating func numberHolds(_ call: Call) -> Bool {
        guard self.spend(self.document.textRange(call.node).count &>> 3) else { return false }
        let instruction = call.instruction
        let holds =
            instruction.keyword == .multipleOf
            ? self.isMultiple(call.node, of: self.program.divisors[Int(instruction.first)])
            : self.isWithin(instruction, call.node)
        return holds || self.fail(call)
    }

    private func isMultiple(_ node: Int, of divisor: JSONSchema.Divisor) -> Bool {
        self.document.number(node).isMultiple(
            ofCoefficient: divisor.coefficient, exponent: divisor.exponent)
    }

    private func isWithin(_ instruction: JSONSchema.Instruction, _ node: Int) -> Bool {
        let constant = Int(self.program.constantNodes[Int(instruction.first)])
        let limit = self.program.constants.number(constant)
        let order = self.document.number(node).order(against: limit)
        return switch instruction.keyword {
        case .minimum: order >= 0
        case .exclusiveMinimum: order > 0
        case .maximum: order <= 0
        default: order < 0
        }
    }

    // MARK: - Texts

    mutating func stringHolds(_ call: Call) -> Bool {
        let byteCount = self.document.string(call.node).count
        guard self.spend(byteCount &>> 2) else { return false }
        let operand = call.instruction.first
        let holds: Bool
        switch call.instruction.keyword {
        case .minLength: holds = self.characterCount(call.node) >= Int(operand)
        case .maxLength:
            // No text has more characters than bytes.
            holds = byteCount <= Int(operand) || self.characterCount(call.node) <= Int(operand)
        case .pattern: holds = self.matches(operand, call.node)
        default: holds = JSONFormat(index: operand).matches(self.document.string(call.node))
        }
        return self.stopped == nil && (holds || self.fail(call))
    }

    /// Unicode characters, not bytes and not what people see as one (validation §6.3.1).
    private func characterCount(_ node: Int) -> Int {
        let text = self.document.string(node)
        var count = 0
        for index in text.indices where text[index] & 0xc0 != 0x80 { count &+= 1 }
        return count
    }

    mutating func matches(_ expression: UInt32, _ node: Int) -> Bool {
        self.scratch.matcher.steps = self.steps
        // Out of `self` for the while, as the document is borrowed.
        var matcher = RegularExpressionMatcher()
        swap(&matcher, &self.scratch.matcher)
        let isMatch = self.program.expressions[Int(expression)].matches(
            self.document.string(node), using: &matcher)
        swap(&matcher, &self.scratch.matcher)
        self.steps = self.scratch.matcher.steps
        return self.spend(0) && isMatch
    }
}
