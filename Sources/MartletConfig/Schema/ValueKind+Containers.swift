extension ValueKind {
    /// One value or a list of them.
    static func oneOrMany<Element>(
        _ element: ValueKind<Element>, isEmptyAllowed: Bool = false
    ) -> ValueKind where Value == [Element], Element: Sendable {
        ValueKind(.oneOrMany(element.shape), encode: self.encodeList(element)) { node, decoder in
            guard case .sequence = node.value else {
                return element.decode(node, &decoder).map { [$0] }
            }
            return self.decodeList(node, element, isEmptyAllowed: isEmptyAllowed, &decoder)
        }
    }

    /// A list, even of one.
    static func list<Element>(
        _ element: ValueKind<Element>, isEmptyAllowed: Bool = false
    ) -> ValueKind where Value == [Element], Element: Sendable {
        let shape = Shape.list(element.shape)
        return ValueKind(shape, encode: self.encodeList(element)) { node, decoder in
            guard case .sequence = node.value else {
                let hint = node.scalar.map { $0.isNull ? nil : "put it in brackets: `[…]`" } ?? nil
                decoder.addMismatch(node, expected: shape.expected, hint: hint)
                return nil
            }
            return self.decodeList(node, element, isEmptyAllowed: isEmptyAllowed, &decoder)
        }
    }

    private static func encodeList<Element: Sendable>(
        _ element: ValueKind<Element>
    ) -> @Sendable ([Element]) -> JSONValue? {
        { values in values.isEmpty ? nil : .array(values.compactMap { element.encode($0) }) }
    }

    private static func decodeList<Element>(
        _ node: ConfigNode, _ element: ValueKind<Element>, isEmptyAllowed: Bool,
        _ decoder: inout ConfigDecoder
    ) -> [Element]? {
        guard case .sequence(let nodes) = node.value else { return nil }
        guard !nodes.isEmpty || isEmptyAllowed else {
            decoder.add(
                at: node, "this list is empty", hint: "name at least one, or leave the key out")
            return nil
        }
        var values: [Element] = []
        for (index, child) in nodes.enumerated() {
            decoder.path.append(.index(index))
            if let value = element.decode(child, &decoder) { values.append(value) }
            decoder.path.removeLast()
        }
        return values
    }

    /// A mapping with names that the user makes up; `names` checks them.
    static func map<Element>(
        names: String, _ element: ValueKind<Element>,
        checkName: @escaping @Sendable (String) throws(TextProblem) -> Void
    ) -> ValueKind where Value == [Named<Element>], Element: Sendable {
        let shape = Shape.map(names: names, element.shape)
        return ValueKind(shape) { node, decoder in
            guard case .mapping(let entries) = node.value else {
                decoder.addMismatch(node, expected: shape.expected)
                return nil
            }
            var values: [Named<Element>] = []
            for entry in entries {
                decoder.path.append(.key(entry.key))
                defer { decoder.path.removeLast() }
                decoder.check(entry, checkName)
                guard let value = element.decode(entry.node, &decoder) else { continue }
                values.append(Named(name: entry.key, value: value))
            }
            return values
        }
    }

    /// A short form beside the long one: `matches` tells from the node which it is.
    static func either(
        _ first: ValueKind, when matches: @escaping @Sendable (ConfigNode) -> Bool,
        otherwise second: ValueKind
    ) -> ValueKind {
        let shape = Shape.either([first.shape, second.shape])
        let encode: @Sendable (Value) -> JSONValue? = { first.encode($0) ?? second.encode($0) }
        return ValueKind(shape, encode: encode) { node, decoder in
            if node.isNull {
                decoder.addMismatch(node, expected: shape.expected)
                return nil
            }
            return matches(node) ? first.decode(node, &decoder) : second.decode(node, &decoder)
        }
    }
}

/// A value under a name that the user made up.
struct Named<Value: Sendable>: Sendable {
    var name: String
    var value: Value
}
