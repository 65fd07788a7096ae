/// URLs that run script.
extension ScriptDetector {
    static func scriptURLs(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let colon = text.index(of: UInt8(ascii: ":"), from: index) {
            index = colon + 1
            if Self.isScheme("javascript", text, before: colon)
                || Self.isScheme("livescript", text, before: colon)
            {
                if Self.isCode(text, from: index) { return rules.insert(.xssScriptURL) }
            } else if Self.isScheme("vbscript", text, before: colon)
                || Self.isScheme("data", text, before: colon) && text.holds("text/html", at: index)
            {
                return rules.insert(.xssScriptURL)
            }
        }
    }

    /// Whether a scheme ends before the colon; browsers skip controls inside of it.
    private static func isScheme(
        _ name: StaticString, _ text: Span<UInt8>, before colon: Int
    ) -> Bool {
        let letters = unsafe UnsafeBufferPointer(
            start: name.utf8Start, count: name.utf8CodeUnitCount)
        var index = colon - 1
        for offset in stride(from: letters.count - 1, through: 0, by: -1) {
            let floor = index - 4
            while index > floor, text.at(index) < 0x20 || text.at(index) == 0x5c, index >= 0 {
                index -= 1
            }
            guard index >= 0, unsafe text.at(index) == letters[offset] else { return false }
            index -= 1
        }
        return !TextByte.isWord(text.at(index))
    }

    /// `javascript:void(0)`, as links of pages have it whose click is handled elsewhere.
    private static func doesNothing(_ text: Span<UInt8>, from start: Int) -> Bool {
        var end = start
        if text.holds("void(0)", at: start) {
            end += 7
        } else if text.holds("void 0", at: start) {
            end += 6
        }
        if text.at(end) == UInt8(ascii: ";") { end += 1 }
        guard end > start else { return false }
        switch text.at(end) {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ">"), 0x20: return true
        default: return end == text.count
        }
    }

    /// Whether code follows, and not the second half of a title.
    private static func isCode(_ text: Span<UInt8>, from start: Int) -> Bool {
        if Self.doesNothing(text, from: start) { return false }
        if text.at(start) == 0x20 {
            // A call or an assignment right behind the blank.
            switch text.at(text.wordEnd(from: start + 1)) {
            case UInt8(ascii: "("), UInt8(ascii: "="), UInt8(ascii: "."), UInt8(ascii: "["),
                UInt8(ascii: "`"), UInt8(ascii: "/"):
                return true
            default: return false
            }
        }
        for index in start..<min(text.count, max(start, start + 64)) {
            switch text[index] {
            case UInt8(ascii: "("), UInt8(ascii: "="), UInt8(ascii: "`"), UInt8(ascii: "\\"),
                UInt8(ascii: "["), UInt8(ascii: "%"):
                return true
            case UInt8(ascii: "/") where text.at(index + 1) == UInt8(ascii: "/"): return true
            case UInt8(ascii: "/") where text.at(index + 1) == UInt8(ascii: "*"): return true
            default: continue
            }
        }
        return false
    }
}
