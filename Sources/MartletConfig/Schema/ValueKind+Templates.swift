import MartletHTTP

extension ValueKind<String> {
    /// A text with captures, which are checked against the route's patterns when it is complete.
    static func template(
        _ expected: String,
        check: @escaping @Sendable (String) throws(TextProblem) -> Void = { _ in }
    ) -> ValueKind {
        ValueKind(.text(expected: expected)) { node, decoder in
            guard let scalar = node.scalar, !scalar.isNull else {
                decoder.addMismatch(node, expected: expected)
                return nil
            }
            do throws(TextProblem) {
                let names = try TemplateText.captureNames(in: scalar.templateText)
                try check(scalar.templateText)
                decoder.templates.append(
                    .init(names: names, node: node, path: decoder.pathText))
                return scalar.templateText
            } catch {
                decoder.add(error, at: node, expected: expected)
                return nil
            }
        }
    }

    /// A header's value: a template, or the content of a file (`file:/run/secrets/token`).
    static let headerValue: ValueKind = {
        let plain = ValueKind<String>.template("a header value", check: checkHeaderValue)
        return ValueKind(plain.shape) { node, decoder in
            plain.decode(decoder.contents(of: node) ?? node, &decoder)
        }
    }()

    static func checkHeaderValue(_ text: String) throws(TextProblem) {
        let hasControl = text.utf8.contains {
            ByteClass.table[Int($0)] & ByteClass.fieldValue == 0
        }
        guard !hasControl else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) holds a control character",
                hint: "a header value is one line of visible characters and spaces",
                neutral: "holds a control character")
        }
        guard text.first != " ", text.first != "\t", text.last != " ", text.last != "\t" else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) begins or ends with white space, which is never sent",
                hint: "leave it out", neutral: "begins or ends with white space")
        }
    }

    /// A path that may hold captures.
    static let pathTemplate = ValueKind<String>.template(
        "a path such as `/orders/{rest}`",
        check: { text throws(TextProblem) in
            let shown = ConfigNode.quote(text)
            guard text.hasPrefix("/") else {
                throw TextProblem(
                    "the path \(shown) does not begin with `/`", hint: "write `/\(text)`")
            }
            guard !text.contains("?") else {
                throw TextProblem(
                    "\(shown): a path has no query", hint: "edit the query with `query`")
            }
            guard !text.contains("#") else {
                throw TextProblem(
                    "\(shown): a fragment (`#`) never reaches a server", hint: "leave it out")
            }
            try Self.checkPathBytes(text)
        })

    /// A path without captures.
    static let literalPath = ValueKind<String>.text(
        "a path such as `/v1`", pattern: "^/",
        parse: { text throws(TextProblem) in
            let pattern: PathPattern
            do throws(PathPatternError) {
                pattern = try PathPattern.parse(text)
            } catch {
                throw TextProblem("\(ConfigNode.quote(text)): \(error.message)", hint: error.hint)
            }
            guard pattern.captureNames.isEmpty else {
                throw TextProblem("\(ConfigNode.quote(text)): no captures are allowed here")
            }
            return text
        })

    private static func checkPathBytes(_ text: String) throws(TextProblem) {
        let isClean = text.utf8.allSatisfy {
            ByteClass.table[Int($0)] & ByteClass.target != 0 || $0 == 0x7b || $0 == 0x7d
        }
        guard isClean else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) holds what a path holds only percent-encoded",
                hint: "a space is `%20`")
        }
    }
}

extension ConfigDecoder {
    /// For `file:NAME`, a node with the file's content in its place; otherwise `nil`.
    mutating func contents(of node: ConfigNode) -> ConfigNode? {
        guard let scalar = node.scalar, scalar.text.hasPrefix("file:"), !scalar.isMissing else {
            return nil
        }
        return self.contents(ofFile: String(scalar.text.dropFirst("file:".count)), at: node)
    }

    /// The content of a file without its last line end; it is never shown.
    mutating func contents(ofFile name: String, at node: ConfigNode) -> ConfigNode {
        var result = node
        var content = ConfigNode.Scalar(text: "", templateText: "", isPlain: false)
        content.isSecret = true
        content.isSubstituted = true
        do throws(ConfigFiles.Failure) {
            let resolved = self.files.resolve(name, in: node.location.file)
            var text = try self.files.read(resolved, bytesMax: ConfigFiles.secretBytesMax)
            self.filesRead.append(resolved)
            if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
            content.setSubstituted(text)
        } catch {
            let shown = node.scalar?.isSecret == true ? "`<secret>`" : ConfigNode.quote(name)
            self.add(
                at: node, "the file \(shown) cannot be used: \(error.reason)",
                hint: error.hint)
            content.isMissing = true
        }
        result.value = .scalar(content)
        return result
    }
}
