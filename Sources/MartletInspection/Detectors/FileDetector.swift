/// Decides whether a text names a file that it should not: by leaving its folder, by name, or
/// through a wrapper.
enum FileDetector {
    static func detect(
        _ text: Span<UInt8>, part: RequestPart, gates: KeywordGates, into rules: inout RuleSet
    ) {
        Self.traversal(text, into: &rules)
        if gates.contains(.file) { Self.sensitive(text, into: &rules) }
        if text.contains("://") || text.contains("jar:") { Self.wrapper(text, into: &rules) }
        if text.hasPrefix("data:") { Self.dataURL(text, into: &rules) }
        Self.hexTraversal(text, into: &rules)
        if part == .path {
            Self.hidden(text, into: &rules)
            Self.fileExtension(text, into: &rules)
            Self.deployment(text, into: &rules)
        } else {
            Self.dump(text, into: &rules)
        }
    }

    // MARK: Traversal

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
    }

    /// Finds `../`, `..\`, `..;`, `.<NUL>./`, `.../.../`.
    private static func traversal(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let dot = text.index(of: UInt8(ascii: "."), from: index) {
            var end = dot
            var dots = 0
            while text.at(end) == UInt8(ascii: ".") || (end < text.count && text.at(end) == 0) {
                if text.at(end) == UInt8(ascii: ".") { dots += 1 }
                end += 1
            }
            index = end
            let next = text.at(end)
            // What removes `../` once leaves one of `....//`.
            if dots == 4, Self.isSeparator(next),
                Self.isSeparator(text.at(end + 1)) || text.holds("....", at: end + 1)
            {
                return rules.insert(.fileTraversal)
            }
            if dots == 1, Self.isMixedRun(text, dot) { return rules.insert(.fileTraversal) }
            guard dots == 2 || dots == 3, Self.mayBegin(text.at(dot - 1), isFirst: dot == 0)
            else { continue }
            if dots == 2, Self.isSeparator(next) || next == UInt8(ascii: ";") {
                return rules.insert(.fileTraversal)
            }
            if dots == 3, Self.isSeparator(next), text.holds("...", at: end + 1),
                Self.isSeparator(text.at(end + 4))
            {
                return rules.insert(.fileTraversal)
            }
        }
    }

    /// `./\/./`: single dots between slashes of both kinds.
    private static func isMixedRun(_ text: Span<UInt8>, _ dot: Int) -> Bool {
        guard text.holds("./\\/./", at: dot) || text.holds(".\\/\\.\\", at: dot) else {
            return false
        }
        return Self.mayBegin(text.at(dot - 1), isFirst: dot == 0)
    }

    private static func mayBegin(_ before: UInt8, isFirst: Bool) -> Bool {
        if isFirst || Self.isSeparator(before) { return true }
        switch before {
        case UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""),
            UInt8(ascii: "'"), UInt8(ascii: ":"), 0x20:
            return true
        default: return false
        }
    }

    /// `0x2e0x2e0x2f`: where a reader decodes it itself.
    private static func hexTraversal(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let found = text.index(of: "0x", from: index) {
            index = found + 4
            guard Self.isHexPathByte(text, found) else { continue }
            let next = text.at(index)
            if text.holds("..", before: found) || next == UInt8(ascii: ".")
                || Self.isSeparator(next)
                || Self.isHexPathByte(text, index)
            {
                return rules.insert(.fileHexTraversal)
            }
        }
    }

    private static func isHexPathByte(_ text: Span<UInt8>, _ index: Int) -> Bool {
        text.holds("0x2e", at: index) || text.holds("0x2f", at: index)
            || text.holds("0x5c", at: index)
    }

    // MARK: Names

    private static func sensitive(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let match = FileVocabulary.automaton.first(in: text, from: index) {
            index = match.range.upperBound
            let before = text.at(match.range.lowerBound - 1)
            guard !TextByte.isWord(before), before != UInt8(ascii: "-"),
                before != UInt8(ascii: ")"),
                before != UInt8(ascii: "]")
            else { continue }
            let last = text.at(index - 1)
            // A whole name: `.profiles` is none of ours, `.git/` ends with its slash.
            if TextByte.isWord(last), TextByte.isWord(text.at(index)),
                text.at(match.range.lowerBound) == UInt8(ascii: ".")
            {
                continue
            }
            if Mention.isInSentence(text, match.range) { continue }
            return rules.insert(.fileSensitive)
        }
    }

    /// A segment of the path that begins with a dot, `.well-known` excepted (RFC 8615).
    private static func hidden(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let slash = text.index(of: "/.", from: index) {
            index = slash + 2
            if TextByte.isWord(text.at(index)), !text.holds("well-known", at: index) {
                return rules.insert(.fileHidden)
            }
        }
    }

    /// The path's last name is a file of the program's own.
    private static func deployment(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var start = text.count
        while start > 0, text[start - 1] != UInt8(ascii: "/") { start -= 1 }
        if FileVocabulary.deploymentTable.kind(of: text, start..<text.count) != 0 {
            rules.insert(.fileSensitive)
        }
    }

    private static func fileExtension(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var end = text.count
        while end > 0, text[end - 1] == UInt8(ascii: "/") { end -= 1 }
        if text.at(end - 1) == UInt8(ascii: "~"), TextByte.isWord(text.at(end - 2)) {
            return rules.insert(.fileExtension)
        }
        if Self.extensionKind(text, end: end) == 1 { rules.insert(.fileExtension) }
    }

    /// What a name's last extension is; behind an archive's the one before it.
    private static func extensionKind(_ text: Span<UInt8>, end: Int) -> UInt8 {
        var start = end
        while start > 0, end - start < 12, TextByte.isWord(text.at(start - 1)) { start -= 1 }
        guard start > 1, text.at(start - 1) == UInt8(ascii: "."),
            TextByte.isWord(text.at(start - 2))
        else { return 0 }
        let kind = FileVocabulary.extensionTable.kind(of: text, start..<end)
        return kind == 2 ? Self.extensionKind(text, end: start - 1) : kind
    }

    /// `backup.sql.zip` as a value.
    private static func dump(_ text: Span<UInt8>, into rules: inout RuleSet) {
        guard text.count < 256, text.contains(".sql") || text.contains(".bak") else { return }
        for index in text.indices where TextByte.isBlank(text[index]) { return }
        if Self.extensionKind(text, end: text.count) == 1 { rules.insert(.fileExtension) }
    }

    // MARK: Wrappers

    /// `data:text/plain,…`: media are ordinary, text and programs are not.
    private static func dataURL(_ text: Span<UInt8>, into rules: inout RuleSet) {
        let comma = text.index(of: UInt8(ascii: ","), from: 5, before: 128) ?? text.count
        guard comma > 5, comma < 128, !text.holds("//", at: 5) else { return }
        let slash = text.index(of: UInt8(ascii: "/"), from: 5, before: comma)
        guard slash != nil || comma < text.count else { return }
        for index in 5..<comma where TextByte.isBlank(text[index]) { return }
        for media in [
            "image/", "audio/", "video/", "font/", "application/pdf",
            "application/octet-stream", "application/zip", "application/vnd.", "application/json",
        ] as [StaticString]
        where text.holds(media, at: 5) {
            return
        }
        rules.insert(.fileWrapper)
    }

    private static func wrapper(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        let hasEntry = text.contains("!/")
        while let colon = text.index(of: UInt8(ascii: ":"), from: index) {
            index = colon + 1
            let hasSlashes = text.holds("//", at: index)
            var start = colon
            while start > 0, colon - start < 20,
                TextByte.isWord(text.at(start - 1)) || text.at(start - 1) == UInt8(ascii: ".")
            {
                start -= 1
            }
            guard start < colon else { continue }
            let isJar = text.holds("jar", at: start) && colon - start == 3
            guard hasSlashes || isJar && hasEntry else { continue }
            if FileVocabulary.wrapperTable.kind(of: text, start..<colon) != 0 {
                return rules.insert(.fileWrapper)
            }
        }
    }
}
