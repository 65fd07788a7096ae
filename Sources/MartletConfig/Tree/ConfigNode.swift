/// One value of a configuration file, with its place.
///
/// Made from YAML by `YAMLComposer`; decoded by the fields of the document types. Scalars keep
/// their text as written: what it means is decided by the key that it stands under.
struct ConfigNode: Sendable {
    enum Value: Sendable {
        case scalar(Scalar)
        case sequence([ConfigNode])
        case mapping([Entry])
    }

    /// A scalar's text after substitution of `${NAME}`.
    struct Scalar: Sendable {
        var text: String
        /// The same with `{` doubled in what was substituted, so that it never makes a capture.
        var templateText: String
        /// Not quoted, so it may be read as a number, a boolean or nothing.
        var isPlain: Bool
        /// Some of it came from the environment or a file, so diagnostics must not show it.
        var isSecret = false
        /// Some of it was substituted, so an empty text is text.
        var isSubstituted = false
        /// A variable was not set: reported once, and not again as a wrong value.
        var isMissing = false

        /// Quoted, but it would be a number or a boolean without its quotes.
        var isLikeANumber: Bool {
            !self.isPlain && !self.isSecret
                && (Int(self.text) != nil || self.text == "true" || self.text == "false")
        }

        var isNull: Bool {
            self.isPlain && !self.isSubstituted
                && ["", "~", "null", "Null", "NULL"].contains(self.text)
        }
    }

    struct Entry: Sendable {
        var key: String
        var keyLocation: SourceLocation
        var node: ConfigNode
    }

    var value: Value
    var location: SourceLocation

    /// The value under `key` if this is a mapping that has it.
    subscript(key: String) -> ConfigNode? {
        guard case .mapping(let entries) = self.value else { return nil }
        return entries.first { $0.key == key }?.node
    }

    var scalar: Scalar? {
        if case .scalar(let scalar) = self.value { scalar } else { nil }
    }

    var isNull: Bool { self.scalar?.isNull ?? false }

    /// What was found, for a message: `a list`, `the text "abc"`, `<secret>`.
    var found: String {
        switch self.value {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar) where scalar.isNull: "nothing"
        case .scalar(let scalar): (scalar.isLikeANumber ? "the text " : "") + self.quoted
        }
    }

    /// The scalar's text between back-quotes, shortened; `<secret>` if it may not be shown.
    var quoted: String {
        guard let scalar = self.scalar else { return self.found }
        return scalar.isSecret ? "`<secret>`" : Self.quote(scalar.text)
    }

    /// Text for a message: controls made visible, at most 80 characters.
    static func quote(_ text: String) -> String {
        guard !text.isEmpty else { return "the empty text" }
        var shown = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            guard index < 80 else { return "`\(shown)…`" }
            let isControl = scalar.value < 0x20 || 0x7f...0x9f ~= scalar.value
            shown += isControl ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return "`\(shown)`"
    }
}
