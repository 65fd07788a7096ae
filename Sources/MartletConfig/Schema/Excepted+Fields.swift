/// What stands in the place of a value that is an exception: the value, and its terms.
struct StatedValue<Value: Sendable & Equatable>: ExceptionCarrying {
    var value: Value?
    var exception = ExceptionConfig()

    static func record(_ kind: ValueKind<Value>) -> Record<StatedValue<Value>> {
        Record(
            "an exception", "A value that takes a protection away, until when, and why.",
            fields: [
                Field(
                    "value", \.value, kind.optional,
                    """
                    What would stand here alone.
                    """, isRequired: true)
            ] + Field<StatedValue<Value>>.exceptionFields,
            initial: { StatedValue() },
            check: { node, stated, decoder in stated.exception.check(node, &decoder) })
    }
}

extension ValueKind where Value: Sendable & Equatable {
    /// The same, or `{ value: …, until: …, reason: … }`.
    ///
    /// - `isException`: whether a value takes a protection away; any other has no terms.
    func excepted(
        where isException: @escaping @Sendable (Value) -> Bool = { _ in true }
    ) -> ValueKind<Excepted<Value>> {
        let stated = ValueKind<Excepted<Value>>.stated(self, where: isException)
        return ValueKind<Excepted<Value>>(
            .either([self.shape, stated.shape]), encode: { self.encode($0.wrappedValue) },
            decode: { node, decoder in
                if case .mapping = node.value { return stated.decode(node, &decoder) }
                return self.decode(node, &decoder).map { Excepted($0) }
            })
    }

    /// The long form alone.
    static func stated<Plain: Sendable & Equatable>(
        _ kind: ValueKind<Plain>, where isException: @escaping @Sendable (Plain) -> Bool
    ) -> ValueKind where Value == Excepted<Plain> {
        let record = StatedValue.record(kind).kind
        return ValueKind(record.shape) { node, decoder in
            guard let stated = record.decode(node, &decoder), let value = stated.value else {
                return nil
            }
            guard isException(value) else {
                decoder.add(
                    at: node["value"] ?? node, "this is no exception: it needs no terms",
                    hint: "write the value alone")
                return Excepted(value)
            }
            return Excepted(value, exception: stated.exception)
        }
    }
}

extension ValueKind<Excepted<Bool>> {
    /// - `unsafe`: the side that takes a protection away.
    static func boolean(unsafe: Bool) -> ValueKind {
        ValueKind<Bool>.boolean.excepted { $0 == unsafe }
    }
}
