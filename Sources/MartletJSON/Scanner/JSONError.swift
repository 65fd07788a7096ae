/// Why bytes are no JSON text that is taken here, and where that showed.
///
/// A value, never text of the input.
package struct JSONError: Error, Equatable, Sendable {
    package enum Reason: UInt8, Sendable, CaseIterable {
        case byteOrderMark, unexpectedByte, unexpectedEnd, trailingBytes
        case invalidLiteral, invalidNumber, invalidEscape, loneSurrogate, controlInString
        case invalidUTF8, duplicateKey
        case tooManyBytes, tooDeep, tooManyNodes, stringTooLong, keyTooLong, numberTooLong
        case exponentTooLarge, tooManyMembers, tooManyElements
    }

    package let reason: Reason
    /// Bytes of the text before the place.
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// Whether the text could be good JSON, only more than is allowed.
    package var isLimit: Bool { self.reason.rawValue >= Reason.tooManyBytes.rawValue }

    /// A sentence for people, without a word of the input.
    package var sentence: StaticString {
        switch self.reason {
        case .byteOrderMark:
            "A byte order mark stands in front; JSON has none (RFC 8259 section 8.1)."
        case .unexpectedByte: "Something else was expected here."
        case .unexpectedEnd: "The text ends too early."
        case .trailingBytes: "More bytes follow the value."
        case .invalidLiteral: "Only true, false and null are words of JSON."
        case .invalidNumber: "This is no number of JSON."
        case .invalidEscape: "This escape is none of JSON's."
        case .loneSurrogate: "Half of a surrogate pair stands alone."
        case .controlInString: "A control character must be escaped in a string."
        case .invalidUTF8: "This is not UTF-8."
        case .duplicateKey: "A key stands twice in one object."
        case .tooManyBytes: "The text is too long."
        case .tooDeep: "Arrays and objects are nested too deeply."
        case .tooManyNodes: "The text holds too many values."
        case .stringTooLong: "A string is too long."
        case .keyTooLong: "A key is too long."
        case .numberTooLong: "A number has too many digits."
        case .exponentTooLarge: "The exponent of a number is too large."
        case .tooManyMembers: "An object has too many keys."
        case .tooManyElements: "An array has too many values."
        }
    }
}
