import MartletConfig

/// Finds routes that repeat, overlap or hide each other.
///
/// Load time only.
///
/// Routes that compete for the same host and path are compared pair by pair, up to
/// `comparisonCountMax` pairs in all, so that a large generated configuration still loads at once.
struct RouteOverlaps {
    static let comparisonCountMax = 500_000

    let routes: [RouteConfig]
    let candidates: [RouteCandidate]
    private(set) var diagnostics: [Diagnostic] = []
    private var comparisonsLeft = Self.comparisonCountMax
    private var reported: Set<Pair> = []

    private struct Pair: Hashable {
        let first: Int
        let second: Int
    }

    init(routes: [RouteConfig], candidates: [RouteCandidate]) {
        self.routes = routes
        self.candidates = candidates
    }

    mutating func find(in builder: RoutingTableBuilder) {
        for rivals in builder.rivals { self.compare(rivals) }
        self.findHidden(in: builder.trees)
        self.diagnostics.sort { one, other in
            (one.location.file, one.location.line, one.location.column)
                < (other.location.file, other.location.line, other.location.column)
        }
    }

    // MARK: Same host and path

    private mutating func compare(_ rivals: [Int]) {
        self.findIdentical(rivals)
        for (place, later) in rivals.enumerated() {
            for earlier in rivals[..<place] {
                guard self.comparisonsLeft > 0 else { return }
                self.comparisonsLeft -= 1
                self.compare(self.candidates[earlier], self.candidates[later])
            }
        }
    }

    /// Through a dictionary, so that it is complete whatever the number of rivals.
    private mutating func findIdentical(_ rivals: [Int]) {
        var seen: [RouteConditions: Int] = [:]
        for index in rivals {
            let candidate = self.candidates[index]
            guard candidate.methodRank != .impliedHead else { continue }
            let conditions = RouteConditions(candidate)
            guard let first = seen[conditions] else {
                seen[conditions] = index
                continue
            }
            self.reportIdentical(self.candidates[first], candidate)
        }
    }

    private mutating func compare(_ earlier: RouteCandidate, _ later: RouteCandidate) {
        // What is implied for HEAD follows from what is given for GET.
        guard earlier.methodRank != .impliedHead, later.methodRank != .impliedHead,
            earlier.route != later.route, !RouteConditions.areDisjoint(earlier, later)
        else { return }
        if RouteConditions.covers(earlier, later) {
            self.reportHidden(later, by: earlier)
        } else if earlier.isTied(with: later) {
            self.reportOverlap(earlier, later)
        }
    }

    // MARK: Other priorities

    /// A route is hidden where one of a higher priority takes all that it takes.
    private mutating func findHidden(in trees: [RouteTree]) {
        guard trees.count > 1 else { return }
        for candidate in self.candidates where candidate.methodRank != .impliedHead {
            for tree in trees where tree.priority > candidate.priority {
                for index in tree.covering(candidate) {
                    guard self.comparisonsLeft > 0 else { return }
                    self.comparisonsLeft -= 1
                    let other = self.candidates[index]
                    if other.route != candidate.route, RouteConditions.covers(other, candidate) {
                        self.reportHidden(candidate, by: other)
                    }
                }
            }
        }
    }

    // MARK: Reports

    private func name(_ candidate: RouteCandidate) -> String {
        let name = self.routes[candidate.route].name
        return name.isEmpty ? "routes[\(candidate.route)]" : "`\(name)`"
    }

    private func key(_ candidate: RouteCandidate) -> String {
        "routes[\(candidate.route)].match"
    }

    private mutating func isNew(_ one: RouteCandidate, _ other: RouteCandidate) -> Bool {
        self.reported.insert(Pair(first: one.route, second: other.route)).inserted
    }

    private mutating func reportIdentical(_ first: RouteCandidate, _ second: RouteCandidate) {
        guard self.isNew(first, second) else { return }
        guard first.route != second.route else {
            self.diagnostics.append(
                Diagnostic(
                    .warning, at: second.source, path: self.key(second),
                    "\(second.hostText) \(second.pathText) is listed twice in \(self.name(second))",
                    hint: "leave one out", related: first.source))
            return
        }
        self.diagnostics.append(
            Diagnostic(
                .error, at: second.source, path: self.key(second),
                "\(self.name(second)) has the same conditions as \(self.name(first)) for "
                    + "\(second.hostText) \(second.pathText)",
                hint: "leave one out, or give them different conditions or priorities",
                related: first.source))
    }

    private mutating func reportHidden(_ later: RouteCandidate, by earlier: RouteCandidate) {
        guard self.isNew(earlier, later) else { return }
        self.diagnostics.append(
            Diagnostic(
                .warning, at: later.source, path: self.key(later),
                "\(self.name(later)) is never reached for \(later.hostText) \(later.pathText): "
                    + "\(self.name(earlier)) takes it, as \(earlier.reason(over: later))",
                hint: "narrow the conditions of \(self.name(earlier)), or set `priority`",
                related: earlier.source))
    }

    private mutating func reportOverlap(_ earlier: RouteCandidate, _ later: RouteCandidate) {
        guard self.isNew(earlier, later) else { return }
        self.diagnostics.append(
            Diagnostic(
                .warning, at: later.source, path: self.key(later),
                "\(self.name(later)) overlaps \(self.name(earlier)) for "
                    + "\(later.hostText) \(later.pathText): only the order in the file decides",
                hint: "set `priority` on one of them", related: earlier.source))
    }
}

/// A candidate's conditions beyond host and path, in a form that can be compared.
struct RouteConditions: Hashable {
    private struct Field: Hashable {
        let subject: RoutePredicate.Subject
        let name: String
        let test: String
    }

    private let methods: MethodSet
    private let listeners: Set<Int>?
    private let fields: Set<Field>
    private let contentTypes: Set<String>
    private let regions: Set<String>

    init(_ candidate: RouteCandidate) {
        self.methods = candidate.methods
        self.listeners = candidate.listeners
        self.fields = Self.fields(candidate.match)
        self.contentTypes = Set(candidate.match.contentTypes)
        self.regions = Set(candidate.match.regions)
    }

    private static func fields(_ match: RouteMatchConfig) -> Set<Field> {
        var fields: Set<Field> = []
        for header in match.headers {
            fields.insert(self.field(.header, header.name.lowercased(), header.test))
        }
        for cookie in match.cookies {
            fields.insert(self.field(.cookie, cookie.name, cookie.test))
        }
        for parameter in match.query {
            fields.insert(self.field(.query, parameter.name, parameter.test))
        }
        return fields
    }

    private static func field(
        _ subject: RoutePredicate.Subject, _ name: String, _ test: FieldMatchConfig.Test
    ) -> Field {
        let text =
            switch test {
            case .equals(let value): "\(FieldMatchConfig.Test.oneOf([value]))"
            case .oneOf(let values): "\(FieldMatchConfig.Test.oneOf(values.sorted()))"
            default: "\(test)"
            }
        return Field(subject: subject, name: name, test: text)
    }

    /// Whether `one` takes every request of this host and path that `other` takes.
    static func covers(_ one: RouteCandidate, _ other: RouteCandidate) -> Bool {
        guard one.methods.isSuperset(of: other.methods),
            self.covers(one.listeners, other.listeners),
            one.match.contentTypes.isEmpty
                || (!other.match.contentTypes.isEmpty
                    && Set(one.match.contentTypes).isSuperset(of: other.match.contentTypes)),
            one.match.regions.isEmpty
                || (!other.match.regions.isEmpty
                    && Set(one.match.regions).isSuperset(of: other.match.regions))
        else { return false }
        return self.fields(one.match).isSubset(of: self.fields(other.match))
    }

    private static func covers(_ one: Set<Int>?, _ other: Set<Int>?) -> Bool {
        guard let one else { return true }
        guard let other else { return false }
        return one.isSuperset(of: other)
    }

    /// Whether no request can fit both, as far as that is plain: methods, listeners, or a header,
    /// cookie or parameter that would have to be absent for one and present for the other.
    ///
    /// Fields may repeat, but nobody writes two values on purpose, so different values count as
    /// apart.
    static func areDisjoint(_ one: RouteCandidate, _ other: RouteCandidate) -> Bool {
        if one.methods.isDisjoint(with: other.methods) { return true }
        if let mine = one.listeners, let theirs = other.listeners, mine.isDisjoint(with: theirs) {
            return true
        }
        let types = (Set(one.match.contentTypes), Set(other.match.contentTypes))
        let areExact = types.0.union(types.1).allSatisfy { !$0.hasSuffix("/*") }
        if !types.0.isEmpty, !types.1.isEmpty, areExact, types.0.isDisjoint(with: types.1) {
            return true
        }
        let regions = (Set(one.match.regions), Set(other.match.regions))
        if !regions.0.isEmpty, !regions.1.isEmpty, regions.0.isDisjoint(with: regions.1) {
            return true
        }
        return self.areDisjoint(one.match.headers, other.match.headers, ignoringCase: true)
            || self.areDisjoint(one.match.cookies, other.match.cookies, ignoringCase: false)
            || self.areDisjoint(one.match.query, other.match.query, ignoringCase: false)
    }

    private static func areDisjoint(
        _ one: [FieldMatchConfig], _ other: [FieldMatchConfig], ignoringCase: Bool
    ) -> Bool {
        for mine in one {
            for theirs in other {
                let isSame =
                    ignoringCase
                    ? mine.name.lowercased() == theirs.name.lowercased() : mine.name == theirs.name
                if isSame, self.areDisjoint(mine.test, theirs.test) { return true }
            }
        }
        return false
    }

    private static func areDisjoint(
        _ one: FieldMatchConfig.Test, _ other: FieldMatchConfig.Test
    ) -> Bool {
        switch (one, other) {
        case (.isAbsent, .isAbsent): return false
        case (.isAbsent, _), (_, .isAbsent): return true
        default: break
        }
        guard let mine = one.values, let theirs = other.values else { return false }
        return Set(mine).isDisjoint(with: theirs)
    }
}

extension FieldMatchConfig.Test {
    /// The only values that pass, where they can be listed.
    fileprivate var values: [String]? {
        switch self {
        case .equals(let value): [value]
        case .oneOf(let values): values
        default: nil
        }
    }
}
