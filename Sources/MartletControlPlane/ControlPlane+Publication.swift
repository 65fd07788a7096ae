import Logging
import MartletConfig
import MartletDataPlane
import MartletHTTP

/// A new plan in the place of the one that runs.
extension ControlPlane {
    /// New listeners are opened before the plan changes and old ones closed after it, so that no
    /// moment is without.
    func replace(with plan: Plan) async throws {
        var opened: [Listener] = []
        do {
            for (index, listener) in plan.listeners.enumerated()
            where !self.listeners.contains(where: { $0.isSame(as: listener) }) {
                opened.append(try await self.listen(on: listener, index: index))
            }
        } catch {
            for listener in opened { await listener.close() }
            throw error
        }
        let kept = self.listeners.filter { old in plan.listeners.contains { old.isSame(as: $0) } }
        let closed = self.listeners.filter { old in
            !plan.listeners.contains { old.isSame(as: $0) }
        }
        try await self.workers.publish(plan, listeners: kept + opened + closed)
        await self.client.update(rule: EgressRule(plan.document.egress))
        if plan.authentication !== self.plan.authentication {
            await self.keySets.update(plan.authentication, workers: self.workers)
        }
        self.listeners = kept + opened
        self.plan = plan
        await self.endpointWatch.planChanged(plan)
        await self.releaseWatch.planChanged(plan)
        await self.mirrorWatch.planChanged(plan)
        await self.abuseWatch.planChanged(plan)
        for listener in closed {
            await listener.close()
            self.log.info("listener_closed", metadata: ["listener": "\(listener.name)"])
        }
        for listener in opened {
            self.log.info(
                "listening",
                metadata: [
                    "listener": "\(listener.name)", "address": "\(Self.text(listener.address))",
                ])
        }
    }
}
