extension JSONSchema {
    /// The keywords of one schema, found and not yet compiled.
    struct KeywordBuilder {
        let place: JSONSchemaLibrary.Place
        let dialect: JSONSchemaDialect
        /// The value of each keyword that means something in the dialect.
        private(set) var values: [JSONSchemaKeyword: Int] = [:]
        var instructions: [Instruction] = []

        init(place: JSONSchemaLibrary.Place, dialect: JSONSchemaDialect) {
            self.place = place
            self.dialect = dialect
        }

        mutating func find(in document: JSONDocument) {
            var key = document.firstChild(of: self.place.node)
            while key < document.end(of: self.place.node) {
                if let keyword = JSONSchemaKeyword(document, key: key),
                    !keyword.vocabulary.isDisjoint(with: self.dialect)
                {
                    self.values[keyword] = key &+ 1
                }
                key = document.end(of: key &+ 1)
            }
        }

        func value(_ keyword: JSONSchemaKeyword) -> JSONSchemaLibrary.Place? {
            self.values[keyword].map { .init(document: self.place.document, node: $0) }
        }

        mutating func add(_ keyword: JSONSchemaKeyword, _ first: UInt32, _ second: UInt32 = 0) {
            self.instructions.append(Instruction(keyword: keyword, first: first, second: second))
        }
    }
}

/// In the order in which they are checked: what costs little first, what asks for the results of
/// others last.
extension JSONSchema.Compiler {
    mutating func instructions(
        _ builder: inout JSONSchema.KeywordBuilder
    ) -> [JSONSchema.Instruction] {
        self.addValues(&builder)
        self.addCounts(&builder)
        self.addNumbers(&builder)
        self.addTexts(&builder)
        self.addMembers(&builder)
        self.addDependencies(&builder)
        self.addElements(&builder)
        self.addApplicators(&builder)
        self.addReferences(&builder)
        self.add(.unevaluatedItems, &builder)
        self.add(.unevaluatedProperties, &builder)
        return builder.instructions
    }

    // MARK: - Any value

    private mutating func addValues(_ builder: inout JSONSchema.KeywordBuilder) {
        if let place = builder.value(.type) {
            builder.add(.type, self.typeMask(at: place))
        }
        if let place = builder.value(.const) {
            builder.add(.const, self.constant(at: place))
        }
        if let place = builder.value(.enum) {
            let document = self.library.documents[place.document]
            guard document.kind(place.node) == .array else {
                return self.refuse(.enum, at: place, expected: "a list of values")
            }
            let first = self.program.choices.count
            var child = document.firstChild(of: place.node)
            while child < document.end(of: place.node) {
                let constant = self.constant(at: Place(document: place.document, node: child))
                self.program.choices.append(
                    .init(hash: JSONHash.value(document, child), constant: constant))
                child = document.end(of: child)
            }
            self.program.choices[first...].sort { $0.hash < $1.hash }
            builder.add(.enum, UInt32(first), UInt32(self.program.choices.count - first))
        }
    }

    private mutating func typeMask(at place: Place) -> UInt32 {
        let document = self.library.documents[place.document]
        var names: [Int] = [place.node]
        if document.kind(place.node) == .array {
            names = document.schemas(in: .list, place.node)
        }
        var mask: UInt32 = 0
        for node in names {
            guard let type = document.textValue(node).flatMap(JSONSchema.ValueType.init) else {
                let types = JSONSchema.ValueType.allCases.map(\.rawValue).joined(separator: ", ")
                self.refuse(.type, at: place, expected: "one or more of \(types)")
                return .max
            }
            mask |= type.bit
        }
        return mask
    }

    func constantNumber(at place: Place) -> Bool {
        self.library.documents[place.document].kind(place.node) == .number
    }

    mutating func refuse(_ keyword: JSONSchemaKeyword, at place: Place, expected: String) {
        self.library.report(.invalidKeyword(keyword, expected: expected), at: place)
    }

    // MARK: - Numbers

    private mutating func addCounts(_ builder: inout JSONSchema.KeywordBuilder) {
        let keywords: [JSONSchemaKeyword] = [
            .minItems, .maxItems, .minProperties, .maxProperties, .minLength, .maxLength,
        ]
        for keyword in keywords {
            if let count = self.count(keyword, builder) { builder.add(keyword, count) }
        }
    }

    /// A number that counts something; more than there can be is as good as the most.
    mutating func count(
        _ keyword: JSONSchemaKeyword, _ builder: JSONSchema.KeywordBuilder
    ) -> UInt32? {
        guard let place = builder.value(keyword) else { return nil }
        let document = self.library.documents[place.document]
        if document.kind(place.node) == .number {
            let number = document.number(place.node)
            if number.isInteger, !number.isNegative || number.isZero {
                return UInt32(clamping: number.int64 ?? .max)
            }
        }
        self.refuse(keyword, at: place, expected: "a whole number that is not negative")
        return nil
    }

    private mutating func addNumbers(_ builder: inout JSONSchema.KeywordBuilder) {
        for keyword in [
            JSONSchemaKeyword.minimum, .exclusiveMinimum, .maximum, .exclusiveMaximum,
        ] {
            guard let place = builder.value(keyword) else { continue }
            guard self.constantNumber(at: place) else {
                self.refuse(keyword, at: place, expected: "a number")
                continue
            }
            builder.add(keyword, self.constant(at: place))
        }
        guard let place = builder.value(.multipleOf) else { return }
        let document = self.library.documents[place.document]
        guard self.constantNumber(at: place) else {
            return self.refuse(.multipleOf, at: place, expected: "a number above 0")
        }
        let number = document.number(place.node)
        guard !number.isZero, !number.isNegative else {
            return self.refuse(.multipleOf, at: place, expected: "a number above 0")
        }
        guard let coefficient = number.coefficient else {
            return self.library.report(.divisorTooLong, at: place)
        }
        let exponent = number.exponent
        let constant = self.constant(at: place)
        builder.add(.multipleOf, UInt32(self.program.divisors.count))
        self.program.divisors.append(
            .init(coefficient: coefficient, exponent: exponent, constant: constant))
    }

    // MARK: - Texts

    private mutating func addTexts(_ builder: inout JSONSchema.KeywordBuilder) {
        if let place = builder.value(.pattern) {
            let document = self.library.documents[place.document]
            if let pattern = document.textValue(place.node) {
                builder.add(.pattern, self.expression(pattern, at: place))
            } else {
                self.refuse(.pattern, at: place, expected: "a regular expression")
            }
        }
        if let place = builder.value(.format) {
            let document = self.library.documents[place.document]
            guard let name = document.textValue(place.node) else {
                return self.refuse(.format, at: place, expected: "the name of a format")
            }
            // A format that is not known is an annotation all the same (validation §7.2.3).
            if self.options.assertsFormat || builder.dialect.contains(.formatAssertion),
                let format = JSONFormat(rawValue: name)
            {
                builder.add(.format, UInt32(format.index))
            }
        }
    }
}

extension JSONSchema {
    /// The names that `type` takes.
    enum ValueType: String, CaseIterable {
        case null, boolean, number, string, array, object, integer

        /// Those of kinds are at the kind's place.
        var bit: UInt32 {
            switch self {
            case .null: 1 << UInt32(JSONKind.null.rawValue)
            case .boolean:
                1 << UInt32(JSONKind.true.rawValue) | 1 << UInt32(JSONKind.false.rawValue)
            case .number: 1 << UInt32(JSONKind.number.rawValue)
            case .string: 1 << UInt32(JSONKind.string.rawValue)
            case .array: 1 << UInt32(JSONKind.array.rawValue)
            case .object: 1 << UInt32(JSONKind.object.rawValue)
            case .integer: Self.integerBit
            }
        }

        static let integerBit: UInt32 = 1 << 16
    }
}
