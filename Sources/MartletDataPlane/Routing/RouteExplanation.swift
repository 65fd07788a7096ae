import MartletConfig
package import MartletHTTP

/// Why a request head takes the route that it takes: for people, so it allocates freely.
package struct RouteExplanation: Sendable {
    /// One way to reach a route, and how it fared.
    package struct Candidate: Sendable, Equatable {
        /// Index into the compiled routes.
        package var route: Int
        package var name: String
        package var pattern: Int
        package var host: String
        package var path: String
        /// The first condition that does not hold; `nil` if all do.
        package var failure: String?
    }

    /// All candidates whose host or path fits, in the order in which they are tried.
    package var candidates: [Candidate] = []
    package var match: RouteMatch
    /// Index into `candidates` of the one that was taken.
    package var winner: Int?
    /// Why the winner comes before the next candidate that fits too, if there is one.
    package var reason: String?
    /// What the winner's pattern captured, in its order.
    package var captures: [Capture] = []

    package struct Capture: Sendable, Equatable {
        package var name: String
        package var value: String
    }
}

extension RoutingTable {
    /// Tells how the routes compare for a head whose target has been resolved.
    ///
    /// Host and path are compared anew from the patterns as they were written, not through the
    /// tree, so that tests can hold one against the other.
    package func explain(
        _ head: RequestHead, listener: UInt16, client: ClientAddress = .unspecified
    ) -> RouteExplanation {
        var captures = PathCaptures()
        var explanation = RouteExplanation(
            match: self.match(head, listener: listener, client: client, captures: &captures))
        let path = head.headers.text(head.path)
        let host = head.headers.text(head.host)
        var winner: RouteCandidate?
        for candidate in self.sortedCandidates {
            let isHost = candidate.host.accepts(host)
            let isPath = candidate.acceptsPath(path)
            guard isHost || isPath else { continue }
            let failure =
                isHost && isPath
                ? self.failure(of: candidate, head, listener, client)
                : isHost
                    ? "the path is not \(candidate.pathText)"
                    : "the host is not \(candidate.hostText)"
            // An implied HEAD is the same route again, worth a line only where it matters.
            if candidate.methodRank == .impliedHead, head.method != .head { continue }
            if failure == nil {
                if let winner {
                    explanation.reason = explanation.reason ?? winner.reason(over: candidate)
                } else {
                    winner = candidate
                    explanation.winner = explanation.candidates.count
                }
            }
            explanation.candidates.append(
                .init(
                    route: candidate.route, name: self.routes[candidate.route].name,
                    pattern: candidate.pattern, host: candidate.hostText,
                    path: candidate.pathText, failure: failure))
        }
        for (index, name) in (winner?.captureNames ?? []).enumerated() where index < captures.count
        {
            let value = head.headers.text(captures[index])
            explanation.captures.append(.init(name: name, value: value))
        }
        return explanation
    }

    /// The first condition beyond host and path that does not hold.
    private func failure(
        of candidate: RouteCandidate, _ head: RequestHead, _ listener: UInt16,
        _ client: ClientAddress
    ) -> String? {
        if let listeners = candidate.listeners, !listeners.contains(Int(listener)) {
            return "the route is not for this listener"
        }
        let flat = self.candidates.first { $0.route == candidate.route }
        let start = Int(flat?.predicatesStart ?? 0)
        for (index, text) in candidate.match.conditionTexts.enumerated() {
            let predicate = self.predicates[start + index]
            let holds = predicate.holds(
                head.headers, query: head.query, client: client, self.predicateTexts)
            if !holds { return text }
        }
        let name = head.headers.text(head.methodBytes)
        let extensionIndex = self.extensionMethods.firstIndex(of: name)
        let accepts =
            head.method == .other
            ? extensionIndex.map { candidate.methods.contains(extensionIndex: $0) }
                ?? (candidate.methods == .all)
            : candidate.methods.contains(head.method)
        guard !accepts else { return nil }
        return "the method is not \(candidate.match.methods.joined(separator: ", "))"
    }
}

extension RouteCandidate.Host {
    func accepts(_ host: String) -> Bool {
        switch self {
        case .any: true
        case .exact(let name): host == name
        case .wildcard(let suffix):
            host.hasSuffix("." + suffix) && host.utf8.count > suffix.utf8.count + 1
        }
    }
}

extension RouteCandidate {
    /// Compares a normalised path with the pattern, segment by segment.
    func acceptsPath(_ path: String) -> Bool {
        if self.ending == .unconditional { return true }
        guard path.hasPrefix("/") else { return false }
        let texts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard texts.count >= self.segments.count else { return false }
        for (segment, text) in zip(self.segments, texts) where !segment.accepts(text) {
            return false
        }
        switch self.ending {
        case .exact: return texts.count == self.segments.count
        case .rest: return texts.count > self.segments.count
        case .prefix, .unconditional: return true
        }
    }
}

extension RouteCandidate.Segment {
    fileprivate func accepts(_ text: Substring) -> Bool {
        let end = text.range(of: ";")?.lowerBound ?? text.endIndex
        let encodedEnd = text.range(of: "%3B")?.lowerBound ?? text.endIndex
        let name = Array(text[..<min(end, encodedEnd)].utf8)
        return switch self {
        case .literal(let literal): name == Array(literal.utf8)
        case .integer: SegmentType.isInteger(name.span)
        case .uuid: SegmentType.isUUID(name.span)
        case .any: !name.isEmpty
        }
    }
}

extension Substring {
    /// The first place of an ASCII text.
    fileprivate func range(of text: String) -> Range<Index>? {
        var index = self.startIndex
        while index < self.endIndex {
            if self[index...].hasPrefix(text) {
                return index..<self.index(index, offsetBy: text.count)
            }
            index = self.index(after: index)
        }
        return nil
    }
}

extension RouteMatchConfig {
    /// What to say when a condition fails, in the order of the compiled predicates.
    fileprivate var conditionTexts: [String] {
        self.headers.map { "header `\($0.name)` \($0.test.failureText)" }
            + self.cookies.map { "cookie `\($0.name)` \($0.test.failureText)" }
            + self.query.map { "query parameter `\($0.name)` \($0.test.failureText)" }
            + (self.contentTypes.isEmpty
                ? [] : ["the content type is not \(self.contentTypes.joined(separator: ", "))"])
            + (self.regions.isEmpty
                ? [] : ["the client is not in \(self.regions.joined(separator: ", "))"])
    }
}

extension FieldMatchConfig.Test {
    fileprivate var failureText: String {
        switch self {
        case .equals(let value): "is not `\(value)`"
        case .oneOf(let values): "is none of \(values.map { "`\($0)`" }.joined(separator: ", "))"
        case .hasPrefix(let value): "does not begin with `\(value)`"
        case .hasSuffix(let value): "does not end with `\(value)`"
        case .contains(let value): "does not contain `\(value)`"
        case .isPresent: "is missing"
        case .isAbsent: "is present"
        }
    }
}
