/// Reads a configuration: YAML or JSON text, its includes, environment and secrets, to a document.
///
/// Everything that is wrong is found in one run. Bounded: bytes of a file, values of a tree, depth
/// and number of includes.
package struct ConfigLoader {
    static let includeDepthMax = 8
    static let filesMax = 1000

    private var decoder: ConfigDecoder
    private let environment: [String: String]
    private var document = ConfigDocument()
    /// A file could not be read, so names may be missing that it would have defined.
    private var isIncomplete = false
    private var filesSeen: [String] = []
    private var sources: [String: SourceText] = [:]
    /// Where each file was first included from.
    private var included: [String: SourceLocation] = [:]

    private init(environment: [String: String], directory: String, now: Int64?) {
        self.environment = environment
        self.decoder = ConfigDecoder(files: ConfigFiles(directory: directory))
        self.decoder.now = now
    }

    /// Loads a file; `-` is standard input.
    ///
    /// - `now`: seconds since 1970, for warnings about what is over; `nil` gives none.
    package static func load(
        path: String, environment: [String: String], now: Int64? = nil
    ) -> ConfigLoadResult {
        var loader = ConfigLoader(environment: environment, directory: "", now: now)
        if let text = loader.read(
            path, shown: ConfigNode.quote(path),
            at: SourceLocation(file: path, line: 0, column: 0))
        {
            loader.loadMain(text, file: path)
        }
        return loader.finish()
    }

    /// Loads text as if it stood in `file`.
    ///
    /// - `directory`: what relative names of files are relative to; empty is the
    ///   process's working directory.
    package static func load(
        text: String, file: String, environment: [String: String], directory: String = "",
        now: Int64? = nil
    ) -> ConfigLoadResult {
        var loader = ConfigLoader(environment: environment, directory: directory, now: now)
        loader.loadMain(text, file: file)
        return loader.finish()
    }

    private mutating func loadMain(_ text: String, file: String) {
        self.included[file] = SourceLocation(file: file, line: 1, column: 1)
        guard let node = self.compose(text, file: file) else { return }
        SecretCheck.check(node, &self.decoder)
        ConfigDocument.record.decode(node, into: &self.document, &self.decoder)
        self.include(from: node, stack: [file])
        if !self.isIncomplete {
            ReferenceCheck.check(self.document, root: node, &self.decoder)
        }
        ProtectedResourceRoute.add(to: &self.document)
        RouteNaming.fill(&self.document.routes)
    }

    private mutating func finish() -> ConfigLoadResult {
        let diagnostics = self.sorted(self.decoder.diagnostics)
        let isValid = !diagnostics.contains { $0.severity == .error }
        let files = self.filesSeen + self.decoder.filesRead.map(self.decoder.files.location)
        return ConfigLoadResult(
            document: isValid ? self.document : nil, diagnostics: diagnostics,
            files: files, sources: self.sources.merging(self.decoder.sourcesRead) { own, _ in own })
    }

    /// By file in the order of reading, line and column, each only once.
    private func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        var order: [String: Int] = [:]
        for (index, file) in self.filesSeen.enumerated() where order[file] == nil {
            order[file] = index
        }
        let key = { (diagnostic: Diagnostic) in
            let location = diagnostic.location
            let file = order[self.decoder.files.location(of: location.file)] ?? 0
            return (file, location.line, location.column)
        }
        var seen: [SourceLocation: [Diagnostic]] = [:]
        let unique = diagnostics.filter { diagnostic in
            if seen[diagnostic.location]?.contains(diagnostic) == true { return false }
            seen[diagnostic.location, default: []].append(diagnostic)
            return true
        }
        return unique.enumerated().sorted { left, right in
            let (leftKey, rightKey) = (key(left.element), key(right.element))
            return leftKey != rightKey ? leftKey < rightKey : left.offset < right.offset
        }.map(\.element)
    }
}

// MARK: - Files

extension ConfigLoader {
    private mutating func read(
        _ file: String, shown: String, at location: SourceLocation
    ) -> String? {
        self.filesSeen.append(self.decoder.files.location(of: file))
        do throws(ConfigFiles.Failure) {
            return try self.decoder.files.read(file, bytesMax: ConfigFiles.configBytesMax)
        } catch {
            self.decoder.add(
                at: location, "the file \(shown) cannot be used: \(error.reason)",
                hint: error == .tooLarge ? "at most 16MiB" : nil)
            return nil
        }
    }

    /// The file's root mapping.
    private mutating func compose(_ text: String, file: String) -> ConfigNode? {
        let text =
            text.unicodeScalars.first == "\u{FEFF}"
            ? String(text.unicodeScalars.dropFirst()) : text
        if self.filesSeen.isEmpty { self.filesSeen.append(self.decoder.files.location(of: file)) }
        self.sources[file] = SourceText(text)
        let start = SourceLocation(file: file, line: 1, column: 1)
        guard text.utf8.count <= ConfigFiles.configBytesMax else {
            self.decoder.add(at: start, "the file is too large", hint: "at most 16MiB")
            return nil
        }
        var composer = YAMLComposer(file: file, environment: self.environment)
        let node = composer.compose(text)
        self.decoder.diagnostics += composer.diagnostics
        guard let node, !node.isNull else {
            if composer.diagnostics.isEmpty {
                self.decoder.add(
                    at: start, "the file is empty", hint: "begin with `listeners:`")
            }
            return nil
        }
        guard case .mapping = node.value else {
            self.decoder.add(
                at: node, "expected a mapping at the top of the file, found \(node.found)",
                hint: "begin with `listeners:`")
            return nil
        }
        return node
    }

    private mutating func include(from node: ConfigNode, stack: [String]) {
        guard let list = node["include"] else { return }
        self.decoder.path = [.key("include")]
        defer { self.decoder.path = [] }
        let kind = ValueKind<[Named<ConfigNode>]>.oneOrMany(
            ValueKind(.text(expected: "a file name such as `routes/*.yaml`")) { node, decoder in
                ValueKind<String>.string("a file name such as `routes/*.yaml`")
                    .decode(node, &decoder).map { Named(name: $0, value: node) }
            }, isEmptyAllowed: true)
        for name in kind.decode(list, &self.decoder) ?? [] {
            for file in self.files(for: name.name, at: name.value) {
                self.includeFile(file, at: name.value, stack: stack)
            }
        }
    }

    private mutating func files(for pattern: String, at node: ConfigNode) -> [String] {
        let resolved = self.decoder.files.resolve(pattern, in: node.location.file)
        guard ConfigFiles.isPattern(pattern) else { return [resolved] }
        let files = self.decoder.files.matches(resolved)
        if files.isEmpty {
            self.isIncomplete = true
            self.decoder.add(
                at: node, "no file matches \(node.quoted)",
                hint: "names are relative to the file that includes them")
        }
        return files
    }

    private mutating func includeFile(_ file: String, at node: ConfigNode, stack: [String]) {
        let isSecret = node.scalar?.isSecret ?? false
        let shown = isSecret ? node.quoted : ConfigNode.quote(file)
        if stack.contains(file) {
            self.decoder.add(
                at: node, "\(shown) includes itself, directly or through others",
                hint: "remove one of the two includes", related: self.included[file])
            return
        }
        if let other = self.included[file] {
            self.decoder.add(
                at: node, "\(shown) is included twice",
                hint: "remove one of the two", related: other)
            return
        }
        guard stack.count < Self.includeDepthMax else {
            self.decoder.add(at: node, "includes are nested more than \(Self.includeDepthMax) deep")
            return
        }
        guard self.included.count < Self.filesMax else {
            self.decoder.add(at: node, "more than \(Self.filesMax) files")
            return
        }
        self.included[file] = node.location
        let wasIncomplete = self.isIncomplete
        self.isIncomplete = true
        guard let text = self.read(file, shown: shown, at: node.location),
            let root = self.compose(text, file: file)
        else { return }
        self.isIncomplete = wasIncomplete
        self.decoder.path = []
        SecretCheck.check(root, &self.decoder)
        ConfigDocument.includedRecord.decode(root, into: &self.document, &self.decoder)
        self.include(from: root, stack: stack + [file])
        self.decoder.path = [.key("include")]
    }
}
