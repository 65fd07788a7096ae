/// What makes a limit the limit that it is; if none of it changes, a reload keeps the counters.
package struct LimitSettings: Sendable, Equatable {
    /// Stable over reloads.
    package let name: String
    /// One to `SharedLimit.windowCountMax`.
    package let windows: [LimitWindow]
    /// How many keys are to be told apart, or `nil` if all requests share one bucket.
    package let keysMax: Int?
    package let store: LimitStore
    /// Where more keys than `keysMax` come, those that have spent the least are forgotten, and no
    /// new one takes over what they owe.
    package let forgetsEvicted: Bool

    package init(
        name: String, windows: [LimitWindow], keysMax: Int?, store: LimitStore = .local,
        forgetsEvicted: Bool = false
    ) {
        self.name = name
        self.windows = windows
        self.keysMax = keysMax
        self.store = store
        self.forgetsEvicted = forgetsEvicted
    }
}

/// Where a limit's counters are.
package enum LimitStore: Sendable, Equatable {
    /// In this process, in a `SharedLimit`.
    case local
    /// In a store that several nodes share; `fallback` says what happens while it is away.
    case shared(fallback: LimitFallback)
}

/// What happens to requests while a shared store cannot be asked.
package enum LimitFallback: UInt8, Sendable, BitwiseCopyable {
    /// All are let through.
    case open
    /// All are turned away.
    case closed
    /// This process counts by itself.
    case local
}
