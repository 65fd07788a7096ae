/// Why schemas cannot be compiled, and where that stands.
package struct JSONSchemaError: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        case invalidJSON(JSONError)
        case notASchema
        /// The value of a keyword is of another type than the keyword needs.
        case invalidKeyword(JSONSchemaKeyword, expected: String)
        case invalidPattern(RegularExpressionError)
        case identifierWithFragment
        case repeatedIdentifier, repeatedAnchor, invalidAnchor
        /// A reference to something that is not among the files handed in.
        case unknownReference(String)
        case unknownDialect(String)
        case unknownVocabulary(String)
        /// Without going down to a member, a schema comes back to itself.
        case endless
        case tooLarge
        case divisorTooLong
    }

    package let reason: Reason
    /// The file or resource.
    package let resource: String
    /// Where in it, as a JSON Pointer.
    package let pointer: String

    package init(_ reason: Reason, resource: String, pointer: String) {
        self.reason = reason
        self.resource = resource
        self.pointer = pointer
    }

    /// What is wrong and how to mend it.
    package var sentence: String {
        switch self.reason {
        case .invalidJSON(let error): "It is no JSON text: \(error.sentence)"
        case .notASchema: "A schema is an object, true or false."
        case .invalidKeyword(let keyword, let expected): "\(keyword.rawValue) takes \(expected)."
        case .invalidPattern(let error): "\(error.sentence)"
        case .identifierWithFragment: "$id must not have a fragment; use $anchor."
        case .repeatedIdentifier: "Another schema has this $id."
        case .repeatedAnchor: "Another schema of this resource has this anchor."
        case .invalidAnchor:
            "An anchor begins with a letter or _; letters, digits, - . and _ may follow."
        case .unknownReference(let uri):
            "There is no \(uri) among the schemas that were given; nothing is fetched."
        case .unknownDialect(let uri):
            "\(uri) is not known; JSON Schema 2020-12 is, and a metaschema that is given as well."
        case .unknownVocabulary(let uri): "The vocabulary \(uri) is required and not known here."
        case .endless: "The schema refers to itself without going down into the value."
        case .tooLarge: "The schemas are larger than what is taken here."
        case .divisorTooLong: "multipleOf may have 18 digits at most."
        }
    }
}
