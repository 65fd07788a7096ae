/// One key of a mapping: where its value goes, how it is read, what it means.
///
/// The list of a type's fields is the only place where its keys are written; decoding, JSON
/// Schema, reference and formatting all read it.
struct Field<Root>: Sendable {
    let key: String
    let documentation: String
    let shape: Shape
    let isRequired: Bool
    /// Reads the value into the root.
    let apply: @Sendable (ConfigNode, inout Root, inout ConfigDecoder) -> Void
    /// The default, read from a default-initialised root.
    let defaultValue: @Sendable (Root) -> JSONValue?
    /// The keys below a group, which share this root.
    let group: [Field<Root>]

    init(
        _ key: String, _ documentation: String, shape: Shape, isRequired: Bool = false,
        group: [Field<Root>] = [],
        defaultValue: @escaping @Sendable (Root) -> JSONValue? = { _ in nil },
        apply: @escaping @Sendable (ConfigNode, inout Root, inout ConfigDecoder) -> Void
    ) {
        self.key = key
        self.documentation = documentation
        self.shape = shape
        self.isRequired = isRequired
        self.apply = apply
        self.defaultValue = defaultValue
        self.group = group
    }

    /// A key whose value is stored as it is read.
    init<Value>(
        _ key: String, _ path: any WritableKeyPath<Root, Value> & Sendable,
        _ kind: ValueKind<Value>, _ documentation: String, isRequired: Bool = false
    ) {
        self.init(
            key, documentation, shape: kind.shape, isRequired: isRequired,
            defaultValue: { isRequired ? nil : kind.encode($0[keyPath: path]) },
            apply: { node, root, decoder in
                guard let value = kind.decode(node, &decoder) else { return }
                root[keyPath: path] = value
            })
    }

    /// A key with a record below it, whose keys not given keep what `root` has.
    init<Value>(
        _ key: String, _ path: any WritableKeyPath<Root, Value> & Sendable,
        _ record: Record<Value>, _ documentation: String
    ) {
        self.init(
            key, documentation, shape: record.shape,
            apply: { node, root, decoder in
                record.decode(node, into: &root[keyPath: path], &decoder)
            })
    }

    /// Keys that stand together under one key but are stored in `Root` itself.
    static func group(
        _ key: String, _ documentation: String, named name: String, _ fields: [Field<Root>],
        initial: @escaping @Sendable () -> Root
    ) -> Field<Root> {
        let record = Record(name, documentation, fields: fields, initial: initial)
        return Field(
            key, documentation, shape: record.shape, group: fields,
            apply: { node, root, decoder in record.decode(node, into: &root, &decoder) })
    }
}
