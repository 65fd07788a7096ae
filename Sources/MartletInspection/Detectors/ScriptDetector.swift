/// Decides whether a text would run as script if a page showed it.
///
/// It reads as a browser does, which forgives: blanks and slashes between attributes, no closing
/// `>`, blanks and controls inside of `javascript:`. Tags that only format text are left alone on
/// the standard level.
enum ScriptDetector {
    /// Bytes of a tag in which attributes are looked for.
    private static let tagBytesMax = 256

    static func detect(
        _ text: Span<UInt8>, traits: ByteTraits, gates: KeywordGates, level: InspectionLevel,
        into rules: inout RuleSet
    ) {
        if traits.contains(.less) || traits.contains(.high) {
            Self.tags(text, level: level, into: &rules)
            if traits.contains(.equals) { Self.loadingAttributes(text, into: &rules) }
        }
        if traits.contains(.equals) { Self.events(text, into: &rules) }
        if traits.contains(.colon) { Self.scriptURLs(text, into: &rules) }
        if gates.contains(.script) {
            Self.properties(text, into: &rules)
            Self.styles(text, into: &rules)
        }
        if traits.contains(.slash), text.contains("/*") { Self.comments(text, into: &rules) }
        if traits.contains(.parenthesis) || traits.contains(.quote) {
            Self.calls(text, into: &rules)
        }
        if traits.contains(.parenthesis) || traits.contains(.brace) {
            Self.handedOn(text, into: &rules)
        }
        if traits.contains(.backslash) { Self.octalLetters(text, into: &rules) }
        if traits.contains(.less),
            text.contains("vmlframe") || text.contains("<![cdata[") || Self.hasOpenComment(text)
        {
            rules.insert(.xssTag)
        }
        if level == .strict, traits.contains(.greater), text.contains("-->") {
            rules.insert(.xssMarkup)
        }
    }

    /// A comment that conditions, includes, or swallows what follows; one that only ends is a
    /// remark, as editors of pages leave them.
    private static func hasOpenComment(_ text: Span<UInt8>) -> Bool {
        guard text.contains("<!--") else { return false }
        return text.contains("<!--[") || text.contains("<!--#") || text.contains("<!-->")
            || text.contains("<!--->") || !text.contains("-->")
    }

    // MARK: Tags

    private static func tags(
        _ text: Span<UInt8>, level: InspectionLevel, into rules: inout RuleSet
    ) {
        for index in text.indices where Self.opensTag(text, index) {
            var start = index + 1
            // Browsers do not, but what cleans a text up before may drop these.
            while start < index + 8,
                TextByte.isBlank(text.at(start)) || text.at(start) == UInt8(ascii: "/")
                    || text.at(start) == UInt8(ascii: "<") || text.holds("?import", at: start)
            {
                start += 1
            }
            let end = Self.tagNameEnd(text, start)
            if end > start {
                Self.spacedNamespace(text, end, into: &rules)
                Self.tag(text, start..<end, level: level, into: &rules)
                if end == start + 1 { Self.spacedTag(text, start, into: &rules) }
            } else if level == .strict, text.at(start) == UInt8(ascii: "!") {
                rules.insert(.xssMarkup)
            }
        }
    }

    /// `<`, and 0xbc by itself: `<` to readers that drop the eighth bit.
    private static func opensTag(_ text: Span<UInt8>, _ index: Int) -> Bool {
        if text[index] == UInt8(ascii: "<") { return true }
        guard text[index] == 0xbc, text.at(index - 1) < 0x80 else { return false }
        return text.holds("script", at: index + 1)
    }

    /// `<x: script`: a blank behind the namespace, which some cleaners drop.
    private static func spacedNamespace(
        _ text: Span<UInt8>, _ colon: Int, into rules: inout RuleSet
    ) {
        guard text.at(colon) == UInt8(ascii: ":"), TextByte.isBlank(text.at(colon + 1)) else {
            return
        }
        let start = text.skippingBlanks(from: colon + 1)
        let end = text.wordEnd(from: start)
        if ScriptVocabulary.tagTable.kind(of: text, start..<end) != 0,
            end == text.count || !TextByte.isBlank(text.at(end))
        {
            rules.insert(.xssTag)
        }
    }

    private static func tagNameEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
        var end = start
        guard TextByte.isLetter(text.at(start)) else { return start }
        while TextByte.isWord(text.at(end)) && text.at(end) < 0x80
            || text.at(end) == UInt8(ascii: "-")
        {
            end += 1
        }
        // A namespace, as in `svg:script`.
        if text.at(end) == UInt8(ascii: ":"), TextByte.isLetter(text.at(end + 1)) {
            return Self.tagNameEnd(text, end + 1)
        }
        return end
    }

    private static func tag(
        _ text: Span<UInt8>, _ name: Range<Int>, level: InspectionLevel, into rules: inout RuleSet
    ) {
        if level == .strict { rules.insert(.xssMarkup) }
        var start = name.upperBound
        while start > name.lowerBound, text.at(start - 1) != UInt8(ascii: ":") { start -= 1 }
        let kind = ScriptVocabulary.tagTable.kind(of: text, start..<name.upperBound)
        let isKnown =
            kind == 1 && !Self.isMentioned(text, name)
            || kind == 2 && text.at(name.upperBound) != UInt8(ascii: ">")
        let next = text.at(name.upperBound)
        // `<form fields>` is prose only if nothing that tags have follows.
        let isTag =
            next == UInt8(ascii: ">") || next == UInt8(ascii: "/") || next == 0
            || next == UInt8(ascii: "<") || next == 0xbe || Self.hasAttribute(text, name.upperBound)
        if isKnown && isTag { rules.insert(.xssTag) }
        if text.holds("img", at: name.lowerBound), name.count == 3,
            Self.isDangling(text, name.upperBound)
        {
            rules.insert(.xssTag)
        }
    }

    /// `<img src="https://a.example/?`: a quote that takes in what the page has behind it.
    private static func isDangling(_ text: Span<UInt8>, _ end: Int) -> Bool {
        guard let last = text.index(of: UInt8(ascii: "="), from: end, before: end + 16) else {
            return false
        }
        let quote = text.at(last + 1)
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
            text.holds("http", at: last + 2) || text.holds("//", at: last + 2),
            text.count - last < 256
        else { return false }
        return text.index(of: quote, from: last + 2) == nil
            && text.index(of: UInt8(ascii: ">"), from: last + 2) == nil
    }

    /// "the `<video>` API", "a <script> tag": without attributes, in code marks or called a tag.
    private static func isMentioned(_ text: Span<UInt8>, _ name: Range<Int>) -> Bool {
        let end = name.upperBound
        guard text.at(end) == UInt8(ascii: ">"), text.at(name.lowerBound - 1) == UInt8(ascii: "<")
        else { return false }
        if text.at(name.lowerBound - 2) == UInt8(ascii: "`") {
            return text.at(end + 1) == UInt8(ascii: "`")
        }
        return text.holds(" tag", at: end + 1) || text.holds(" element", at: end + 1)
    }

    /// Attributes that make any tag load or run something.
    ///
    /// Asked from the names and not from each `<`, of which a text can consist.
    private static func loadingAttributes(_ text: Span<UInt8>, into rules: inout RuleSet) {
        for name in ["formaction", "srcdoc", "xlink:href", "xmlns=", "http-equiv"] as [StaticString]
        {
            Self.loadingAttribute(text, name, into: &rules)
        }
        // A prefix by itself is in all XML; these are the ones that make other tags HTML.
        if text.contains("w3.org/1999/xhtml") || text.contains("w3.org/2001/xinclude") {
            Self.loadingAttribute(text, "xmlns:", into: &rules)
        }
    }

    private static func loadingAttribute(
        _ text: Span<UInt8>, _ name: StaticString, into rules: inout RuleSet
    ) {
        var index = 0
        while let found = text.index(of: name, from: index) {
            index = found + name.utf8CodeUnitCount
            var end = index - 1
            while end < min(text.count, found + 64), text[end] != UInt8(ascii: "=") { end += 1 }
            guard text.at(end) == UInt8(ascii: "=") else { continue }
            var start = found - 1
            while start > max(0, found - Self.tagBytesMax), text[start] != UInt8(ascii: "<"),
                text[start] != UInt8(ascii: ">")
            {
                start -= 1
            }
            let isTag =
                text.at(start) == UInt8(ascii: "<") && !TextByte.isBlank(text.at(start + 1))
            if isTag { return rules.insert(.xssTag) }
        }
    }

    private static func hasAttribute(_ text: Span<UInt8>, _ start: Int) -> Bool {
        guard TextByte.isBlank(text.at(start)) else { return false }
        var index = start
        while index < min(text.count, start + Self.tagBytesMax) {
            switch text[index] {
            case UInt8(ascii: "="): return true
            case UInt8(ascii: ">"): return TextByte.isBlank(text.at(start)) && index == start + 1
            default: index += 1
            }
        }
        return false
    }

    /// `<s c r i p t`: letters with blanks between them.
    private static func spacedTag(_ text: Span<UInt8>, _ start: Int, into rules: inout RuleSet) {
        var letters: [12 of UInt8] = .init(repeating: 0)
        var count = 0
        var index = start
        while count < 12, TextByte.isLetter(text.at(index)), !TextByte.isWord(text.at(index + 1)) {
            letters[count] = text[index]
            count += 1
            index = text.skippingBlanks(from: index + 1)
        }
        guard count > 3 else { return }
        if ScriptVocabulary.tagTable.kind(of: letters.span, 0..<count) != 0 {
            rules.insert(.xssTag)
        }
    }

    // MARK: Events

    /// `onload=` where an attribute may stand: in a tag, behind a quote, or at the start.
    private static func events(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let equals = text.index(of: UInt8(ascii: "="), from: index) {
            index = equals + 1
            let end = text.skippingBlanksBackwards(from: equals - 1) + 1
            var start = end
            while start > 0, end - start < 48, TextByte.isLetter(text.at(start - 1)) { start -= 1 }
            guard end - start >= 5, text.holds("on", at: start),
                text.at(index) != UInt8(ascii: "="),
                ScriptVocabulary.notEventTable.kind(of: text, start..<end) == 0
            else { continue }
            if Self.isAttributePlace(text, start) { return rules.insert(.xssEvent) }
        }
    }

    private static func isAttributePlace(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var before = start - 1
        let floor = max(-1, start - 8)
        while before > floor,
            TextByte.isBlank(text.at(before)) || text.at(before) == UInt8(ascii: "/")
        {
            before -= 1
        }
        let hasGap = before < start - 1
        if before < 0 { return true }
        switch text.at(before) {
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "<"):
            return true
        case UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "("):
            if Self.isKnownEvent(text, start) { return true }
        default: if hasGap, Self.isKnownEvent(text, start) { return true }
        }
        guard hasGap || text.at(before) == UInt8(ascii: ";") else { return false }
        // Inside of a tag: a `<` before, and no `>` between.
        var index = before
        while index >= max(0, start - Self.tagBytesMax) {
            if text[index] == UInt8(ascii: ">") { return false }
            if text[index] == UInt8(ascii: "<") { return !TextByte.isBlank(text.at(index + 1)) }
            index -= 1
        }
        return false
    }

    private static let events: [StaticString] = [
        "load", "error", "click", "mouse", "key", "focus", "blur", "change", "submit", "select",
        "abort", "animation", "transition", "touch", "pointer", "drag", "scroll", "resize",
        "toggle", "play", "input", "wheel", "webkit", "before", "after", "hash", "message",
        "page", "popstate", "storage", "unload", "copy", "cut", "paste", "contextmenu", "dbl",
        "reset", "invalid", "begin", "bounce", "finish", "seek", "volume", "waiting", "readystate",
        "loaded", "progress", "ratechange", "stalled", "suspend", "timeupdate", "canplay",
    ]

    /// Whether the name behind "on" begins like one of browsers' events.
    private static func isKnownEvent(_ text: Span<UInt8>, _ start: Int) -> Bool {
        for event in Self.events where text.holds(event, at: start + 2) { return true }
        return false
    }
}
