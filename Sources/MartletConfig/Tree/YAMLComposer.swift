import Yams

/// Turns YAML text into a tree of `ConfigNode`s, with a diagnostic for everything that is refused.
///
/// Bounded: the nodes of a tree after aliases are expanded, and its depth. Duplicate keys are
/// found all at once: Yams stops at the first, so its key is renamed in place and the text is
/// composed again.
struct YAMLComposer {
    static let nodeCountMax = 1_000_000
    static let depthMax = 64
    static let duplicatesMax = 20
    /// First of the private-use characters that mark a renamed key.
    private static let renamedKeys: ClosedRange<UInt32> = 0xE000...0xE0FF

    let file: String
    let environment: [String: String]
    /// Off for the formatter, which keeps `${NAME}` as it is.
    let isSubstituting: Bool
    var diagnostics: [Diagnostic] = []
    private var nodeCount = 0
    private var isOverflowing = false
    /// For each renamed key's new first character, the one it had.
    private var renamed: [UnicodeScalar: UnicodeScalar] = [:]

    init(file: String, environment: [String: String], isSubstituting: Bool = true) {
        self.file = file
        self.environment = environment
        self.isSubstituting = isSubstituting
    }

    /// The root node, or `nil` if the text is no YAML or empty; `diagnostics` says why.
    mutating func compose(_ text: String) -> ConfigNode? {
        var text = text
        for attempt in 0...Self.duplicatesMax {
            do {
                guard let node = try Yams.compose(yaml: text, .basic, .default, .utf8) else {
                    return nil
                }
                return self.convert(node, depth: 0)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let key = self.original(keys.first ?? "")
                guard attempt < Self.duplicatesMax,
                    let renamed = self.rename(
                        keys.first ?? "", at: context.mark, in: text, attempt: attempt)
                else {
                    self.addDuplicate(key, at: self.location(context.mark), related: nil)
                    return nil
                }
                text = renamed
            } catch let error as YamlError {
                self.add(error, text: text)
                return nil
            } catch {
                self.add(at: self.location(line: 1, column: 1), "this is not YAML: \(error)")
                return nil
            }
        }
        return nil
    }

    private func location(line: Int, column: Int) -> SourceLocation {
        SourceLocation(file: self.file, line: line, column: column)
    }

    private func location(_ mark: Mark?) -> SourceLocation {
        self.location(line: mark?.line ?? 0, column: mark?.column ?? 0)
    }

    private mutating func add(at location: SourceLocation, _ message: String, hint: String? = nil) {
        self.diagnostics.append(Diagnostic(.error, at: location, path: "", message, hint: hint))
    }
}

// MARK: - Nodes

extension YAMLComposer {
    private mutating func convert(_ node: Node, depth: Int) -> ConfigNode? {
        let location = self.location(node.mark)
        self.nodeCount += 1
        guard self.nodeCount <= Self.nodeCountMax, depth <= Self.depthMax else {
            self.addOverflow(at: location, depth: depth)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            self.checkTag(scalar.tag, at: location)
            return self.convert(scalar, at: location)
        case .sequence(let sequence):
            self.checkTag(sequence.tag, at: location)
            var nodes: [ConfigNode] = []
            for child in sequence {
                guard let node = self.convert(child, depth: depth + 1) else { return nil }
                nodes.append(node)
            }
            return ConfigNode(value: .sequence(nodes), location: location)
        case .mapping(let mapping):
            self.checkTag(mapping.tag, at: location)
            return self.convert(mapping, at: location, depth: depth)
        case .alias:
            self.add(at: location, "this alias cannot be read")
            return nil
        }
    }

    private mutating func convert(
        _ mapping: Node.Mapping, at location: SourceLocation, depth: Int
    ) -> ConfigNode? {
        var entries: [ConfigNode.Entry] = []
        var first: [String: SourceLocation] = [:]
        for (keyNode, child) in mapping {
            let keyLocation = self.location(keyNode.mark)
            guard let node = self.convert(child, depth: depth + 1) else { return nil }
            guard case .scalar(let key) = keyNode else {
                self.add(at: keyLocation, "a key is text, not a list or a mapping")
                continue
            }
            let original = self.original(key.string)
            if let other = first[original] {
                self.addDuplicate(original, at: keyLocation, related: other)
            }
            if original != key.string {
                first[original] = keyLocation
                continue
            }
            if key.string == "<<", key.style == .plain {
                self.add(
                    at: keyLocation, "merge keys (`<<`) are not supported",
                    hint: "use an alias for the whole value: `timeouts: *slow`")
                continue
            }
            entries.append(.init(key: key.string, keyLocation: keyLocation, node: node))
        }
        return ConfigNode(value: .mapping(entries), location: location)
    }

    private mutating func convert(_ scalar: Node.Scalar, at location: SourceLocation) -> ConfigNode
    {
        let isPlain = scalar.style == .plain || scalar.style == .any
        guard self.isSubstituting else {
            let result = ConfigNode.Scalar(
                text: scalar.string, templateText: scalar.string, isPlain: isPlain)
            return ConfigNode(value: .scalar(result), location: location)
        }
        var substitution = EnvironmentSubstitution(environment: self.environment)
        let result = substitution.substitute(in: scalar.string, isPlain: isPlain)
        for problem in substitution.problems {
            self.add(at: location, problem.message, hint: problem.hint)
        }
        return ConfigNode(value: .scalar(result), location: location)
    }

    /// Tags (`!!binary`, `!foo`) would be ignored silently, so they are refused.
    private mutating func checkTag(_ tag: Tag, at location: SourceLocation) {
        let name = String(describing: tag)
        let isUnderstood =
            name.isEmpty || name == "!" || name.hasSuffix(":str")
            || name.hasSuffix(":map") || name.hasSuffix(":seq")
        guard !isUnderstood else { return }
        self.add(at: location, "YAML tags such as \(ConfigNode.quote(name)) are not supported")
    }

    private mutating func addOverflow(at location: SourceLocation, depth: Int) {
        guard !self.isOverflowing else { return }
        self.isOverflowing = true
        if depth > Self.depthMax {
            self.add(at: location, "nested more than \(Self.depthMax) levels deep")
        } else {
            self.add(
                at: location,
                "more than \(Self.nodeCountMax) values, once every alias is expanded",
                hint: "aliases of aliases multiply; write the values out or use fewer")
        }
    }
}

// MARK: - Errors of the YAML itself

extension YAMLComposer {
    private mutating func add(_ error: YamlError, text: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _):
            let location = self.location(mark)
            let start = context.map { self.location($0.mark) }
            self.diagnostics.append(
                Diagnostic(
                    .error, at: location, path: "", "this is not YAML: \(problem)",
                    hint: Self.hint(
                        for: problem, line: Self.line(mark.line, of: text),
                        column: mark.column),
                    related: start == location ? nil : start))
        case .composer(_, let problem, let mark, _):
            let isStream = problem.contains("another document")
            self.add(
                at: self.location(mark),
                isStream ? "a file holds one YAML document, here begins a second" : problem,
                hint: isStream
                    ? "remove the `---`, or move it to a file of its own and `include` it" : nil)
        case .reader(let problem, let offset, _, _):
            let place = Self.place(ofCharacter: offset ?? 0, in: text)
            self.add(
                at: self.location(line: place.line, column: place.column),
                "this is not YAML: \(problem)")
        default:
            self.add(at: self.location(line: 1, column: 1), "this is not YAML")
        }
    }

    private static func hint(for problem: String, line: String, column: Int) -> String? {
        if line.contains("\t") { return "indent with spaces: YAML allows no tabs there" }
        if problem.contains("mapping values are not allowed") {
            return "quote a value that holds `: `, and check the indentation"
        }
        if problem.contains("could not find expected ':'") {
            return "a key is followed by `:` and a space"
        }
        if problem.contains("unexpected end of stream") { return "a quote is not closed" }
        if problem.contains("expected ',' or"), column == 1 {
            return "a bracket is not closed, or a comma is missing"
        }
        if line.contains("{") || line.contains("*") {
            return "put quotes around a value that holds `{`, `}`, `*`, `#` or `: `"
        }
        return nil
    }

    private static func line(_ number: Int, of text: String) -> String {
        SourceText(text).line(number) ?? ""
    }

    private static func place(ofCharacter offset: Int, in text: String) -> (line: Int, column: Int)
    {
        var place = (line: 1, column: 1)
        for character in text.prefix(max(0, offset)) {
            if character.isNewline { place = (place.line + 1, 1) } else { place.column += 1 }
        }
        return place
    }
}

// MARK: - Duplicate keys

extension YAMLComposer {
    private mutating func addDuplicate(
        _ key: String, at location: SourceLocation, related: SourceLocation?
    ) {
        self.diagnostics.append(
            Diagnostic(
                .error, at: location, path: "", "the key \(ConfigNode.quote(key)) is given twice",
                hint: "keep one of the two", related: related))
    }

    /// Renames the first of two equal keys, keeping its length so that every other mark holds.
    private mutating func rename(
        _ key: String, at mark: Mark, in text: String, attempt: Int
    ) -> String? {
        guard let first = key.unicodeScalars.first,
            let marker = UnicodeScalar(Self.renamedKeys.lowerBound + UInt32(attempt))
        else { return nil }
        var scalars = Array(text.unicodeScalars)
        var start = 0
        for _ in 1..<max(1, mark.line) {
            guard let end = scalars[start...].firstIndex(where: { $0 == "\n" }) else { return nil }
            start = end + 1
        }
        start += mark.column - 1
        guard start >= 0, start < scalars.count else { return nil }
        if scalars[start] == "\"" || scalars[start] == "'" { start += 1 }
        guard start < scalars.count, scalars[start] == first else { return nil }
        scalars[start] = marker
        var renamed = String.UnicodeScalarView()
        renamed.append(contentsOf: scalars)
        self.renamed[marker] = first
        return String(renamed)
    }

    /// A key as it was written.
    private func original(_ key: String) -> String {
        guard let marker = key.unicodeScalars.first, let first = self.renamed[marker] else {
            return key
        }
        return String(first) + String(key.unicodeScalars.dropFirst())
    }
}
