/// The configuration's description, made from the same field lists that read it.
package enum ConfigSchema {
    /// JSON Schema, draft 2020-12, as indented text.
    package static func json() -> String {
        var members = JSONSchemaWriter.members(of: ConfigDocument.record.shape)
        members.insert(
            contentsOf: [
                .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
                .init("title", .string("Martlet configuration")),
            ], at: 0)
        members.append(
            .init(
                "$defs",
                .object([
                    .init(
                        "environment",
                        .object([
                            .init("type", .string("string")),
                            .init("pattern", .string(#"^\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}$"#)),
                            .init("description", .string("A value from the environment.")),
                        ]))
                ])))
        return JSONValue.object(members).text() + "\n"
    }

    /// The reference in Markdown: `docs/config/reference.md`.
    package static func markdown() -> String {
        var writer = ReferenceWriter()
        writer.write(ConfigDocument.record.shape)
        return writer.text
    }

    /// Every key at every level, as `listeners.NAME.limits.max-body`.
    package static func keyPaths() -> [String] {
        var writer = ReferenceWriter()
        writer.write(ConfigDocument.record.shape)
        return writer.keyPaths
    }
}
