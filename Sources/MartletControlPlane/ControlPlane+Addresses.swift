import Logging
import MartletConfig
import MartletDataPlane

/// Names of endpoints, looked up again when their answers have had their time.
extension ControlPlane {
    /// How long until names are to be looked up again; `nil` without any.
    package func untilNextLookUp() -> Duration? {
        self.names.nextDue.map { due in
            .nanoseconds(Int64(clamping: due) - Int64(clamping: LookedUpNames.now))
        }
    }

    /// Looks up again what is due; a changed answer becomes a new plan.
    package func refreshAddresses() async {
        guard !self.names.due(now: LookedUpNames.now).isEmpty else { return }
        await self.changes.enter()
        await self.refreshAddressesAlone()
        await self.changes.leave()
    }

    private func refreshAddressesAlone() async {
        guard self.phase == .ready else { return }
        let document = self.plan.document
        // Nobody else changes them meanwhile: this is the change that is let through.
        var names = self.names
        await names.refresh(document, by: self.resolver, self.log)
        let isChanged = names.resolved != self.names.resolved
        self.names = names
        guard isChanged else { return }
        var diagnostics: [Diagnostic] = []
        do {
            let plan = try PlanCompiler.compile(
                document, version: self.plan.version + 1, addresses: self.names.resolved,
                previous: self.plan, diagnostics: &diagnostics)
            try await self.replace(with: plan)
        } catch {
            // The same document was compiled before, so that this is no mistake in it.
            self.log.error("addresses_not_taken", metadata: ["reason": "\(error)"])
            return
        }
        self.log.tellProhibited(self.plan)
        self.log.info(
            "addresses_changed", metadata: ["generation": .stringConvertible(self.plan.version)])
    }
}
