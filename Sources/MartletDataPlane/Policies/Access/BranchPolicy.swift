/// Another upstream for some of those that are known: the second stage of routing, after it is
/// known who calls.
///
/// Immutable; a row of the plan. The first branch that fits is taken, in the order of the file.
struct BranchPolicy: Sendable {
    struct Branch: Sendable {
        let consumers: [Int32]
        let groups: NameSet
        let claims: UInt64
        let upstream: UInt32

        func fits(_ identity: Identity) -> Bool {
            if !self.consumers.isEmpty || !self.groups.isEmpty {
                let isNamed =
                    identity.consumer >= 0 && self.consumers.contains(identity.consumer)
                guard isNamed || self.groups.intersects(identity.groups) else { return false }
            }
            return identity.claims & self.claims == self.claims
        }
    }

    let branches: [Branch]

    func apply(to exchange: Exchange) {
        for index in self.branches.indices where self.branches[index].fits(exchange.identity) {
            exchange.branchUpstream = Int32(clamping: self.branches[index].upstream)
            return
        }
    }
}
