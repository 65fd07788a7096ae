import MartletConfig
import MartletHTTP

/// Names that the configuration uses, with the indices that the tables use for them.
struct RouteNames {
    var listeners: [String: Int]
    private(set) var extensionMethods: [String] = []

    init(listeners: [String]) {
        self.listeners = Dictionary(
            listeners.enumerated().map { ($0.element, $0.offset) },
            uniquingKeysWith: { one, _ in one })
    }

    /// The set of one method; `nil` if there are too many extension methods.
    mutating func methodSet(_ name: String) -> MethodSet? {
        let method = Method(Array(name.utf8).span)
        if method != .other { return MethodSet(method) }
        if let index = self.extensionMethods.firstIndex(of: name) {
            return MethodSet(extensionIndex: index)
        }
        guard self.extensionMethods.count < MethodSet.extensionCountMax else { return nil }
        self.extensionMethods.append(name)
        return MethodSet(extensionIndex: self.extensionMethods.count - 1)
    }
}

/// Spreads routes into candidates: hosts × paths, and HEAD apart where it is only implied.
struct RouteExpansion {
    var names: RouteNames
    private(set) var candidates: [RouteCandidate] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(listeners: [String]) {
        self.names = RouteNames(listeners: listeners)
    }

    mutating func add(_ route: RouteConfig, index: Int) {
        let match = route.match
        var methods = MethodSet()
        for name in match.methods {
            guard let set = self.names.methodSet(name) else {
                self.report(
                    route, index, "methods",
                    "more than \(MethodSet.extensionCountMax) extension methods in all routes")
                continue
            }
            methods.formUnion(set)
        }
        let listeners =
            route.listeners.isEmpty
            ? nil : Set(route.listeners.compactMap { self.names.listeners[$0] })
        let paths = self.paths(of: route, index: index)
        for host in Self.hosts(of: match) {
            for path in paths {
                var candidate = RouteCandidate(
                    route: index, pattern: path.pattern, priority: route.priority, host: host,
                    segments: path.segments, ending: path.ending, captureNames: path.captureNames,
                    methods: methods.isEmpty ? .all : methods,
                    methodRank: methods.isEmpty ? .none : .given, listeners: listeners,
                    match: match, source: path.source)
                self.append(candidate)
                // RFC 9110 §9.3.2: HEAD is GET without the body. A route that lists HEAD wins it.
                guard methods.contains(.get), !methods.contains(.head) else { continue }
                candidate.methods = MethodSet(.head)
                candidate.methodRank = .impliedHead
                self.append(candidate)
            }
        }
    }

    private mutating func append(_ candidate: RouteCandidate) {
        var candidate = candidate
        candidate.rankConditions()
        self.candidates.append(candidate)
    }

    private mutating func report(
        _ route: RouteConfig, _ index: Int, _ key: String, _ message: String,
        at source: SourceLocation? = nil, severity: Diagnostic.Severity = .error,
        hint: String? = nil
    ) {
        self.diagnostics.append(
            Diagnostic(
                severity, at: source ?? route.source, path: "routes[\(index)].match.\(key)",
                message,
                hint: hint))
    }

    // MARK: Hosts

    private static func hosts(of match: RouteMatchConfig) -> [RouteCandidate.Host] {
        guard !match.hosts.isEmpty else { return [.any] }
        var hosts: [RouteCandidate.Host] = []
        for text in match.hosts {
            let host = self.host(text.lowercased())
            if !hosts.contains(host) { hosts.append(host) }
        }
        return hosts
    }

    private static func host(_ text: String) -> RouteCandidate.Host {
        if text == "*" { return .any }
        if text.hasPrefix("*.") { return .wildcard(String(text.dropFirst(2))) }
        return .exact(text.hasSuffix(".") ? String(text.dropLast()) : text)
    }

    // MARK: Paths

    struct Path {
        var pattern = 0
        var segments: [RouteCandidate.Segment] = []
        var ending = RouteCandidate.Ending.unconditional
        var captureNames: [String] = []
        var source: SourceLocation
    }

    private mutating func paths(of route: RouteConfig, index: Int) -> [Path] {
        guard !route.match.paths.isEmpty else { return [Path(source: route.source)] }
        var paths: [Path] = []
        for (pattern, config) in route.match.paths.enumerated() {
            let source = config.source == .unknown ? route.source : config.source
            do {
                let parsed = try PathPattern.parse(config.text)
                var path = Path(parsed, kind: config.kind, source: source)
                path.pattern = pattern
                paths.append(path)
                guard path.segments.contains(where: Self.isNeverMatched) else { continue }
                self.report(
                    route, index, "paths[\(pattern)]",
                    "`\(config.text)` is never matched: path parameters are not compared",
                    at: source, severity: .warning, hint: "leave `;` and what follows it out")
            } catch {
                self.report(
                    route, index, "paths[\(pattern)]", error.message, at: source, hint: error.hint)
            }
        }
        return paths
    }

    private static func isNeverMatched(_ segment: RouteCandidate.Segment) -> Bool {
        guard case .literal(let text) = segment else { return false }
        return text.contains(";") || text.contains("%3B")
    }
}

extension RouteExpansion.Path {
    init(_ pattern: PathPattern, kind: PathPatternConfig.Kind, source: SourceLocation) {
        self.source = source
        self.captureNames = pattern.captureNames
        self.ending = kind == .prefix ? .prefix : .exact
        for segment in pattern.segments {
            switch segment {
            case .literal(let text): self.segments.append(.literal(text))
            case .capture(_, .any): self.segments.append(.any)
            case .capture(_, .integer): self.segments.append(.integer)
            case .capture(_, .uuid): self.segments.append(.uuid)
            case .rest: self.ending = .rest
            }
        }
        // `/v1/` is the same prefix as `/v1`, and `/` is the empty one.
        if kind == .prefix, self.segments.last == .literal("") { self.segments.removeLast() }
    }
}
