/// The vocabularies by which the keywords of a schema are read (core §8.1).
package struct JSONSchemaDialect: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    static let core = JSONSchemaDialect(rawValue: 1)
    static let applicator = JSONSchemaDialect(rawValue: 2)
    static let unevaluated = JSONSchemaDialect(rawValue: 4)
    static let validation = JSONSchemaDialect(rawValue: 8)
    static let formatAnnotation = JSONSchemaDialect(rawValue: 16)
    static let formatAssertion = JSONSchemaDialect(rawValue: 32)
    /// Titles and contents: known, and nothing is checked by them.
    static let annotations = JSONSchemaDialect(rawValue: 64)

    /// What a schema means that does not say: 2020-12, where `format` asserts nothing.
    static let standard: JSONSchemaDialect = [
        .core, .applicator, .unevaluated, .validation, .formatAnnotation, .annotations,
    ]

    private static let prefix = "https://json-schema.org/draft/2020-12/vocab/"

    /// A vocabulary by its URI.
    init?(vocabulary uri: String) {
        guard uri.hasPrefix(Self.prefix) else { return nil }
        switch uri.dropFirst(Self.prefix.utf8.count) {
        case "core": self = .core
        case "applicator": self = .applicator
        case "unevaluated": self = .unevaluated
        case "validation": self = .validation
        case "format-annotation": self = .formatAnnotation
        case "format-assertion": self = .formatAssertion
        case "meta-data", "content": self = .annotations
        default: return nil
        }
    }
}
