/// What HTTP/2 asks of a field by itself, wherever it stands (RFC 9113 §8.2).
///
/// Looked at once for each literal; the dynamic table remembers it.
enum HTTP2FieldRules {
    /// Fields that HTTP/2 has other means for (RFC 9113 §8.2.2); `te` may say `trailers`.
    static let connectionSpecific: UInt64 =
        HeaderName.connection.bit | HeaderName.proxyConnection.bit | HeaderName.keepAlive.bit
        | HeaderName.transferEncoding.bit | HeaderName.upgrade.bit

    /// Recognises a name, and says what is wrong with it.
    static func judge(name: Span<UInt8>) -> HPACKField {
        var field = HPACKField(nameCount: name.count, valueCount: 0)
        guard !name.isEmpty else {
            field.nameFault = .malformedFieldName
            return field
        }
        if name[0] == UInt8(ascii: ":") {
            field.pseudo = HTTP2PseudoFields.Name(name)
            if field.pseudo == nil { field.nameFault = .pseudoFieldUnknown }
            return field
        }
        guard name.isLowercaseToken else {
            field.nameFault = .malformedFieldName
            return field
        }
        field.known = HeaderName(name)
        if field.known.bit & self.connectionSpecific != 0 {
            field.nameFault = .connectionSpecificField
        } else if field.known == .other, BodyFraming.isDisguise(name) {
            field.nameFault = .malformedFieldName
        }
        return field
    }

    /// RFC 9113 §8.2.1, and no other control bytes either: the value may go on over HTTP/1.
    static func fault(value: Span<UInt8>, of known: HeaderName) -> MessageError? {
        guard !value.isEmpty else { return known == .te ? .connectionSpecificField : nil }
        guard value.isFieldValue else { return .forbiddenByteInValue }
        guard !self.isWhitespace(value[0]), !self.isWhitespace(value[value.count - 1]) else {
            return .whitespaceAroundValue
        }
        if known == .te, !value.isEqualIgnoringCase(to: "trailers") {
            return .connectionSpecificField
        }
        return nil
    }

    private static func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

/// What is known of a field's name and value, apart from its bytes.
struct HPACKField: Sendable, BitwiseCopyable {
    var nameCount: Int
    var valueCount: Int
    var known = HeaderName.other
    var pseudo: HTTP2PseudoFields.Name?
    var nameFault: MessageError?
    var valueFault: MessageError?

    init(nameCount: Int, valueCount: Int) {
        self.nameCount = nameCount
        self.valueCount = valueCount
    }

    /// As RFC 7541 §4.1 counts.
    var size: Int { self.nameCount + self.valueCount + 32 }
    /// Of `name: value CR LF`.
    var lineCount: Int { self.nameCount + self.valueCount + 4 }
    var fault: MessageError? { self.nameFault ?? self.valueFault }
}

extension Span where Element == UInt8 {
    /// Whether every byte is a token's and none an upper-case letter.
    var isLowercaseToken: Bool {
        for index in self.indices {
            let byte = self[index]
            guard ByteClass.isToken(byte), !(0x41...0x5a ~= byte) else { return false }
        }
        return true
    }
}
