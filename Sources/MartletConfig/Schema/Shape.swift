/// What may stand under a key, as data: the JSON Schema and the reference are made from it.
indirect enum Shape: Sendable {
    /// `expected` reads after "expected": `a duration such as `5s``.
    case text(expected: String, pattern: String? = nil)
    case integer(ClosedRange<Int>)
    case boolean
    case choice([String])
    /// One value or a list of such values.
    case oneOrMany(Shape)
    case list(Shape)
    /// A mapping with names that the user makes up.
    case map(names: String, Shape)
    case record(RecordShape)
    case either([Shape])
    /// Whatever YAML can say, such as a schema.
    case anything(expected: String)

    /// How it reads in a message after "expected".
    var expected: String {
        switch self {
        case .text(let expected, _): expected
        case .integer(let range): Self.expected(range)
        case .boolean: "`true` or `false`"
        case .choice(let values): Self.alternatives(values.map { "`\($0)`" })
        case .oneOrMany(let shape): "\(shape.expected), or a list of such"
        case .list(let shape): "a list, each \(shape.expected)"
        case .map(let names, _): "a mapping from \(names)"
        case .record(let record): record.expected
        case .either(let shapes): Self.alternatives(shapes.map(\.expected))
        case .anything(let expected): expected
        }
    }

    private static func expected(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (Int.min, _), (_, Int.max):
            range.lowerBound == Int.min
                ? "a whole number" : "a whole number from \(range.lowerBound)"
        default: "a whole number from \(range.lowerBound) to \(range.upperBound)"
        }
    }

    private static func alternatives(_ texts: [String]) -> String {
        guard let last = texts.last, texts.count > 1 else { return texts.first ?? "" }
        return texts.dropLast().joined(separator: ", ") + " or " + last
    }
}

/// A mapping with known keys.
struct RecordShape: Sendable {
    /// With its article, as it reads in a message: `a route`.
    var name: String
    var documentation: String
    var fields: [FieldShape]

    var expected: String {
        let keys = self.fields.prefix(3).map { "`\($0.key)`" }.joined(separator: ", ")
        return "a mapping with keys such as \(keys)"
    }
}

/// One key of a record.
struct FieldShape: Sendable {
    var key: String
    var documentation: String
    var shape: Shape
    var isRequired: Bool
    var defaultValue: JSONValue?
}
