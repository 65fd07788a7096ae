/// Which requests are refused when the process itself is overloaded.
package struct LoadSheddingConfig: Sendable, Equatable {
    /// How late an event loop may be before those of low importance are refused; three times that
    /// for normal ones, ten times for high ones.
    package var loopDelay: Duration = .milliseconds(50)
    /// What the process may have; `nil`: memory does not matter.
    package var memoryBytesMax: Int?

    package init() {}
}

/// How important a route's requests are.
package enum ImportanceConfig: String, Sendable, Equatable, CaseIterable {
    case critical, high, normal, low
}
