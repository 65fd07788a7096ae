/// Checks across the whole configuration, done when every file has been read.
enum ReferenceCheck {
    static func check(
        _ document: ConfigDocument, root: ConfigNode, _ decoder: inout ConfigDecoder
    ) {
        decoder.path = []
        self.checkReferences(&decoder)
        let declared = decoder.declared[.listener] ?? [:]
        // What stands under `listeners` but is no mapping has been reported.
        let isMalformed = root["listeners"].map {
            if case .mapping = $0.value { false } else { true }
        }
        if declared.isEmpty, isMalformed != true {
            decoder.add(
                at: root, "there is no listener, so nobody could connect",
                hint: "add `listeners: { public: \":8080\" }`")
        }
        self.warnOfUnused(&decoder)
        self.checkAddresses(document, &decoder)
        NeedCheck.check(document, root: root, &decoder)
        ListenerAuthenticationCheck.check(document, &decoder)
        ExceptionCheck.check(document, &decoder)
        SecurityCheck.check(document, &decoder)
    }

    private static func checkReferences(_ decoder: inout ConfigDecoder) {
        for reference in decoder.references {
            guard let scalar = reference.node.scalar else { continue }
            let declared = decoder.declared[reference.subject] ?? [:]
            guard declared[scalar.text] == nil else { continue }
            let names = declared.keys.sorted()
            let subject = reference.subject.rawValue
            let nearest =
                scalar.isSecret
                ? nil : EditDistance.nearest(to: scalar.text, among: names)
            let list = names.prefix(10).map { "`\($0)`" }.joined(separator: ", ")
            let hint =
                nearest.map { "did you mean `\($0)`?" }
                ?? (names.isEmpty
                    ? "there is none; add it under `\(reference.subject.place)`"
                    : "the \(reference.subject.plural) are \(list)\(names.count > 10 ? " …" : "")")
            decoder.diagnostics.append(
                Diagnostic(
                    .error, at: reference.node.location, path: reference.path,
                    "there is no \(subject) named \(reference.node.quoted)", hint: hint))
        }
    }

    private static func warnOfUnused(_ decoder: inout ConfigDecoder) {
        for subject in [ConfigDecoder.Subject.upstream, .rateLimit] {
            let used = Set(
                decoder.references.filter { $0.subject == subject }.compactMap {
                    $0.node.scalar?.text
                })
            for (name, location) in decoder.declared[subject] ?? [:] where !used.contains(name) {
                decoder.diagnostics.append(
                    Diagnostic(
                        .warning, at: location, path: "\(subject.place).\(name)",
                        "no route uses the \(subject.rawValue) \(ConfigNode.quote(name))",
                        hint: "remove it, or name it in a route"))
            }
        }
    }

    /// Two listeners on one address: only the first could be opened.
    private static func checkAddresses(
        _ document: ConfigDocument, _ decoder: inout ConfigDecoder
    ) {
        var seen: [String: SourceLocation] = [:]
        for listener in document.listeners where listener.address.port != 0 {
            let address = listener.address.text
            if let other = seen[address] {
                decoder.diagnostics.append(
                    Diagnostic(
                        .error, at: listener.source, path: "listeners.\(listener.name)",
                        "two listeners have the same address", hint: "give each its own port",
                        related: other))
            }
            seen[address] = listener.source
        }
        let admin = document.admin
        if admin.enabled, admin.address.port != 0, let other = seen[admin.address.text] {
            decoder.diagnostics.append(
                Diagnostic(
                    .error, at: other, path: "admin",
                    "this listener has the address of the admin listener",
                    hint: "give one of them another port"))
        }
    }
}
