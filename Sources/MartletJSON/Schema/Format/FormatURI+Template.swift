/// URI templates (RFC 6570 §2).
extension FormatURI {
    static func isTemplate(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "{"):
                var end = index &+ 1
                while end < text.count, text[end] != UInt8(ascii: "}") { end &+= 1 }
                guard end < text.count, self.isExpression(text.extracting(index &+ 1..<end)) else {
                    return false
                }
                index = end &+ 1
            case UInt8(ascii: "%"):
                guard self.isEscape(text, index) else { return false }
                index &+= 3
            case 0...0x20, 0x7f: return false
            default:
                guard !self.contains("\"<>\\^`|}", byte) else { return false }
                index &+= 1
            }
        }
        return true
    }

    private static func isEscape(_ text: Span<UInt8>, _ index: Int) -> Bool {
        index &+ 2 < text.count && text[index &+ 1].isHexadecimalDigit
            && text[index &+ 2].isHexadecimalDigit
    }

    /// An operator, then names with their modifiers.
    private static func isExpression(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return false }
        var index = self.contains("+#./;?&=,!@|", text[0]) ? 1 : 0
        while true {
            guard self.skipName(text, &index) else { return false }
            if index < text.count, text[index] == UInt8(ascii: "*") {
                index &+= 1
            } else if index < text.count, text[index] == UInt8(ascii: ":") {
                index &+= 1
                let start = index
                while index < text.count, text[index].isASCIIDigit { index &+= 1 }
                guard 1...4 ~= index &- start, text[start] != UInt8(ascii: "0") else {
                    return false
                }
            }
            if index == text.count { return true }
            guard text[index] == UInt8(ascii: ",") else { return false }
            index &+= 1
        }
    }

    /// Characters, with single dots between them.
    private static func skipName(_ text: Span<UInt8>, _ index: inout Int) -> Bool {
        var isBehindCharacter = false
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                guard isBehindCharacter else { return false }
                isBehindCharacter = false
                index &+= 1
            } else if byte == UInt8(ascii: "%") {
                guard self.isEscape(text, index) else { return false }
                isBehindCharacter = true
                index &+= 3
            } else if byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "_") {
                isBehindCharacter = true
                index &+= 1
            } else {
                break
            }
        }
        return isBehindCharacter
    }
}
