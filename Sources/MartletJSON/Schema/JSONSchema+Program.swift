extension JSONSchema {
    /// The compiled form: flat tables that name each other by index.
    ///
    /// Immutable once it is compiled; as large as the schemas that it was made of.
    struct Program: Sendable {
        /// No index: there is no such part.
        static let none = UInt32.max
        /// The first two subschemas.
        static let always: UInt32 = 0
        static let never: UInt32 = 1

        var subschemas: ContiguousArray<Subschema> = []
        var instructions: ContiguousArray<Instruction> = []
        /// Runs of subschemas: of `allOf`, `prefixItems` and the like.
        var lists: ContiguousArray<UInt32> = []
        var names: ContiguousArray<Name> = []
        var nameBytes: ContiguousArray<UInt8> = []
        var memberRules: ContiguousArray<MemberRule> = []
        var elementRules: ContiguousArray<ElementRule> = []
        var containsRules: ContiguousArray<ContainsRule> = []
        var conditions: ContiguousArray<Condition> = []
        var patterns: ContiguousArray<PatternRule> = []
        var expressions: [RegularExpression] = []
        var divisors: ContiguousArray<Divisor> = []
        var choices: ContiguousArray<Choice> = []
        var dynamicAnchors: ContiguousArray<DynamicAnchor> = []
        /// All values that are compared with, in one array, and where each stands in it.
        var constants = JSONDocument()
        var constantNodes: ContiguousArray<UInt32> = []
    }

    struct Subschema: BitwiseCopyable, Sendable {
        var firstInstruction: UInt32 = 0
        var instructionCount: UInt32 = 0
        /// The schema resource it belongs to: what `$dynamicRef` looks through.
        var resource: UInt32 = 0
        /// Whether it asks which members others have looked at.
        var asksForEvaluated = false
    }

    /// One keyword with its operands: indices or numbers, as the keyword has it.
    struct Instruction: BitwiseCopyable, Sendable {
        var keyword: JSONSchemaKeyword
        var first: UInt32 = 0
        var second: UInt32 = 0
    }

    /// A key that the schema names.
    struct Name: BitwiseCopyable, Sendable {
        var hash: UInt32
        var offset: UInt32
        var byteCount: UInt32
        /// The schema of its value, or none.
        var subschema = Program.none
        /// Its place among those that must be there, or none.
        var required = Program.none
    }

    /// `properties`, `patternProperties`, `additionalProperties` and `required`, in one walk.
    struct MemberRule: BitwiseCopyable, Sendable {
        /// Sorted by hash.
        var firstName: UInt32 = 0
        var nameCount: UInt32 = 0
        var requiredCount: UInt32 = 0
        var firstPattern: UInt32 = 0
        var patternCount: UInt32 = 0
        var additional = Program.none
    }

    struct PatternRule: BitwiseCopyable, Sendable {
        var expression: UInt32
        var subschema: UInt32
    }

    /// `prefixItems` and `items`.
    struct ElementRule: BitwiseCopyable, Sendable {
        var firstPrefix: UInt32 = 0
        var prefixCount: UInt32 = 0
        var rest = Program.none
    }

    struct ContainsRule: BitwiseCopyable, Sendable {
        var subschema: UInt32
        var countMin: UInt32
        var countMax: UInt32
    }

    struct Condition: BitwiseCopyable, Sendable {
        var test: UInt32
        var then = Program.none
        var otherwise = Program.none
    }

    /// `coefficient` × 10^`exponent`.
    struct Divisor: BitwiseCopyable, Sendable {
        var coefficient: UInt64
        var exponent: Int
        /// As it was written, for messages.
        var constant: UInt32
    }

    /// One value of an `enum`; those of one are sorted by hash.
    struct Choice: BitwiseCopyable, Sendable {
        var hash: UInt64
        var constant: UInt32
    }

    struct DynamicAnchor: BitwiseCopyable, Sendable {
        var resource: UInt32
        var name: UInt32
        var subschema: UInt32
    }
}
