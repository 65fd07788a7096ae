/// One way to reach a route, in the order in which they are tried: a row of `martlet routes`.
package struct RouteListing: Sendable, Equatable {
    /// Index into the compiled routes.
    package var route: Int
    package var pattern: Int
    package var host: String
    package var path: String
}

extension RoutingTable {
    /// Every host and path of every route, the first tried first.
    package var listing: [RouteListing] {
        // An implied HEAD is the same row again.
        self.sortedCandidates.filter { $0.methodRank != .impliedHead }.map { candidate in
            RouteListing(
                route: candidate.route, pattern: candidate.pattern, host: candidate.hostText,
                path: candidate.pathText)
        }
    }
}
