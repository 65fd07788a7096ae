package import Logging
package import MartletDataPlane
import MartletTelemetry

/// Tells the process log which clients have been kept out.
///
/// Bounded by what workers note: so many clients each second.
package actor AbuseWatch {
    private static let pollInterval = Duration.seconds(1)

    private let workers: WorkerGroup
    private let log: Logger
    private var isOn = false

    package init(workers: WorkerGroup, log: Logger) {
        self.workers = workers
        self.log = log
    }

    /// Workers have taken a plan over.
    package func planChanged(_ plan: Plan) {
        self.isOn = plan.abuseDetection != nil
    }

    /// Tells until the task is cancelled.
    package func run() async {
        while (try? await Task.sleep(for: Self.pollInterval)) != nil {
            if self.isOn { await self.tell() }
        }
    }

    private func tell() async {
        guard let reports = try? await self.workers.takeBlockedClients() else { return }
        for client in reports.flatMap(\.clients) { self.tell(client) }
        let leftOutCount = reports.reduce(0) { $0 + $1.leftOutCount }
        guard leftOutCount > 0 else { return }
        self.log.warning("clients_blocked", metadata: ["count": "\(leftOutCount)"])
    }

    private func tell(_ client: BlockedClient) {
        var metadata: Logger.Metadata = [
            "by": "\(client.key.label)", "client": "\(client.address)",
            "sign": "\(client.sign.label)", "action": "\(client.action.label)",
            "seconds": "\(client.seconds)",
        ]
        if !client.consumer.isEmpty { metadata["consumer"] = "\(client.consumer)" }
        if !client.subject.isEmpty { metadata["subject"] = "\(client.subject)" }
        self.log.warning("client_blocked", metadata: metadata)
    }
}
