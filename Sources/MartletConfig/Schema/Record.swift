/// A mapping with known keys, read into a struct.
///
/// Fields are read in their declared order, not the file's, so a later field may rely on an
/// earlier one. Unknown keys are errors.
struct Record<Root>: Sendable {
    let name: String
    let documentation: String
    let fields: [Field<Root>]
    let initial: @Sendable () -> Root
    /// Looks at the whole after its fields have been read.
    private let check: @Sendable (ConfigNode, inout Root, inout ConfigDecoder) -> Void

    init(
        _ name: String, _ documentation: String, fields: [Field<Root>],
        initial: @escaping @Sendable () -> Root,
        check: @escaping @Sendable (ConfigNode, inout Root, inout ConfigDecoder) -> Void = {
            _, _, _ in
        }
    ) {
        self.name = name
        self.documentation = documentation
        self.fields = fields
        self.initial = initial
        self.check = check
    }

    var shape: Shape {
        let defaults = self.initial()
        return .record(
            RecordShape(
                name: self.name, documentation: self.documentation,
                fields: self.fields.map { field in
                    FieldShape(
                        key: field.key, documentation: field.documentation, shape: field.shape,
                        isRequired: field.isRequired, defaultValue: field.defaultValue(defaults))
                }))
    }

    var kind: ValueKind<Root> {
        ValueKind(self.shape) { node, decoder in
            var root = self.initial()
            return self.decode(node, into: &root, &decoder) ? root : nil
        }
    }

    /// - Returns: whether the node was a mapping at all.
    @discardableResult
    func decode(_ node: ConfigNode, into root: inout Root, _ decoder: inout ConfigDecoder) -> Bool {
        guard case .mapping(let entries) = node.value else {
            if node.scalar?.isMissing != true {
                decoder.addMismatch(node, expected: self.shape.expected)
            }
            return false
        }
        let keys = self.fields.map(\.key)
        // A key that was misspelt is not missing as well.
        var meant: [String] = []
        for entry in entries where !keys.contains(entry.key) {
            let nearest = EditDistance.nearest(to: entry.key, among: keys)
            decoder.addUnknown(entry, in: self.name, known: keys, nearest: nearest)
            if let nearest { meant.append(nearest) }
        }
        for field in self.fields {
            guard let entry = entries.first(where: { $0.key == field.key }) else {
                if field.isRequired, !meant.contains(field.key) {
                    decoder.add(
                        at: node, "the key `\(field.key)` is missing in \(self.name)",
                        hint: "add `\(field.key)`: \(field.shape.expected)")
                }
                continue
            }
            decoder.path.append(.key(entry.key))
            field.apply(entry.node, &root, &decoder)
            decoder.path.removeLast()
        }
        self.check(node, &root, &decoder)
        return true
    }
}
