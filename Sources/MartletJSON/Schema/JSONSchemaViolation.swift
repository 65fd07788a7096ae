/// What a value breaks of a schema, and where: a value that fits a metric or a log.
///
/// Its texts are made only when somebody asks for them.
package struct JSONSchemaViolation: Sendable, BitwiseCopyable {
    private let instruction: JSONSchema.Instruction
    private let detail: UInt32
    /// The value of the document that breaks it; a key, if it is the key that does.
    package let node: Int

    init(instruction: JSONSchema.Instruction, node: Int, detail: UInt32) {
        self.instruction = instruction
        self.node = node
        self.detail = detail
    }

    package var keyword: JSONSchemaKeyword { self.instruction.keyword }

    /// A sentence for people.
    ///
    /// It says what the schema asks for, and repeats nothing of the document.
    package func sentence(of schema: JSONSchema) -> String {
        let program = schema.program
        let count = self.instruction.first
        switch self.keyword {
        case .type: return "must be \(Self.types(count))"
        case .const: return "must be the one value that is allowed"
        case .enum: return "must be one of the allowed values"
        case .minimum: return "must be at least \(program.text(count))"
        case .exclusiveMinimum: return "must be more than \(program.text(count))"
        case .maximum: return "must be at most \(program.text(count))"
        case .exclusiveMaximum: return "must be less than \(program.text(count))"
        case .multipleOf:
            return "must be a multiple of \(program.text(program.divisors[Int(count)].constant))"
        case .minLength: return "must have at least \(count) \(Self.plural("character", count))"
        case .maxLength: return "must have at most \(count) \(Self.plural("character", count))"
        case .pattern: return "must match the pattern"
        case .format: return "must be of the format \(JSONFormat(index: count).rawValue)"
        case .minItems: return "must have at least \(count) \(Self.plural("item", count))"
        case .maxItems: return "must have at most \(count) \(Self.plural("item", count))"
        case .uniqueItems: return "must not be the same as another item"
        case .minProperties: return "must have at least \(count) \(Self.plural("member", count))"
        case .maxProperties: return "must have at most \(count) \(Self.plural("member", count))"
        case .required, .dependentRequired:
            return "must have the member \(program.nameText(self.detail))"
        default: return self.structureSentence(program)
        }
    }

    private func structureSentence(_ program: JSONSchema.Program) -> String {
        switch self.keyword {
        case .properties: return "must not be there"
        case .additionalProperties, .unevaluatedProperties: return "is not known"
        case .propertyNames: return "must not have this name"
        case .items, .unevaluatedItems: return "is one item too many"
        case .contains:
            let rule = program.containsRules[Int(self.instruction.first)]
            let isTooFew = self.detail == 0
            let count = isTooFew ? rule.countMin : rule.countMax
            let items = "\(count) matching \(Self.plural("item", count))"
            return isTooFew ? "must have at least \(items)" : "must have at most \(items)"
        case .anyOf: return "must match at least one of the alternatives"
        case .oneOf:
            return self.detail == 0
                ? "must match one of the alternatives"
                : "must match only one of the alternatives"
        case .not: return "must not match what is excluded"
        default: return "must not be there"
        }
    }

    private static func plural(_ noun: String, _ count: UInt32) -> String {
        count == 1 ? noun : noun + "s"
    }

    private static func types(_ mask: UInt32) -> String {
        let names = JSONSchema.ValueType.allCases.filter { mask & $0.bit != 0 }.map(\.rawValue)
        let nouns = names.map {
            $0 == "null" ? $0 : ("aio".contains($0.prefix(1)) ? "an " : "a ") + $0
        }
        guard nouns.count > 1 else { return nouns.first ?? "of no type" }
        return nouns.dropLast().joined(separator: ", ") + " or " + (nouns.last ?? "")
    }
}

extension JSONSchema.Program {
    func text(_ constant: UInt32) -> String {
        let span = self.constants.text(Int(self.constantNodes[Int(constant)]))
        return unsafe span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    func nameText(_ name: UInt32) -> String {
        let name = self.names[Int(name)]
        let start = Int(name.offset)
        return String(
            decoding: self.nameBytes[start..<start + Int(name.byteCount)], as: UTF8.self)
    }
}
