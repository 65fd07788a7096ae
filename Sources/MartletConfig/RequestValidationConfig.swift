/// What a policy that finds something does about it.
package enum FindingActionConfig: String, Sendable, Equatable, CaseIterable {
    /// Answers in the upstream's place.
    case block
    /// Lets the request go on, and says so in log and metrics.
    case report
}

/// What a request has to look like to reach the upstream (row C9).
package struct RequestValidationConfig: Sendable, Equatable {
    package var action = FindingActionConfig.block
    /// Upper case; empty is every method.
    package var methods: [String] = []
    /// Lower case, `type/*` for all of a type; empty is every one, or JSON if there is a schema.
    package var contentTypes: [String] = []
    package var headers: [FieldRuleConfig] = []
    package var query: QueryRulesConfig?
    package var body: BodyRulesConfig?
    package var source = SourceLocation.unknown

    package init() {}
}

/// What one header field or query parameter has to look like.
package struct FieldRuleConfig: Sendable, Equatable {
    package enum ValueType: String, Sendable, Equatable, CaseIterable {
        case text, integer, number, boolean
    }

    /// Header names in lower case.
    package var name = ""
    package var isRequired = false
    /// May stand there more than once.
    package var isRepeatable = false
    package var type = ValueType.text
    package var pattern: String?
    /// A format of JSON Schema, such as `uuid`.
    package var format: String?
    package var minimum: Int?
    package var maximum: Int?
    package var minLength = 0
    package var maxLength = 8192
    /// Empty is every value.
    package var oneOf: [String] = []
    package var source = SourceLocation.unknown

    package init() {}

    /// The formats of JSON Schema 2020-12.
    package static let formats = [
        "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname",
        "ipv4", "ipv6", "uri", "uri-reference", "iri", "iri-reference", "uuid", "uri-template",
        "json-pointer", "relative-json-pointer", "regex",
    ]
}

/// What the query has to look like.
package struct QueryRulesConfig: Sendable, Equatable {
    package var parameters: [FieldRuleConfig] = []
    /// Parameters that are not described are let through.
    package var allowsUnknown = false

    package init() {}
}

/// What the body has to look like.
package struct BodyRulesConfig: Sendable, Equatable {
    package var isRequired = true
    package var maxBytes: Int?
    package var schema: SchemaTextConfig?
    /// What the schema refers to.
    package var references: [SchemaTextConfig] = []
    /// `format` is checked, not only a note.
    package var checksFormats = true
    /// 400 or 422, for a body that is well formed and not as the schema has it.
    package var status = 422
    /// `nil` if they are not written: bodies that say that they are JSON have the default ones.
    package var json: BodyBoundsConfig?
    /// XML bodies are read, and refused if they are not well formed or have a document type.
    package var xml: BodyBoundsConfig?

    package init() {}
}

/// How much structure a body may have.
package struct BodyBoundsConfig: Sendable, Equatable {
    /// Arrays and objects, or elements, open at once.
    package var maxDepth = 32
    /// Values, or elements and attributes.
    package var maxNodes = 50_000
    /// Keys of one object, or attributes of one element.
    package var maxMembers = 1000

    package init() {}
}

/// A JSON Schema as text.
package struct SchemaTextConfig: Sendable, Equatable {
    /// What it is called if its `$id` does not say.
    package var uri: String
    package var text: String
    package var source: SourceLocation

    package init(uri: String, text: String, source: SourceLocation) {
        self.uri = uri
        self.text = text
        self.source = source
    }
}
