import RawStructuredFieldValues

/// A signature over parts of a request (RFC 9421), read from `Signature-Input` and `Signature`.
///
/// Bounded by `byteCountMax`, `componentCountMax` and `countMax`.
package struct MessageSignature: Sendable {
    package static let byteCountMax = 8192
    package static let componentCountMax = 32
    package static let countMax = 4

    package let label: String
    package let components: [SignedComponent]
    package let created: Int64?
    package let expires: Int64?
    package let keyIdentifier: String
    package let algorithm: String?
    package let signature: [UInt8]
    /// The value of `@signature-params`.
    private let parameters: [UInt8]

    /// Those that can be judged: others may be meant for somebody else, who knows more kinds of
    /// components (§3.2).
    ///
    /// - Throws: if the fields are malformed, or none can be judged: why the first cannot.
    package static func parse(
        input: Span<UInt8>, signature: Span<UInt8>
    ) throws(SignatureRefusal) -> [MessageSignature] {
        guard input.count <= Self.byteCountMax, signature.count <= Self.byteCountMax else {
            throw .malformed
        }
        guard let inputs = Self.dictionary(input), let values = Self.dictionary(signature),
            inputs.count == values.count, inputs.count > 0
        else { throw .malformed }
        guard inputs.count <= Self.countMax else { throw .tooMany }
        var signatures: [MessageSignature] = []
        var refusal: SignatureRefusal?
        for (label, value) in inputs {
            guard case .innerList(let list) = value, case .some(.item(let item)) = values[label],
                case .undecodedByteSequence(let text) = item.rfc9651BareItem,
                let bytes = Base64Text.decode(Array(text.utf8).span, .standard)
            else { throw .malformed }
            do throws(SignatureRefusal) {
                signatures.append(try MessageSignature(label, list, bytes))
            } catch {
                guard error != .malformed else { throw error }
                refusal = refusal ?? error
            }
        }
        if signatures.isEmpty, let refusal { throw refusal }
        return signatures
    }

    private static func dictionary(
        _ bytes: Span<UInt8>
    ) -> OrderedMap<String, ItemOrInnerList>? {
        var parser = StructuredFieldValueParser(bytes.copy)
        return try? parser.parseDictionaryFieldValue()
    }

    private init(
        _ label: String, _ list: InnerList, _ signature: [UInt8]
    ) throws(SignatureRefusal) {
        self.label = label
        self.signature = signature
        guard list.bareInnerList.count <= Self.componentCountMax else { throw .malformed }
        var components: [SignedComponent] = []
        for item in list.bareInnerList {
            let component = try Self.component(item)
            guard !components.contains(component) else { throw .componentTwice }
            components.append(component)
        }
        self.components = components
        let parameters = list.rfc9651Parameters
        self.created = try Self.integer(parameters["created"])
        self.expires = try Self.integer(parameters["expires"])
        self.algorithm = try Self.string(parameters["alg"])
        guard let key = try Self.string(parameters["keyid"]) else { throw .keyUnknown }
        self.keyIdentifier = key
        var serialiser = StructuredFieldValueSerializer()
        guard let line = try? serialiser.writeListFieldValue([.innerList(list)]) else {
            throw .malformed
        }
        self.parameters = line
    }

    private static func component(_ item: Item) throws(SignatureRefusal) -> SignedComponent {
        guard case .string(let name) = item.rfc9651BareItem else { throw .malformed }
        let parameters = item.rfc9651Parameters
        var parameter: String?
        if parameters.count > 0 {
            // `sf`, `key`, `bs`, `tr` and `req` are not known here.
            guard parameters.count == 1, case .some(.string(let text)) = parameters["name"] else {
                throw .componentUnknown
            }
            parameter = text
        }
        guard let component = SignedComponent(name, parameter: parameter) else {
            throw .componentUnknown
        }
        return component
    }

    private static func integer(_ item: RFC9651BareItem?) throws(SignatureRefusal) -> Int64? {
        guard let item else { return nil }
        guard case .integer(let value) = item else { throw .malformed }
        return value
    }

    private static func string(_ item: RFC9651BareItem?) throws(SignatureRefusal) -> String? {
        guard let item else { return nil }
        guard case .string(let value) = item else { throw .malformed }
        return value
    }

    /// The text that is signed (§2.5).
    ///
    /// - `value`: of a component; `nil` if the request has no such.
    package func base(
        _ value: (SignedComponent) -> [UInt8]?
    ) throws(SignatureRefusal) -> [UInt8] {
        var base: [UInt8] = []
        for component in self.components {
            guard let value = value(component) else { throw .componentMissing }
            // A line end would make one line into two.
            guard !value.contains(10), !value.contains(13) else { throw .malformed }
            base += Array(component.identifier.utf8) + [UInt8(ascii: ":"), 0x20] + value + [10]
        }
        return base + Array(#""@signature-params": "#.utf8) + self.parameters
    }
}
