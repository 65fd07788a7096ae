/// How values of one type are read, written and described.
///
/// `decode` gives `nil` after it has added a diagnostic; it never gives up silently.
struct ValueKind<Value>: Sendable {
    let shape: Shape
    private let read: @Sendable (ConfigNode, inout ConfigDecoder) -> Value?
    /// The value as the user would write it; `nil` where that says nothing.
    let encode: @Sendable (Value) -> JSONValue?

    init(
        _ shape: Shape,
        encode: @escaping @Sendable (Value) -> JSONValue? = { _ in nil },
        decode: @escaping @Sendable (ConfigNode, inout ConfigDecoder) -> Value?
    ) {
        self.shape = shape
        self.read = decode
        self.encode = encode
    }

    func decode(_ node: ConfigNode, _ decoder: inout ConfigDecoder) -> Value? {
        // An unset variable has been reported where it was found.
        if let scalar = node.scalar, scalar.isMissing { return nil }
        return self.read(node, &decoder)
    }

    /// The same for a property that may be absent.
    var optional: ValueKind<Value?> {
        ValueKind<Value?>(
            self.shape, encode: { $0.flatMap(self.encode) },
            decode: { node, decoder in
                self.decode(node, &decoder).map { .some($0) }
            })
    }

    /// The same with the value changed; nothing is encoded.
    func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> ValueKind<Other> {
        ValueKind<Other>(self.shape) { node, decoder in
            self.decode(node, &decoder).map(transform)
        }
    }

    /// The same with one more check, which adds its own diagnostics.
    func checked(
        _ check: @escaping @Sendable (Value, ConfigNode, inout ConfigDecoder) -> Void
    ) -> ValueKind {
        ValueKind(self.shape, encode: self.encode) { node, decoder in
            guard let value = self.decode(node, &decoder) else { return nil }
            check(value, node, &decoder)
            return value
        }
    }
}
