/// One document being checked by one program.
///
/// Lives as long as the check; its memory comes from the validator and goes back there.
struct JSONSchemaEvaluation {
    typealias Program = JSONSchema.Program

    static let noFrame = -1

    let program: Program
    let document: JSONDocument
    let limits: JSONSchemaValidator.Limits
    var scratch: JSONSchemaValidator.Scratch
    var steps: Int
    var depth = 0
    /// Above 0 while something is tried that may fail: nothing is told, and the first failure ends
    /// it.
    var muted = 0
    /// Why the check was given up.
    var stopped: JSONSchemaValidator.Outcome?

    init(
        program: Program, document: JSONDocument, limits: JSONSchemaValidator.Limits,
        scratch: JSONSchemaValidator.Scratch
    ) {
        self.program = program
        self.document = document
        self.limits = limits
        self.scratch = scratch
        self.steps = limits.stepCountMax
    }

    /// A keyword at work: where it is, on what, and where it writes down which members it saw.
    struct Call {
        let instruction: JSONSchema.Instruction
        let node: Int
        /// The first word of the frame in `evaluated`, or none.
        let frame: Int
    }

    /// Whether the value at `node` is as a subschema has it.
    ///
    /// - `into`: the frame of whoever applies it to the same value and wants to know which members
    ///   were looked at.
    mutating func evaluate(_ index: UInt32, _ node: Int, into outer: Int) -> Bool {
        if index == Program.always { return true }
        guard index != Program.never else {
            self.report(.init(keyword: .never), node)
            return false
        }
        guard self.stopped == nil, self.depth < self.limits.depthMax else {
            self.stopped = self.stopped ?? .tooDeep
            return false
        }
        self.depth &+= 1
        let subschema = self.program.subschemas[Int(index)]
        let entersResource = self.scratch.scope.last != subschema.resource
        if entersResource { self.scratch.scope.append(subschema.resource) }
        let isValid = self.run(subschema, node, into: outer)
        if entersResource { self.scratch.scope.removeLast() }
        self.depth &-= 1
        return isValid
    }

    private mutating func run(
        _ subschema: JSONSchema.Subschema, _ node: Int, into outer: Int
    ) -> Bool {
        let collects = outer != Self.noFrame || subschema.asksForEvaluated
        let frame = collects && self.document.kind(node).isContainer ? self.openFrame(node) : -1
        var isValid = true
        var position = Int(subschema.firstInstruction)
        let end = position &+ Int(subschema.instructionCount)
        while position < end {
            let call = Call(
                instruction: self.program.instructions[position], node: node, frame: frame)
            position &+= 1
            guard self.spend(1) else { return self.abandon(frame) }
            if !self.holds(call) {
                isValid = false
                if self.isBrief { break }
            }
        }
        if frame != Self.noFrame { self.closeFrame(frame, into: isValid ? outer : Self.noFrame) }
        return isValid && self.stopped == nil
    }

    /// Whether the first failure is enough.
    var isBrief: Bool {
        self.muted > 0 || self.stopped != nil
            || self.scratch.violations.count >= self.limits.violationCountMax
    }

    /// Takes steps; gives the check up when there are none left.
    mutating func spend(_ count: Int) -> Bool {
        self.steps &-= count
        if self.steps < 0, self.stopped == nil { self.stopped = .tooMuchWork }
        return self.stopped == nil
    }

    mutating func report(_ instruction: JSONSchema.Instruction, _ node: Int, detail: UInt32 = 0) {
        guard self.muted == 0, self.stopped == nil,
            self.scratch.violations.count < self.limits.violationCountMax
        else { return }
        self.scratch.violations.append(
            JSONSchemaViolation(instruction: instruction, node: node, detail: detail))
    }

    // MARK: - Frames

    private mutating func openFrame(_ node: Int) -> Int {
        let frame = self.scratch.evaluated.count
        let wordCount = (self.document.count(node) &+ 63) &>> 6
        self.steps &-= wordCount
        for _ in 0..<wordCount { self.scratch.evaluated.append(0) }
        return frame
    }

    private mutating func closeFrame(_ frame: Int, into outer: Int) {
        let count = self.scratch.evaluated.count &- frame
        if outer != Self.noFrame {
            for word in 0..<count {
                self.scratch.evaluated[outer &+ word] |= self.scratch.evaluated[frame &+ word]
            }
        }
        self.scratch.evaluated.removeLast(count)
    }

    private mutating func abandon(_ frame: Int) -> Bool {
        if frame != Self.noFrame { self.closeFrame(frame, into: Self.noFrame) }
        return false
    }

    /// Notes that a member was looked at.
    @inline(__always)
    mutating func mark(_ member: Int, in frame: Int) {
        guard frame != Self.noFrame else { return }
        self.scratch.evaluated[frame &+ member &>> 6] |= 1 &<< UInt64(member & 63)
    }

    @inline(__always)
    func isMarked(_ member: Int, in frame: Int) -> Bool {
        self.scratch.evaluated[frame &+ member &>> 6] & 1 &<< UInt64(member & 63) != 0
    }

    // MARK: - Keywords

    /// Whether one keyword holds: the list of all that are checked.
    mutating func holds(_ call: Call) -> Bool {
        let kind = self.document.kind(call.node)
        switch call.instruction.keyword {
        case .type: return self.hasType(call, kind)
        case .const: return self.isConstant(call)
        case .enum: return self.isChosen(call)
        case .minimum, .exclusiveMinimum, .maximum, .exclusiveMaximum, .multipleOf:
            return kind != .number || self.numberHolds(call)
        case .minLength, .maxLength, .pattern, .format:
            return kind != .string || self.stringHolds(call)
        case .minItems, .maxItems, .uniqueItems:
            return kind != .array || self.arrayHolds(call)
        case .items: return kind != .array || self.itemsHold(call)
        case .contains: return kind != .array || self.containsHolds(call)
        case .unevaluatedItems: return kind != .array || self.unevaluatedHolds(call)
        case .minProperties, .maxProperties: return kind != .object || self.countHolds(call)
        case .properties: return kind != .object || self.membersHold(call)
        case .propertyNames: return kind != .object || self.namesHold(call)
        case .dependentRequired, .dependentSchemas:
            return kind != .object || self.dependencyHolds(call)
        case .unevaluatedProperties: return kind != .object || self.unevaluatedHolds(call)
        default: return self.applicatorHolds(call)
        }
    }

    mutating func fail(_ call: Call, detail: UInt32 = 0) -> Bool {
        self.report(call.instruction, call.node, detail: detail)
        return false
    }
}
