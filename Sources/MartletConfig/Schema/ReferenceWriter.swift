/// Turns shapes into a reference for people: one table for each mapping.
struct ReferenceWriter {
    private(set) var text = """
        # Configuration reference

        Made from the field lists in `Sources/MartletConfig`; do not edit. \
        [How the file reads](README.md) explains values, environment, secrets and includes.

        `NAME` stands for a name that you choose, `[]` for each of a list.

        """
    private(set) var keyPaths: [String] = []
    /// Where a mapping with these keys was described first.
    private var described: [String: String] = [:]

    mutating func write(_ root: Shape) {
        guard case .record(let record) = root else { return }
        self.write(record, path: "")
    }

    private mutating func write(_ record: RecordShape, path: String) {
        let keys = record.fields.map { "\($0.key) \(Self.value($0.shape))" }
        let signature = record.name + keys.joined(separator: " ")
        self.text += "\n## \(path.isEmpty ? "The main file" : "`\(path)`")\n\n"
        self.text += "\(record.documentation)\n\n"
        if let first = self.described[signature] {
            self.text += "The keys are those of `\(first)`.\n"
            return
        }
        self.described[signature] = path
        self.text += "| key | value | default | meaning |\n|---|---|---|---|\n"
        for field in record.fields {
            let key = path.isEmpty ? field.key : "\(path).\(field.key)"
            self.keyPaths.append(key)
            let meaning = (field.isRequired ? "Required. " : "") + field.documentation
            let standard = field.defaultValue.map { "`\(Self.plain($0))`" } ?? ""
            let cells = ["`\(field.key)`", Self.value(field.shape), standard, meaning]
            let escaped = cells.map { $0.replacing("|", with: "\\|") }
            self.text += "| " + escaped.joined(separator: " | ") + " |\n"
        }
        for field in record.fields {
            let key = path.isEmpty ? field.key : "\(path).\(field.key)"
            for nested in Self.records(in: field.shape, path: key) {
                self.write(nested.record, path: nested.path)
            }
        }
    }

    private static func plain(_ value: JSONValue) -> String {
        if case .string(let text) = value { text } else { value.text(isCompact: true) }
    }

    /// The records right below a shape, with their paths.
    private static func records(
        in shape: Shape, path: String
    ) -> [(path: String, record: RecordShape)] {
        switch shape {
        case .record(let record): [(path, record)]
        case .oneOrMany(let element), .list(let element):
            self.records(in: element, path: "\(path)[]")
        case .map(_, let element): self.records(in: element, path: "\(path).NAME")
        case .either(let shapes): shapes.flatMap { self.records(in: $0, path: path) }
        case .text, .integer, .boolean, .choice, .anything: []
        }
    }

    private static func value(_ shape: Shape) -> String {
        switch shape {
        case .record: "a mapping, see below"
        case .oneOrMany(let element): "\(self.value(element)), or a list of such"
        case .list(let element): "a list of \(self.value(element))"
        case .map(let names, _): "a mapping from \(names)"
        case .either(let shapes): shapes.map(self.value).joined(separator: ", or ")
        case .text, .integer, .boolean, .choice, .anything: shape.expected
        }
    }
}
