/// What a request brings along for the choice of its endpoint.
package struct PickRequest: Sendable, BitwiseCopyable, Equatable {
    /// For consistent hashing, and so that the same client stays in the same tier.
    ///
    /// `nil`: chosen by chance.
    package var hash: UInt64?
    /// The endpoint that a sticky session names.
    package var boundIdentifier: UInt64?
    package var tried = TriedEndpoints()

    package init(hash: UInt64? = nil, boundIdentifier: UInt64? = nil) {
        self.hash = hash
        self.boundIdentifier = boundIdentifier
    }
}

/// Which endpoint a request goes to.
package enum OnPick: Sendable, BitwiseCopyable, Equatable {
    case endpoint(Int)
    /// All that could be picked have been tried: start over with an empty set, or give up.
    case allTried
    /// There are available endpoints, but as much is in flight to each as it may have.
    case allFull
    case noneAvailable
}
