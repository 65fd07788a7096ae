/// Keywords of objects.
extension JSONSchemaEvaluation {
    mutating func countHolds(_ call: Call) -> Bool {
        let count = self.document.count(call.node)
        let operand = Int(call.instruction.first)
        let holds = call.instruction.keyword == .minProperties ? count >= operand : count <= operand
        return holds || self.fail(call)
    }

    /// `properties`, `patternProperties`, `additionalProperties` and `required`, in one walk.
    mutating func membersHold(_ call: Call) -> Bool {
        let rule = self.program.memberRules[Int(call.instruction.first)]
        let seen = self.scratch.seen.count
        let seenCount = (Int(rule.requiredCount) &+ 63) &>> 6
        for _ in 0..<seenCount { self.scratch.seen.append(0) }
        defer { self.scratch.seen.removeLast(seenCount) }
        var holds = true
        var member = 0
        var key = self.document.firstChild(of: call.node)
        let end = self.document.end(of: call.node)
        while key < end {
            guard self.spend(1) else { return false }
            if !self.memberHolds(key, member, rule, call, seen) {
                holds = false
                if self.isBrief { return false }
            }
            member &+= 1
            key = self.document.end(of: key &+ 1)
        }
        return self.requiredAreSeen(rule, call, seen) && holds
    }

    private mutating func memberHolds(
        _ key: Int, _ member: Int, _ rule: JSONSchema.MemberRule, _ call: Call, _ seen: Int
    ) -> Bool {
        var holds = true
        var isKnown = false
        if let name = self.name(of: key, in: rule) {
            if name.required != Program.none {
                self.scratch.seen[seen &+ Int(name.required) &>> 6] |=
                    1 &<< UInt64(name.required & 63)
            }
            if name.subschema != Program.none {
                isKnown = true
                holds = self.member(name.subschema, key &+ 1, call)
            }
        }
        for index in 0..<Int(rule.patternCount) {
            guard holds || !self.isBrief, self.spend(1 &+ self.document.string(key).count &>> 2)
            else { return false }
            let pattern = self.program.patterns[Int(rule.firstPattern) &+ index]
            guard self.matches(pattern.expression, key) else { continue }
            isKnown = true
            holds = self.member(pattern.subschema, key &+ 1, call) && holds
        }
        if !isKnown, rule.additional != Program.none {
            isKnown = true
            if rule.additional == Program.never {
                self.report(.init(keyword: .additionalProperties), key &+ 1)
                holds = false
            } else {
                holds = self.evaluate(rule.additional, key &+ 1, into: Self.noFrame)
            }
        }
        if isKnown { self.mark(member, in: call.frame) }
        return holds
    }

    private func name(of key: Int, in rule: JSONSchema.MemberRule) -> JSONSchema.Name? {
        let hash = self.document.keyHash(key)
        var low = Int(rule.firstName)
        let end = low &+ Int(rule.nameCount)
        var high = end
        while low < high {
            let middle = (low &+ high) / 2
            if self.program.names[middle].hash < hash { low = middle &+ 1 } else { high = middle }
        }
        while low < end, self.program.names[low].hash == hash {
            let name = self.program.names[low]
            let start = Int(name.offset)
            let bytes = self.program.nameBytes.span.extracting(start..<start &+ Int(name.byteCount))
            if self.document.string(key).holdsSameBytes(as: bytes) { return name }
            low &+= 1
        }
        return nil
    }

    private mutating func requiredAreSeen(
        _ rule: JSONSchema.MemberRule, _ call: Call, _ seen: Int
    ) -> Bool {
        guard rule.requiredCount > 0 else { return true }
        var holds = true
        for index in Int(rule.firstName)..<Int(rule.firstName) &+ Int(rule.nameCount) {
            let required = self.program.names[index].required
            guard required != Program.none,
                self.scratch.seen[seen &+ Int(required) &>> 6] & 1 &<< UInt64(required & 63) == 0
            else { continue }
            guard self.spend(1) else { return false }
            self.report(
                .init(keyword: .required), call.node, detail: UInt32(truncatingIfNeeded: index))
            holds = false
            if self.isBrief { return false }
        }
        return holds
    }

    mutating func namesHold(_ call: Call) -> Bool {
        var holds = true
        var key = self.document.firstChild(of: call.node)
        let end = self.document.end(of: call.node)
        while key < end {
            guard self.spend(1) else { return false }
            if !self.member(call.instruction.first, key, call) {
                holds = false
                if self.isBrief { return false }
            }
            key = self.document.end(of: key &+ 1)
        }
        return holds
    }

    // MARK: - Members that ask for others

    private mutating func has(_ name: Int, _ object: Int) -> Bool {
        guard self.spend(1 &+ self.document.count(object) &>> 2) else { return false }
        let name = self.program.names[name]
        let start = Int(name.offset)
        let key = self.program.nameBytes.span.extracting(start..<start &+ Int(name.byteCount))
        return self.document.value(of: key, hash: name.hash, in: object) != nil
    }

    mutating func dependencyHolds(_ call: Call) -> Bool {
        let trigger = Int(call.instruction.first)
        guard self.has(trigger, call.node) else { return self.stopped == nil }
        if call.instruction.keyword == .dependentSchemas {
            return self.evaluate(call.instruction.second, call.node, into: call.frame)
        }
        var holds = true
        for name in trigger &+ 1..<trigger &+ 1 &+ Int(call.instruction.second)
        where !self.has(name, call.node) {
            holds = self.fail(call, detail: UInt32(truncatingIfNeeded: name))
            if self.isBrief { return false }
        }
        return holds
    }
}
