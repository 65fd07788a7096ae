/// Templates that work something out.
extension CodeDetector {
    static func templates(_ text: Span<UInt8>, into rules: inout RuleSet) {
        for index in text.indices {
            let next = text.at(index + 1)
            switch text[index] {
            case UInt8(ascii: "{") where next == UInt8(ascii: "{"):
                if Self.isExpression(text, index + 2, "}}") {
                    return rules.insert(.templateExpression)
                }
            case UInt8(ascii: "{") where next == UInt8(ascii: "%"):
                let name = text.skippingBlanks(from: index + 2)
                let isDebug =
                    text.holds("debug", at: name)
                    && text.holds("%}", at: text.skippingBlanks(from: name + 5))
                if isDebug || Self.isExpression(text, index + 2, "%}") {
                    return rules.insert(.templateExpression)
                }
            case UInt8(ascii: "<") where next == UInt8(ascii: "%"):
                if Self.isExpression(text, index + 2, "%>") {
                    return rules.insert(.templateExpression)
                }
            case UInt8(ascii: "#") where next == UInt8(ascii: "{"),
                UInt8(ascii: "*") where next == UInt8(ascii: "{"),
                UInt8(ascii: "@") where next == UInt8(ascii: "{") || next == UInt8(ascii: "("):
                // `@([a-z]` and `@((a` are pieces of patterns for addresses.
                let isPattern =
                    next == UInt8(ascii: "(") && !TextByte.isDigit(text.at(index + 2))
                    && !Self.isMemberOrCall(text, index + 2)
                if isPattern { continue }
                if Self.isExpression(text, index + 2, next == UInt8(ascii: "(") ? ")" : "}") {
                    return rules.insert(.templateExpression)
                }
            case UInt8(ascii: "%") where next == UInt8(ascii: "{"):
                if text.at(index + 2) == UInt8(ascii: "(")
                    || text.at(index + 2) == UInt8(ascii: "#")
                    || Self.isExpression(text, index + 2, "}")
                {
                    return rules.insert(.expressionLanguage)
                }
            case UInt8(ascii: "$") where text.holds("{jndi", at: index + 1):
                rules.insert(.expressionLanguage)
            case UInt8(ascii: "{") where Self.isCalculation(text, index + 1):
                return rules.insert(.templateExpression)
            case UInt8(ascii: "{") where next == UInt8(ascii: "$"):
                if text.holds("$smarty.", at: index + 1) {
                    return rules.insert(.templateExpression)
                }
            case UInt8(ascii: "<") where next == UInt8(ascii: "#"):
                if text.holds("assign ", at: index + 2) || text.holds("include ", at: index + 2) {
                    return rules.insert(.templateExpression)
                }
            default: continue
            }
        }
    }

    /// A name, then a member of it or what it is called with.
    private static func isMemberOrCall(_ text: Span<UInt8>, _ start: Int) -> Bool {
        guard TextByte.isLetter(text.at(start)) else { return false }
        let next = text.at(text.wordEnd(from: start))
        return next == UInt8(ascii: ".") || next == UInt8(ascii: "(")
    }

    /// `{7*7}` as the whole value.
    private static func isCalculation(_ text: Span<UInt8>, _ start: Int) -> Bool {
        guard start == 1, TextByte.isDigit(text.at(1)), text.hasSuffix("}"), text.count < 64 else {
            return false
        }
        let end = text.wordEnd(from: start)
        return text.at(end) == UInt8(ascii: "*") && TextByte.isDigit(text.at(end + 1))
    }

    /// Whether what stands between the brackets is worked out, and not only a name.
    private static func isExpression(
        _ text: Span<UInt8>, _ start: Int, _ closing: StaticString
    ) -> Bool {
        guard let end = text.index(of: closing, from: start, before: start + 1024) else {
            return false
        }
        for index in start..<end {
            switch text[index] {
            case UInt8(ascii: "("), UInt8(ascii: "*"), UInt8(ascii: "["), UInt8(ascii: "`"):
                return true
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                // `{{- name -}}` only trims.
                if TextByte.isDigit(text.at(text.skippingBlanks(from: index + 1))) { return true }
            case UInt8(ascii: "_") where text.at(index + 1) == UInt8(ascii: "_"): return true
            case UInt8(ascii: "_") where text.holds("_self", at: index): return true
            case UInt8(ascii: "|") where Self.isFiltered(text, start, index): return true
            case UInt8(ascii: "|")
            where text.holds("attr", at: text.skippingBlanks(from: index + 1)):
                return true
            default: continue
            }
        }
        return false
    }

    /// `{{'id'|system}}`: a filter of a value that stands there.
    private static func isFiltered(_ text: Span<UInt8>, _ start: Int, _ bar: Int) -> Bool {
        let first = text.at(text.skippingBlanks(from: start))
        return TextByte.isDigit(first) || first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
    }
}
