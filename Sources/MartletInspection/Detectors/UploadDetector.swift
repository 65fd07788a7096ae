/// Decides whether a file's name makes a server run it.
enum UploadDetector {
    static func detect(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let dot = text.index(of: UInt8(ascii: "."), from: index) {
            index = dot + 1
            let start = text.skippingBlanks(from: index)
            let end = text.wordEnd(from: start)
            if FileVocabulary.executableTable.kind(of: text, start..<end) != 0,
                Self.ends(text, end)
            {
                rules.insert(.uploadExecutable)
            }
        }
        var base = text.count
        while base > 0, text[base - 1] != UInt8(ascii: "/"), text[base - 1] != UInt8(ascii: "\\") {
            base -= 1
        }
        if text.holds("sess_", at: base), text.count - base >= 20 { rules.insert(.sessionFile) }
        if text.at(base) == UInt8(ascii: "."), TextByte.isLetter(text.at(base + 1)) {
            rules.insert(.fileHidden)
        }
        if FileVocabulary.deploymentTable.kind(of: text, base..<text.count) != 0 {
            rules.insert(.fileSensitive)
        }
    }

    /// Whether a name ends here for some server: dots, blanks and NUL vanish when the file is made,
    /// and `;`, `:` and `/` cut it off.
    private static func ends(_ text: Span<UInt8>, _ end: Int) -> Bool {
        switch text.at(end) {
        case UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "\\"):
            return true
        case 0: return true
        default: break
        }
        var index = end
        while index < text.count {
            guard
                text[index] == UInt8(ascii: ".") || TextByte.isBlank(text[index])
                    || text[index] == UInt8(ascii: "\"")
            else { return false }
            index += 1
        }
        return true
    }
}
