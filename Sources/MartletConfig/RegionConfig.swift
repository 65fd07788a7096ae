/// A named set of client addresses.
package struct RegionConfig: Sendable, Equatable {
    package var name = ""
    package var source = SourceLocation.unknown
    /// Such as `10.0.0.0/8`.
    package var blocks: [String] = []

    package init() {}
}

/// Conditions on a request beyond its route: all of them must hold, within a list one is enough.
package struct RequestConditionConfig: Sendable, Equatable {
    package var headers: [FieldMatchConfig] = []
    package var query: [FieldMatchConfig] = []
    package var cookies: [FieldMatchConfig] = []
    /// Names of regions, one of which the client's address is in.
    package var regions: [String] = []
    /// Names of consumers, one of whom calls.
    package var consumers: [String] = []

    package init() {}
}
