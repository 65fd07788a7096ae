/// Which client addresses a route serves (row C6).
package struct IPFilterConfig: Sendable, Equatable {
    /// Blocks such as `10.0.0.0/8`: all others are denied; `nil` if it is not written.
    package var allow: [String]?
    package var deny: [String] = []

    package init() {}
}
