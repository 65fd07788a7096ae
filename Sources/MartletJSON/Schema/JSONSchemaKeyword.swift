/// The keywords of JSON Schema 2020-12 that mean something here.
package enum JSONSchemaKeyword: String, BitwiseCopyable, Sendable, CaseIterable {
    case type, const, `enum`
    case multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum
    case maxLength, minLength, pattern, format
    case maxItems, minItems, uniqueItems, contains, maxContains, minContains
    case maxProperties, minProperties, required, dependentRequired
    case properties, patternProperties, additionalProperties, propertyNames
    case prefixItems, items
    case unevaluatedItems, unevaluatedProperties
    case allOf, anyOf, oneOf, not, `if`, then, `else`, dependentSchemas, dependencies
    case reference = "$ref"
    case dynamicReference = "$dynamicRef"
    case identifier = "$id"
    case anchor = "$anchor"
    case dynamicAnchor = "$dynamicAnchor"
    case dialect = "$schema"
    case vocabulary = "$vocabulary"
    case definitions = "$defs"
    case formerDefinitions = "definitions"
    case contentSchema
    /// Not a keyword: the schema `false`.
    case never = "false"

    /// What the value of a keyword holds, if schemas are in it.
    enum Holding: Sendable { case nothing, schema, list, map, dependencies }

    var holding: Holding {
        switch self {
        case .additionalProperties, .propertyNames, .items, .contains, .unevaluatedItems,
            .unevaluatedProperties, .not, .if, .then, .else, .contentSchema:
            .schema
        case .prefixItems, .allOf, .anyOf, .oneOf: .list
        case .properties, .patternProperties, .dependentSchemas, .definitions, .formerDefinitions:
            .map
        case .dependencies: .dependencies
        default: .nothing
        }
    }

    /// The vocabulary that gives it a meaning (core §8.1.2).
    var vocabulary: JSONSchemaDialect {
        switch self {
        case .type, .const, .enum, .multipleOf, .maximum, .exclusiveMaximum, .minimum,
            .exclusiveMinimum, .maxLength, .minLength, .pattern, .maxItems, .minItems,
            .uniqueItems, .maxContains, .minContains, .maxProperties, .minProperties, .required,
            .dependentRequired:
            .validation
        case .contains, .properties, .patternProperties, .additionalProperties, .propertyNames,
            .prefixItems, .items, .allOf, .anyOf, .oneOf, .not, .if, .then, .else,
            .dependentSchemas, .dependencies:
            .applicator
        case .unevaluatedItems, .unevaluatedProperties: .unevaluated
        case .format: [.formatAnnotation, .formatAssertion]
        default: .core
        }
    }
}
