package import MartletConfig
package import MartletHTTP

/// Answers for a route that is out of service, except for some addresses (row L4).
///
/// Immutable; a row of the plan.
package struct MaintenancePolicy: Sendable, Equatable {
    /// `Retry-After`, rendered at load.
    let retryAfter: [UInt8]
    /// Who is served all the same.
    private let testers: IPFilterPolicy?
    /// A row of `Plan.staticReplies`, in place of the problem document.
    private let reply: UInt32?

    package init(_ config: MaintenanceConfig, reply: UInt32?) throws(InvalidPolicy) {
        let seconds = max(1, config.retryAfter.components.seconds)
        self.retryAfter = Array(String(seconds).utf8)
        self.reply = reply
        guard !config.allow.isEmpty else {
            self.testers = nil
            return
        }
        var filter = IPFilterConfig()
        filter.allow = config.allow
        self.testers = try IPFilterPolicy(filter)
    }

    func apply(to exchange: Exchange, row: UInt32) -> Verdict {
        self.reply(to: exchange.origin.address, row: row).map { .reply($0) } ?? .next
    }

    /// - `row`: the policy's own.
    /// - Returns: `nil` for a client that is served.
    package func reply(to address: ClientAddress, row: UInt32) -> LocalReply? {
        if let testers = self.testers, testers.reply(to: address) == nil { return nil }
        return self.reply.map { .fixed($0) } ?? .maintenance(row)
    }
}
