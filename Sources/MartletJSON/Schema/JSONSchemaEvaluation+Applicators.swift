/// Keywords that apply other schemas to the same value.
extension JSONSchemaEvaluation {
    mutating func applicatorHolds(_ call: Call) -> Bool {
        let instruction = call.instruction
        switch instruction.keyword {
        case .reference: return self.evaluate(instruction.first, call.node, into: call.frame)
        case .dynamicReference:
            return self.evaluate(self.dynamicTarget(instruction), call.node, into: call.frame)
        case .allOf: return self.allHold(call)
        case .anyOf: return self.anyHolds(call)
        case .oneOf: return self.oneHolds(call)
        case .not:
            let holds = self.tries(instruction.first, call.node, into: Self.noFrame)
            return self.stopped == nil && (!holds || self.fail(call))
        case .if: return self.conditionHolds(call)
        default: return true
        }
    }

    /// The outermost schema that was entered and has the anchor (core §8.2.3.2).
    private mutating func dynamicTarget(_ instruction: JSONSchema.Instruction) -> UInt32 {
        for resource in self.scratch.scope {
            guard self.spend(1) else { break }
            for anchor in self.program.dynamicAnchors
            where anchor.resource == resource && anchor.name == instruction.second {
                return anchor.subschema
            }
        }
        return instruction.first
    }

    /// Evaluates without telling of failures.
    private mutating func tries(_ subschema: UInt32, _ node: Int, into frame: Int) -> Bool {
        self.muted &+= 1
        let holds = self.evaluate(subschema, node, into: frame)
        self.muted &-= 1
        return holds
    }

    private func member(_ index: Int, of call: Call) -> UInt32 {
        self.program.lists[Int(call.instruction.first) &+ index]
    }

    private mutating func allHold(_ call: Call) -> Bool {
        var holds = true
        for index in 0..<Int(call.instruction.second)
        where !self.evaluate(self.member(index, of: call), call.node, into: call.frame) {
            holds = false
            if self.isBrief { return false }
        }
        return holds
    }

    /// All that hold are needed where somebody asks which members they looked at.
    private mutating func anyHolds(_ call: Call) -> Bool {
        var holds = false
        for index in 0..<Int(call.instruction.second)
        where self.tries(self.member(index, of: call), call.node, into: call.frame) {
            holds = true
            if call.frame == Self.noFrame { return true }
        }
        return self.stopped == nil && (holds || self.fail(call))
    }

    private mutating func oneHolds(_ call: Call) -> Bool {
        var found = 0
        for index in 0..<Int(call.instruction.second)
        where self.tries(self.member(index, of: call), call.node, into: call.frame) {
            found &+= 1
            if found > 1 { return self.fail(call, detail: 1) }
        }
        return self.stopped == nil && (found == 1 || self.fail(call))
    }

    private mutating func conditionHolds(_ call: Call) -> Bool {
        let condition = self.program.conditions[Int(call.instruction.first)]
        let holds = self.tries(condition.test, call.node, into: call.frame)
        guard self.stopped == nil else { return false }
        let branch = holds ? condition.then : condition.otherwise
        return branch == Program.none || self.evaluate(branch, call.node, into: call.frame)
    }
}
