import MartletConfig
import MartletHTTP

/// One way in which a route can be reached: one of its hosts with one of its path patterns.
///
/// Load-time form, kept for `explain` and diagnostics. Candidates are sorted once by `precedes`;
/// the tree that requests are matched with is made from that order.
struct RouteCandidate: Sendable {
    enum Host: Sendable, Hashable {
        case any
        case exact(String)
        /// `*.example.com`, kept as `example.com`.
        case wildcard(String)
    }

    enum Segment: Sendable, Hashable {
        case literal(String)
        case integer, uuid, any
    }

    enum Ending: UInt8, Sendable, Hashable {
        /// No path condition at all: `*` too.
        case unconditional = 1
        case prefix = 2
        case rest = 3
        case exact = 4
    }

    /// How much a list of methods says about the request's.
    enum MethodRank: UInt8, Sendable {
        case none
        /// HEAD, for a route that lists GET only.
        case impliedHead
        case given
    }

    var route: Int
    var pattern: Int
    var priority: Int
    var host: Host
    var segments: [Segment]
    var ending: Ending
    var captureNames: [String]
    var methods: MethodSet
    var methodRank: MethodRank
    var listeners: Set<Int>?
    var match: RouteMatchConfig
    var source: SourceLocation
    /// Compared element by element: what makes a candidate more specific stands first.
    private(set) var precedence: [Int] = []

    // MARK: Precedence

    /// Fills `precedence`: host, path segment by segment, method, numbers of other conditions.
    mutating func rankConditions() {
        var key: [Int] =
            switch self.host {
            case .any: [0, 0]
            case .wildcard(let suffix): [1, suffix.utf8.count]
            case .exact: [2, 0]
            }
        for segment in self.segments {
            let rank =
                switch segment {
                case .literal: 7
                case .integer, .uuid: 6
                case .any: 5
                }
            key.append(rank)
        }
        key += [
            Int(self.ending.rawValue), Int(self.methodRank.rawValue), self.match.headers.count,
            self.match.cookies.count, self.match.query.count,
            self.match.contentTypes.isEmpty ? 0 : 1, self.match.regions.isEmpty ? 0 : 1,
        ]
        self.precedence = key
    }

    /// Whether this one is tried before the other when both could fit.
    func precedes(_ other: RouteCandidate) -> Bool {
        if self.priority != other.priority { return self.priority > other.priority }
        for (mine, theirs) in zip(self.precedence, other.precedence) where mine != theirs {
            return mine > theirs
        }
        return (self.route, self.pattern) < (other.route, other.pattern)
    }

    /// Whether only the order in the file says which of the two is tried first.
    func isTied(with other: RouteCandidate) -> Bool {
        self.priority == other.priority && self.precedence == other.precedence
    }

    /// Why this one is tried before `other`, for people.
    func reason(over other: RouteCandidate) -> String {
        if self.priority != other.priority {
            return "priority \(self.priority) is higher than \(other.priority)"
        }
        let index = zip(self.precedence, other.precedence).enumerated()
            .first { $0.element.0 != $0.element.1 }?.offset
        guard let index else { return "it stands first in the file" }
        if index < 2 { return "its host \(self.hostText) is more specific than \(other.hostText)" }
        let conditions = index - 2 - self.segments.count
        if conditions <= 0 {
            return "its path \(self.pathText) is more specific than \(other.pathText)"
        }
        let names = [
            "its method is given", "it has more header conditions",
            "it has more cookie conditions", "it has more query conditions",
            "its content type is given", "its region is given",
        ]
        return conditions <= names.count ? names[conditions - 1] : "it is more specific"
    }

    // MARK: Texts

    var hostText: String {
        switch self.host {
        case .any: "*"
        case .exact(let host): host
        case .wildcard(let suffix): "*." + suffix
        }
    }

    var pathText: String {
        guard self.ending != .unconditional else { return "*" }
        guard !self.match.paths.isEmpty, self.match.paths.indices.contains(self.pattern)
        else { return "*" }
        let pattern = self.match.paths[self.pattern]
        return pattern.kind == .prefix ? "\(pattern.text) (prefix)" : pattern.text
    }
}
