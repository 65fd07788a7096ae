/// What is gathered while documents are decoded: diagnostics, and names to be looked up at the end.
struct ConfigDecoder {
    enum PathStep {
        case key(String)
        case index(Int)
    }

    /// What a name is the name of.
    enum Subject: String, CaseIterable {
        case listener, upstream, route, issuer, policy, consumer, region, login
        case rateLimit = "rate limit"

        var plural: String { self == .policy ? "policies" : "\(self.rawValue)s" }

        /// The key that such things stand under.
        var place: String {
            switch self {
            case .issuer, .policy, .login: "authentication.\(self.plural)"
            case .rateLimit: "rate-limits"
            case .listener, .upstream, .route, .consumer, .region: self.plural
            }
        }
    }

    /// A use of a name, checked when every file has been read.
    struct Reference {
        var subject: Subject
        var node: ConfigNode
        var path: String
    }

    /// A text with captures, checked against its route's patterns.
    struct Template {
        var names: [String]
        var node: ConfigNode
        var path: String
    }

    /// The folder that file names in the configuration are relative to.
    let files: ConfigFiles
    /// Seconds since 1970, for what ends by itself; `nil` if that is not to be looked at.
    var now: Int64?
    var diagnostics: [Diagnostic] = []
    var path: [PathStep] = []
    var references: [Reference] = []
    /// Files whose content was put into values.
    var filesRead: [String] = []
    /// The text of those that messages show lines of.
    var sourcesRead: [String: SourceText] = [:]
    /// Since the current route began.
    var templates: [Template] = []
    var needs: [Need] = []
    /// Since the current route began.
    var openNeeds: [Need] = []
    private(set) var declared: [Subject: [String: SourceLocation]] = [:]

    init(files: ConfigFiles) {
        self.files = files
    }

    var pathText: String {
        var text = ""
        for step in self.path {
            switch step {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }

    // MARK: - Diagnostics

    mutating func add(
        _ severity: Diagnostic.Severity = .error, at node: ConfigNode, _ message: String,
        hint: String? = nil, related: SourceLocation? = nil
    ) {
        self.add(severity, at: node.location, message, hint: hint, related: related)
    }

    mutating func add(
        _ severity: Diagnostic.Severity = .error, at location: SourceLocation, _ message: String,
        hint: String? = nil, related: SourceLocation? = nil
    ) {
        self.diagnostics.append(
            Diagnostic(
                severity, at: location, path: self.pathText, message, hint: hint, related: related))
    }

    mutating func addMismatch(_ node: ConfigNode, expected: String, hint: String? = nil) {
        self.add(at: node, "expected \(expected), found \(node.found)", hint: hint)
    }

    /// A reason may quote the value, so it is not told for a secret.
    mutating func add(_ problem: TextProblem, at node: ConfigNode, expected: String) {
        guard node.scalar?.isSecret != true else {
            if let neutral = problem.neutral {
                self.add(at: node, "`<secret>` \(neutral)", hint: problem.hint)
            } else {
                self.addMismatch(node, expected: expected)
            }
            return
        }
        self.add(at: node, problem.message, hint: problem.hint)
    }

    mutating func addUnknown(
        _ entry: ConfigNode.Entry, in name: String, known: [String], nearest: String?
    ) {
        let hint =
            nearest.map { "did you mean `\($0)`?" }
            ?? "known keys: " + known.map { "`\($0)`" }.joined(separator: ", ")
        self.path.append(.key(entry.key))
        self.add(
            at: entry.keyLocation, "unknown key \(ConfigNode.quote(entry.key)) in \(name)",
            hint: hint)
        self.path.removeLast()
    }

    mutating func check(
        _ entry: ConfigNode.Entry, _ check: (String) throws(TextProblem) -> Void
    ) {
        do throws(TextProblem) {
            try check(entry.key)
        } catch {
            self.add(at: entry.keyLocation, error.message, hint: error.hint)
        }
    }

    // MARK: - Names

    /// Notes that a name is defined here; a second definition is an error.
    ///
    /// - `shown`: the name as a message may show it.
    mutating func declare(
        _ subject: Subject, _ name: String, at location: SourceLocation, shown: String? = nil
    ) {
        let shown = shown ?? ConfigNode.quote(name)
        if let other = self.declared[subject]?[name] {
            self.add(
                at: location, "there are two \(subject.rawValue)s named \(shown)",
                hint: "give each its own name", related: other)
            return
        }
        self.declared[subject, default: [:]][name] = location
    }

    mutating func refer(to subject: Subject, _ node: ConfigNode) {
        self.references.append(Reference(subject: subject, node: node, path: self.pathText))
    }
}
