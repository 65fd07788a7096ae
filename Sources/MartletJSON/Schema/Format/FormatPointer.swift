/// JSON Pointers and regular expressions.
enum FormatPointer {
    /// RFC 6901 §3.
    static func isPointer(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return true }
        guard text[0] == UInt8(ascii: "/") else { return false }
        for index in text.indices where text[index] == UInt8(ascii: "~") {
            guard index &+ 1 < text.count, text[index &+ 1] | 1 == UInt8(ascii: "1") else {
                return false
            }
        }
        return true
    }

    /// The Internet-Draft on relative JSON Pointers, §3: how far up, a change of the index, then
    /// `#` or a pointer.
    static func isRelative(_ text: Span<UInt8>) -> Bool {
        var index = 0
        guard self.skipNumber(text, &index) else { return false }
        if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-")
        {
            index &+= 1
            guard self.skipNumber(text, &index) else { return false }
        }
        let rest = text.extracting(droppingFirst: index)
        return rest.count == 1 && rest[0] == UInt8(ascii: "#") || self.isPointer(rest)
    }

    /// A whole number without a zero in front.
    private static func skipNumber(_ text: Span<UInt8>, _ index: inout Int) -> Bool {
        let start = index
        while index < text.count, text[index].isASCIIDigit { index &+= 1 }
        return index > start && (text[start] != UInt8(ascii: "0") || index == start &+ 1)
    }

    /// ECMA-262, also where it cannot be matched here.
    static func isExpression(_ text: Span<UInt8>) -> Bool {
        guard let error = RegularExpression.syntaxError(text, bytesMax: .max) else { return true }
        return error.isOurs
    }
}
