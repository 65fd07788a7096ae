/// Rewrites the lines of a YAML text, keeping track of the levels of its blocks.
struct YAMLLayout {
    /// A block of the text: the column that its keys or dashes have, and the one that they get.
    private struct Level {
        var old: Int
        var new: Int
        /// A list's dashes, which may stand right below the key that they belong to.
        var isList: Bool
    }

    private var levels: [Level] = []
    private var state = YAMLLine.State()
    private var output: [String] = []
    /// Comments and blank lines wait for the line that they stand above.
    private var waiting: [YAMLLine] = []
    /// The new column of the line that an open flow collection or scalar began on.
    private var openColumn = 0
    /// The old columns of a block scalar's parent, and of its content once that is known.
    private var block: (parent: Int, new: Int, content: Int?)?
    /// What continues the last scalar is indented more than this old column.
    private var openParent = -1
    /// The last block line ended with a plain scalar that the next may continue.
    private var lastEndsOpen = false

    /// - Returns: `nil` if the text has a form that is not understood.
    mutating func lay(_ text: String) -> String? {
        for text in SourceText(text).all {
            if self.layBlockScalar(text) { continue }
            let line = YAMLLine(text, after: self.state)
            if line.isForeign || text.hasPrefix("%") { return nil }
            if line.blockScalar?.contains(where: \.isNumber) == true { return nil }
            self.lay(line)
        }
        self.flushWaiting(before: nil)
        while self.output.last?.isEmpty == true { self.output.removeLast() }
        guard !self.output.isEmpty else { return "" }
        return self.separated().joined(separator: "\n") + "\n"
    }

    private mutating func lay(_ line: YAMLLine) {
        if self.state != YAMLLine.State() {
            self.layContinuation(line)
        } else if line.isBlank || line.isComment {
            self.waiting.append(line)
        } else {
            self.layBlockLine(line)
        }
        self.state = line.state
    }

    // MARK: - Lines that begin a value

    private mutating func layBlockLine(_ line: YAMLLine) {
        let isNested = self.isContinuationOfPlain(line)
        if isNested {
            // A plain scalar goes on: its line ends are folded, so any deeper column will do.
            self.flushWaiting(before: self.openColumn + 2)
            self.emit(line.formatted, at: self.openColumn + 2)
            return
        }
        var column = self.enter(
            line.dashes.first ?? line.indentation, isList: !line.dashes.isEmpty)
        self.flushWaiting(before: column)
        let start = column
        for index in line.dashes.indices {
            let next = index + 1 < line.dashes.count ? line.dashes[index + 1] : line.contentColumn
            column += 2
            let isList = index + 1 < line.dashes.count
            if !line.pieces.isEmpty || isList {
                self.levels.append(Level(old: next, new: column, isList: isList))
            }
        }
        let dashes = line.dashes.map { _ in "-" }.joined(separator: " ")
        let content = line.formatted
        let space = dashes.isEmpty || content.isEmpty ? "" : " "
        self.emit(dashes + space + content, at: start)
        self.openColumn = self.levels.last?.new ?? 0
        self.lastEndsOpen = Self.endsWithText(line)
        self.openParent = self.parent(of: line)
        if line.blockScalar != nil {
            self.block = (self.openParent, self.openColumn + (line.hasKey ? 2 : 0), nil)
        }
    }

    /// The new column of a block line that has this old one.
    private mutating func enter(_ old: Int, isList: Bool) -> Int {
        while let last = self.levels.last,
            last.old > old || (last.old == old && last.isList && !isList)
        {
            self.levels.removeLast()
        }
        if let last = self.levels.last, last.old == old, last.isList == isList { return last.new }
        let new = self.levels.last.map { $0.new + 2 } ?? 0
        self.levels.append(Level(old: old, new: new, isList: isList))
        return new
    }

    /// The old column that a scalar on this line belongs to.
    private func parent(of line: YAMLLine) -> Int {
        if line.hasKey { return line.contentColumn }
        if let dash = line.dashes.last { return dash }
        return self.levels.dropLast().last?.old ?? -1
    }

    private static func endsWithText(_ line: YAMLLine) -> Bool {
        switch line.pieces.last {
        case .plain: line.blockScalar == nil
        default: false
        }
    }

    private func isContinuationOfPlain(_ line: YAMLLine) -> Bool {
        self.lastEndsOpen && self.waiting.isEmpty && line.indentation > self.openParent
    }

    // MARK: - Lines inside something open

    private mutating func layContinuation(_ line: YAMLLine) {
        if line.isBlank {
            self.output.append("")
            return
        }
        var closers = 0
        for piece in line.pieces {
            guard piece == .punctuation("}") || piece == .punctuation("]") else { break }
            closers += 1
        }
        let depth = max(0, self.state.flowDepth - closers)
        let isQuote = line.continuesQuote && self.state.flowDepth == 0
        self.emit(line.formatted, at: self.openColumn + (isQuote ? 2 : depth * 2))
        self.lastEndsOpen = false
    }

    /// - Returns: whether the line belongs to a block scalar.
    private mutating func layBlockScalar(_ text: String) -> Bool {
        guard var block = self.block else { return false }
        let indentation = text.prefix { $0 == " " }.count
        let isBlank = text.allSatisfy { $0 == " " }
        if !isBlank, indentation <= block.parent {
            self.block = nil
            self.lastEndsOpen = false
            return false
        }
        if isBlank, indentation <= block.content ?? Int.max {
            self.output.append("")
            return true
        }
        let content = block.content ?? indentation
        block.content = content
        self.block = block
        let kept = String(repeating: " ", count: max(0, indentation - content))
        self.emit(kept + String(text.dropFirst(indentation)), at: block.new)
        return true
    }

    // MARK: - Output

    private mutating func emit(_ text: String, at column: Int) {
        self.output.append(String(repeating: " ", count: column) + text)
    }

    /// Writes the comments and at most one blank line of each run, above a line at `column`.
    private mutating func flushWaiting(before column: Int?) {
        for line in self.waiting {
            if line.isBlank {
                if self.output.last?.isEmpty == false { self.output.append("") }
                continue
            }
            self.emit(line.formatted, at: column ?? self.column(ofTrailing: line))
        }
        self.waiting = []
    }

    /// Comments at the end of the text stay with the level that they are written at.
    private func column(ofTrailing line: YAMLLine) -> Int {
        self.levels.last { $0.old <= line.indentation }?.new ?? 0
    }

    /// One blank line around each section of several lines at the top level.
    private func separated() -> [String] {
        var lines: [String] = []
        for (index, line) in self.output.enumerated() {
            if self.beginsSection(index), let previous = lines.last, !previous.isEmpty {
                lines.append("")
            }
            lines.append(line)
        }
        return lines
    }

    /// Whether a key, or the comment above it, begins here and it or the one before has a body.
    private func beginsSection(_ index: Int) -> Bool {
        guard self.isTopLevel(index), index > 0, !self.isComment(index - 1) else { return false }
        if self.output[index - 1].hasPrefix(" ") { return true }
        var key = index
        while key < self.output.count, self.isComment(key) { key += 1 }
        return key + 1 < self.output.count && self.output[key + 1].hasPrefix(" ")
            && !self.output[index - 1].hasPrefix("---")
    }

    private func isTopLevel(_ index: Int) -> Bool {
        guard let first = self.output[index].first else { return false }
        return first != " " && first != "-" && first != "}" && first != "]"
    }

    private func isComment(_ index: Int) -> Bool { self.output[index].hasPrefix("#") }
}
