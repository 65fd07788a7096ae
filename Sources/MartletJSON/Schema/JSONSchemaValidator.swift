/// Checks documents by compiled schemas.
///
/// Owned by a worker and used again, then without allocating unless something is wrong; a check is
/// bounded in depth and in steps whatever the schema and the document are.
package struct JSONSchemaValidator: Sendable {
    package struct Limits: Sendable {
        /// Schemas that are open at once; each takes a part of the thread's stack.
        package var depthMax = 400
        /// Keywords, members and blocks of text looked at.
        package var stepCountMax = 5_000_000
        /// Violations told; at 0 the check ends with the first.
        package var violationCountMax = 20

        package init() {}
    }

    package enum Outcome: UInt8, Sendable {
        case valid, invalid
        /// It was not found out, as that would have taken more than allowed.
        case tooDeep, tooMuchWork
    }

    /// What must not be copied while a document is checked.
    struct Scratch: Sendable {
        /// One bit a member for each open schema that must know which were looked at.
        var evaluated: ContiguousArray<UInt64> = []
        /// The resources that were entered, outermost first.
        var scope: ContiguousArray<UInt32> = []
        /// One bit for each key that must be there.
        var seen: ContiguousArray<UInt64> = []
        var hashes: ContiguousArray<ElementHash> = []
        var matcher = RegularExpressionMatcher()
        var violations: ContiguousArray<JSONSchemaViolation> = []
    }

    struct ElementHash: BitwiseCopyable, Sendable {
        var hash: UInt64
        var node: UInt32
    }

    package var limits: Limits
    private var scratch = Scratch()
    /// Steps that the last check took.
    package private(set) var stepCount = 0

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// What the last check found, in the order in which it was found.
    package var violations: ContiguousArray<JSONSchemaViolation> { self.scratch.violations }

    /// Whether a value is as a schema has it.
    package mutating func validate(
        _ document: JSONDocument, _ node: Int = 0, against schema: JSONSchema
    ) -> Outcome {
        var scratch = Scratch()
        swap(&scratch, &self.scratch)
        scratch.violations.removeAll(keepingCapacity: true)
        var evaluation = JSONSchemaEvaluation(
            program: schema.program, document: document, limits: self.limits, scratch: scratch)
        scratch = Scratch()
        let isValid = evaluation.evaluate(schema.root, node, into: JSONSchemaEvaluation.noFrame)
        self.stepCount = self.limits.stepCountMax &- evaluation.steps
        swap(&self.scratch, &evaluation.scratch)
        return evaluation.stopped ?? (isValid ? .valid : .invalid)
    }
}
