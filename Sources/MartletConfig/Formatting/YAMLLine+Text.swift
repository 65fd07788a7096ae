extension YAMLLine {
    /// The content in its canonical spacing, without indentation and dashes.
    var formatted: String {
        var text = ""
        var previous: Piece?
        for (index, piece) in self.pieces.enumerated() {
            let isUnfinished = index == self.pieces.count - 1 && self.state.quote != nil
            let isContinued = index == 0 && self.continuesQuote
            if let previous { text += self.space(between: previous, and: piece) }
            switch piece {
            case .punctuation(let character): text.append(character)
            case .colon: text += ":"
            case .plain(let plain), .comment(let plain): text += plain
            case .quoted(let quoted):
                text += isUnfinished || isContinued ? quoted : Self.unquoted(quoted)
            }
            previous = piece
        }
        return text
    }

    private func space(between left: Piece, and right: Piece) -> String {
        if case .comment = right { return self.commentGap.count > 1 ? self.commentGap : "  " }
        switch (left, right) {
        case (_, .colon), (_, .punctuation(",")): return ""
        case (.punctuation("["), _), (_, .punctuation("]")): return ""
        case (.punctuation("{"), .punctuation("}")): return ""
        default: return " "
        }
    }

    /// Plain text if that means the same; only for what cannot be mistaken.
    private static func unquoted(_ quoted: String) -> String {
        let text = String(quoted.dropFirst().dropLast())
        guard let first = text.utf8.first, quoted.utf8.count >= 3 else { return quoted }
        let isLetter = 0x61...0x7a ~= first | 0x20 && first >= 0x41
        let isSimple = text.utf8.allSatisfy { byte in
            0x61...0x7a ~= byte | 0x20 && byte >= 0x41 || 0x30...0x39 ~= byte || byte == 0x2d
                || byte == 0x2e || byte == 0x2f || byte == 0x5f
        }
        let isWord = self.words.contains(text.lowercased())
        return (isLetter || first == 0x2f) && isSimple && !isWord ? text : quoted
    }

    /// Words that mean something else without quotes, in YAML 1.1 or 1.2.
    private static let words: Set<String> = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n",
    ]
}
