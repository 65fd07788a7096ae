/// What the router found for a request head.
package struct RouteMatch: Sendable, BitwiseCopyable {
    package enum Outcome: Sendable, BitwiseCopyable {
        case route
        /// Some route fits but for the method; `allowed` says which would do.
        case methodNotAllowed
        case notFound
    }

    package var outcome: Outcome
    /// Index into the compiled routes.
    package var route: UInt32 = 0
    /// Which of the route's paths matched, as they were written; 0 for a route without paths.
    package var pattern: UInt32 = 0
    /// Bytes of the head's path that a prefix took; 0 for other patterns and for the prefix `/`.
    package var prefixEnd: UInt32 = 0
    /// Only for `methodNotAllowed`.
    ///
    /// Rendered by `RoutingTable.appendAllow`.
    package var allowed = MethodSet()

    package init(_ outcome: Outcome) { self.outcome = outcome }
}
